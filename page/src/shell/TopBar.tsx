import { useEffect, useState } from "react";
import { useNow } from "../names";
import { onClock } from "../when";
import { ClockIcon } from "./icons";

const PATIENCE = 1_500; // ms of silence before the reader is told

/** Whether the line has been down long enough to mention it. */
function useLongDown(connected: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (connected) return setLong(false);
    const timer = window.setTimeout(() => setLong(true), PATIENCE);
    return () => window.clearTimeout(timer);
  }, [connected]);
  return isLong;
}

export function TopBar({ connected }: { connected: boolean }) {
  const now = useNow();
  const isDown = useLongDown(connected);
  const text = Number.isNaN(now.getTime()) ? "" : onClock(now.toISOString());
  return (
    <div className="topbar">
      <span className="topbar-status" role="status">
        {isDown && "Reconnecting…"}
      </span>
      <span className="clock" data-testid="clock" title="The workspace's clock">
        <ClockIcon />
        <time>{text}</time>
      </span>
    </div>
  );
}
