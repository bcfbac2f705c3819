import { type Dispatch, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { fetchHome, fetchMessages, fetchThread, fetchWorkspace, Refused } from "./api";
import { listen } from "./events";
import { isVisible } from "./names";
import type { Place } from "./place";
import { loadMarks, saveMarks } from "./reading";
import { Replay } from "./replay";
import { type Change, EMPTY, reduce, type State } from "./store";
import type { WorkspaceEvent } from "./types";

const RETRY = 1_500; // ms

/** Runs what loads something until it succeeds, is refused, or is called off. */
function untilLoaded(load: () => Promise<void>, refused?: () => void): () => void {
  let stopped = false;
  let timer: number | undefined;
  const attempt = () => {
    load().catch((error: unknown) => {
      if (error instanceof Refused) refused?.();
      else if (!stopped) timer = window.setTimeout(attempt, RETRY);
    });
  };
  attempt();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
  };
}

const REPLAYED = new Set<WorkspaceEvent["type"]>([
  "message",
  "message_changed",
  "message_deleted",
  "home",
  "channel",
]);

/** Everything that `me` may see of the workspace, kept up to date. */
export function useWorkspaceState(me: string, place: Place): [State, Dispatch<Change>] {
  const [state, dispatch] = useReducer(reduce, EMPTY);
  // Counts the times that the line came up: only then is an answer sure to miss nothing.
  const [dials, setDials] = useState(0);
  const [replay] = useState(() => new Replay());
  const { channel, thread, tab } = place;
  const team = state.workspace?.team.id;

  const load = useCallback(
    async <T>(fetch: () => Promise<T>, change: (answer: T) => Change) => {
      const [answer, since] = await replay.during(fetch);
      dispatch(change(answer));
      for (const event of since) if (REPLAYED.has(event.type)) dispatch({ type: "event", event });
    },
    [replay],
  );

  useEffect(
    () =>
      listen(me, {
        onEvent: (event) => {
          replay.record(event);
          dispatch({ type: "event", event });
        },
        onUp: () => {
          dispatch({ type: "connected", connected: true });
          setDials((count) => count + 1);
        },
        onDown: () => dispatch({ type: "connected", connected: false }),
      }),
    [me, replay],
  );

  useEffect(() => {
    if (!dials) return;
    return untilLoaded(() =>
      load(
        () => fetchWorkspace(me),
        ({ now, ...workspace }) => {
          const read = loadMarks(workspace.team.id, me);
          for (const { id, last_ts } of workspace.channels) {
            // a history that began anew under the same name is unread again
            if ((read[id] ?? "") > (last_ts ?? "")) delete read[id];
          }
          return { type: "workspace", workspace, now, read };
        },
      ),
    );
  }, [me, dials, load]);

  const loadChannel = useCallback(
    (id: string) =>
      untilLoaded(
        () => load(() => fetchMessages(id, me), (messages) => ({ type: "messages", channel: id, messages })),
        () => dispatch({ type: "messages", channel: id, messages: [] }),
      ),
    [me, load],
  );

  const isKnown = state.workspace?.channels.some(({ id }) => id === channel) ?? false;
  useEffect(() => {
    if (channel && isKnown && dials) return loadChannel(channel);
    return undefined;
  }, [channel, isKnown, dials, loadChannel]);

  useEffect(() => {
    if (!channel || !thread || !isKnown || !dials) return;
    return untilLoaded(
      () =>
        load(
          () => fetchThread(channel, thread, me),
          (messages) => ({ type: "thread", channel, ts: thread, messages }),
        ),
      () => dispatch({ type: "thread", channel, ts: thread, messages: [] }),
    );
  }, [me, channel, thread, isKnown, dials, load]);

  useEffect(() => {
    if (tab !== "home" || !dials) return;
    return untilLoaded(
      () => load(() => fetchHome(me), (view) => ({ type: "home", view })),
      () => dispatch({ type: "home", view: null }),
    );
  }, [me, tab, dials, load]);

  // channels that aren't open are loaded too, once, so that their unread can be counted
  const uncounted = state.workspace?.channels.find(
    (one) =>
      isVisible(one) && !state.messages[one.id] && (state.read[one.id] ?? "") < (state.last[one.id] ?? ""),
  )?.id;
  useEffect(() => {
    if (uncounted && uncounted !== channel) return loadChannel(uncounted);
    return undefined;
  }, [uncounted, channel, loadChannel]);

  // after an interruption the lists of closed channels may have holes: they are loaded anew when opened
  const reloaded = useRef(dials);
  useEffect(() => {
    if (dials > 1 && reloaded.current !== dials) dispatch({ type: "stale", except: channel });
    reloaded.current = dials;
  }, [dials, channel]);

  const last = state.last[channel];
  const isOpen = tab === "" && state.messages[channel] !== undefined;
  useEffect(() => {
    if (!isOpen || !last) return;
    const read = () => {
      if (document.visibilityState === "visible") dispatch({ type: "read", channel, ts: last });
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [channel, isOpen, last]);

  useEffect(() => {
    if (team) saveMarks(team, me, state.read);
  }, [team, me, state.read]);

  return [state, dispatch];
}
