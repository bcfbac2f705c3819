import { useCallback, useMemo, useState } from "react";
import { channelTitle, isWithApp, useWorkspace } from "../names";
import { addressOf, go, type Place } from "../place";
import { byTime, isReply, type State } from "../store";
import type { Channel, Message } from "../types";
import { AppHome } from "./AppHome";
import { Composer } from "./Composer";
import { HashIcon, LockIcon, SharedIcon, TallyMark } from "./icons";
import { MessageList } from "./MessageList";

const NONE: Message[] = [];

interface HeadProps {
  place: Place;
  channel: Channel | undefined;
}

function AppHead({ place, chat }: { place: Place; chat: Channel | undefined }) {
  const { app } = useWorkspace();
  const { as } = place;
  return (
    <header className="pane-head app-head">
      <h1>
        <span className="avatar app small">
          <TallyMark />
        </span>
        {app.name} <span className="badge">APP</span>
      </h1>
      <nav className="tabs" aria-label={app.name}>
        <a
          href={addressOf({ as, tab: "home" })}
          aria-current={place.tab === "home" ? "page" : undefined}
          data-testid="tab-home"
        >
          Home
        </a>
        {chat && (
          <a
            href={addressOf({ as, channel: chat.id })}
            aria-current={place.tab ? undefined : "page"}
            data-testid="tab-messages"
          >
            Messages
          </a>
        )}
      </nav>
    </header>
  );
}

function ChannelHead({ channel }: HeadProps) {
  const workspace = useWorkspace();
  if (!channel) return null;
  return (
    <header className="pane-head">
      <h1>
        {!channel.is_im && (channel.is_private ? <LockIcon /> : <HashIcon />)}
        {channelTitle(workspace, channel)}
      </h1>
      {channel.is_ext_shared && (
        <span className="shared">
          <SharedIcon /> Shared with another company
        </span>
      )}
      {channel.topic && <p className="topic">{channel.topic}</p>}
    </header>
  );
}

interface Props {
  place: Place;
  state: State;
  onDismiss(channel: string, ts: string): void;
}

export function ChannelPane({ place, state, onDismiss }: Props) {
  const workspace = useWorkspace();
  const channel = workspace.channels.find(({ id }) => id === place.channel);
  const chat = workspace.channels.find((one) => isWithApp(workspace, one));
  const isInApp = place.tab === "home" || (channel !== undefined && channel === chat);
  return (
    <main className="pane">
      {isInApp ? <AppHead place={place} chat={chat} /> : <ChannelHead place={place} channel={channel} />}
      {place.tab === "home" ? (
        <AppHome view={state.home} />
      ) : channel ? (
        <Conversation key={channel.id} place={place} channel={channel} state={state} onDismiss={onDismiss} />
      ) : (
        <p className="empty">This channel isn't here for you. Choose one on the left.</p>
      )}
    </main>
  );
}

function Conversation({ place, channel, state, onDismiss }: Props & { channel: Channel }) {
  const workspace = useWorkspace();
  const [newSince] = useState(state.read[channel.id]);
  const kept = state.messages[channel.id];
  const ephemerals = state.ephemerals[channel.id] ?? NONE;
  const messages = useMemo(
    () => [...(kept ?? NONE), ...ephemerals.filter((one) => !isReply(one))].sort(byTime),
    [kept, ephemerals],
  );
  const onReply = useCallback(
    (thread: string) => go({ as: place.as, channel: channel.id, thread }),
    [place.as, channel.id],
  );
  const dismiss = useCallback((ts: string) => onDismiss(channel.id, ts), [onDismiss, channel.id]);
  const title = channelTitle(workspace, channel);
  const name = channel.is_im ? title : `#${title}`;
  const intro = (
    <div className="intro">
      <h2>{name}</h2>
      <p>
        {channel.is_im
          ? `This is the very beginning of your messages with ${title}.`
          : `This is the very beginning of ${name}. ${channel.topic ?? ""}`}
      </p>
    </div>
  );
  return (
    <>
      {kept ? (
        <MessageList
          messages={messages}
          channel={channel.id}
          label={`Messages in ${name}`}
          newSince={newSince}
          intro={intro}
          onReply={onReply}
          onDismiss={dismiss}
        />
      ) : (
        <div className="loading" role="status">
          Loading…
        </div>
      )}
      <Composer channel={channel.id} placeholder={`Message ${name}`} testId="composer" />
    </>
  );
}
