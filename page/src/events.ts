import type { WorkspaceEvent } from "./types";

const FIRST_RETRY = 400; // ms
const LAST_RETRY = 5_000; // ms

export interface Listener {
  onEvent(event: WorkspaceEvent): void;
  /** The line is up, for the first time or again: events before this may have been missed. */
  onUp(): void;
  onDown(): void;
}

/** Listens to the workspace's events until the returned function is called; redials by itself. */
export function listen(as: string, listener: Listener): () => void {
  let socket: WebSocket;
  let retry = FIRST_RETRY;
  let timer: number | undefined;
  let stopped = false;

  const dial = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/page/events?as=${encodeURIComponent(as)}`);
    socket.onopen = () => {
      retry = FIRST_RETRY;
      listener.onUp();
    };
    socket.onmessage = ({ data }) => listener.onEvent(JSON.parse(String(data)) as WorkspaceEvent);
    socket.onclose = () => {
      if (stopped) return;
      listener.onDown();
      timer = window.setTimeout(dial, retry);
      retry = Math.min(retry * 2, LAST_RETRY);
    };
  };

  dial();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
    socket.close();
  };
}
