import type { Message } from "../types";
import { Composer } from "./Composer";
import { CloseIcon } from "./icons";
import { MessageList } from "./MessageList";

interface Props {
  channel: string;
  channelName: string;
  ts: string;
  messages: Message[] | undefined;
  onClose(): void;
  onDismiss(ts: string): void;
}

export function Thread({ channel, channelName, ts, messages, onClose, onDismiss }: Props) {
  const replies = (messages?.filter(({ ephemeral }) => !ephemeral).length ?? 1) - 1;
  return (
    <aside className="thread" data-testid="thread" aria-label="Thread">
      <header className="pane-head">
        <h2>
          Thread <small>{channelName}</small>
        </h2>
        <button type="button" className="plain" aria-label="Close thread" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {messages ? (
        <MessageList
          key={`replies to ${ts}`}
          messages={messages}
          channel={channel}
          label="Replies"
          onDismiss={onDismiss}
          afterFirst={
            <div className="thread-count" role="separator">
              <span>{replies === 1 ? "1 reply" : `${Math.max(0, replies)} replies`}</span>
            </div>
          }
        />
      ) : (
        <div className="loading" role="status">
          Loading…
        </div>
      )}
      <Composer
        key={`answer to ${ts}`}
        channel={channel}
        thread={ts}
        placeholder="Reply…"
        testId="thread-composer"
      />
    </aside>
  );
}
