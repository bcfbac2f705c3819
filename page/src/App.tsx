import { useCallback, useEffect, useMemo, useState } from "react";
import { fetchWorkspace } from "./api";
import { channelTitle, isVisible, NowContext, WorkspaceContext } from "./names";
import { go, type Place, settle, usePlace } from "./place";
import { ChannelPane } from "./shell/ChannelPane";
import { Modal } from "./shell/Modal";
import { Sidebar } from "./shell/Sidebar";
import { Thread } from "./shell/Thread";
import { TopBar } from "./shell/TopBar";
import { byTime, type State, threadKey } from "./store";
import type { Message, Workspace } from "./types";
import { useWorkspaceState } from "./useWorkspaceState";

const NONE: Message[] = [];

function countUnread(state: State, open: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [channel, messages] of Object.entries(state.messages)) {
    if (channel === open) continue;
    const mark = state.read[channel] ?? "";
    counts[channel] = messages.filter(({ ts, user }) => ts > mark && user !== state.workspace?.me).length;
  }
  return counts;
}

/** The channel to open when the address names none, or one that isn't there for this person. */
function firstChannel(workspace: Workspace): string {
  const mine = workspace.channels.filter((one) => isVisible(one) && !one.is_im);
  const byName = mine.toSorted((one, other) => one.name.localeCompare(other.name));
  return (byName.find(({ last_ts }) => last_ts) ?? byName[0])?.id ?? "";
}

function Desk({ me, place }: { me: string; place: Place }) {
  const [state, dispatch] = useWorkspaceState(me, place);
  const { workspace } = state;
  const { channel, thread } = place;
  const here = workspace?.channels.find((one) => one.id === channel && isVisible(one));
  const unread = useMemo(() => countUnread(state, place.tab ? "" : channel), [state, place.tab, channel]);
  const total = Object.values(unread).reduce((sum, count) => sum + count, 0);

  useEffect(() => {
    if (!workspace || here || place.tab) return;
    const first = firstChannel(workspace);
    if (first) settle({ as: place.as, channel: first });
  }, [workspace, here, place]);

  useEffect(() => {
    if (!workspace) return;
    const title = place.tab || !here ? workspace.app.name : channelTitle(workspace, here);
    document.title = `${total ? `(${total}) ` : ""}${title} · ${workspace.team.name}`;
  }, [workspace, here, place.tab, total]);

  const dismiss = useCallback(
    (from: string, ts: string) => dispatch({ type: "dismiss", channel: from, ts }),
    [dispatch],
  );
  const dismissHere = useCallback((ts: string) => dismiss(channel, ts), [dismiss, channel]);
  const leave = useCallback((view_id: string) => dispatch({ type: "view_left", view_id }), [dispatch]);

  const replies = state.threads[threadKey(channel, thread)];
  const whispers = state.ephemerals[channel] ?? NONE;
  const inThread = useMemo(
    () => replies && [...replies, ...whispers.filter((one) => one.thread_ts === thread)].sort(byTime),
    [replies, whispers, thread],
  );

  if (!workspace) return <Waiting />;
  return (
    <WorkspaceContext value={workspace}>
      <NowContext value={state.now}>
        <div className={thread && here ? "desk with-thread" : "desk"}>
          <TopBar connected={state.connected} />
          <Sidebar place={place} unread={unread} />
          <ChannelPane place={place} state={state} onDismiss={dismiss} />
          {thread && here && (
            <Thread
              channel={channel}
              channelName={`${here.is_im ? "" : "#"}${channelTitle(workspace, here)}`}
              ts={thread}
              messages={inThread}
              onClose={() => go({ as: place.as, channel })}
              onDismiss={dismissHere}
            />
          )}
        </div>
        {state.views.length > 0 && <Modal views={state.views} onLeave={leave} />}
      </NowContext>
    </WorkspaceContext>
  );
}

const Waiting = () => (
  <div className="waiting" role="status">
    <span className="spinner" /> Waiting for the workspace…
  </div>
);

const RETRY = 1_500; // ms

/** The id of the person whom the address names by id or by name; the first one if it names nobody. */
function useIdentity(named: string): string | undefined {
  const [known, setKnown] = useState<Workspace | null>(null);
  const [attempt, setAttempt] = useState(0);
  const found = known?.people.find(({ id, name }) => id === named || name === named)?.id;
  useEffect(() => {
    if (known) return;
    let timer: number | undefined;
    fetchWorkspace("").then(setKnown, () => {
      timer = window.setTimeout(() => setAttempt(attempt + 1), RETRY);
    });
    return () => window.clearTimeout(timer);
  }, [known, attempt]);
  useEffect(() => {
    if (!known || found) return;
    const first = known.people.find(({ id }) => id === known.me) ?? known.people[0];
    if (first) settle({ as: first.name });
  }, [known, found]);
  return found;
}

export function App() {
  const place = usePlace();
  const me = useIdentity(place.as);
  return me ? <Desk key={me} me={me} place={place} /> : <Waiting />;
}
