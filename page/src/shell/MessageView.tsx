import { memo, useMemo, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { authorOf, useNow, useWorkspace } from "../names";
import { SurfaceContext, useSurfaceState } from "../surface";
import { addressOf, usePlace } from "../place";
import { bareText, Mrkdwn } from "../text";
import type { Block, Message } from "../types";
import { age, dateOf, exactly, timeOfDay } from "../when";
import { AttachmentView } from "./Attachments";
import { FileView } from "./Files";
import { Avatar } from "./Avatar";
import { EyeIcon, ReplyIcon } from "./icons";

interface Props {
  message: Message;
  channel: string;
  /** Follows one by the same author: drawn without name and picture. */
  isContinued: boolean;
  onReply?: (ts: string) => void;
  onDismiss?: (ts: string) => void;
}

const LastReply = ({ ts }: { ts: string }) => (
  <span className="replies-last">Last reply {age(dateOf(ts), useNow())}</span>
);

/** Stands over a reply that was sent to the channel too. */
function BroadcastHead({ message, channel, isInThread }: { message: Message; channel: string; isInThread: boolean }) {
  const workspace = useWorkspace();
  const { as } = usePlace();
  if (isInThread) return <p className="broadcast-head">Also sent to the channel</p>;
  return (
    <p className="broadcast-head">
      replied to a thread:{" "}
      <a href={addressOf({ as, channel, thread: message.thread_ts })}>
        {bareText(message.root_text ?? "", workspace) || "a message that was deleted"}
      </a>
    </p>
  );
}

const NO_BLOCKS: Block[] = [];

function Content({ message, channel }: { message: Message; channel: string }) {
  const { me } = useWorkspace();
  const [error, setError] = useState("");
  const blocks = useMemo(
    () => [
      ...(message.blocks ?? NO_BLOCKS),
      ...(message.attachments ?? []).flatMap((attachment) => attachment.blocks ?? NO_BLOCKS),
    ],
    [message.blocks, message.attachments],
  );
  const surface = useSurfaceState(me, { channel, ts: message.ts }, blocks, setError);
  return (
    <SurfaceContext value={surface}>
      {message.blocks?.length ? (
        <Blocks blocks={message.blocks} />
      ) : (
        message.text && (
          <div className="message-text">
            <Mrkdwn text={message.text} />
          </div>
        )
      )}
      {message.attachments?.map((attachment, index) => (
        <AttachmentView key={index} attachment={attachment} />
      ))}
      {message.files?.map((file) => (
        <FileView key={file.id} file={file} as={me} />
      ))}
      {error && (
        <p className="action-error" role="alert">
          {error}
        </p>
      )}
    </SurfaceContext>
  );
}

export const MessageView = memo(function MessageView(props: Props) {
  const { message, channel, isContinued, onReply, onDismiss } = props;
  const workspace = useWorkspace();
  const author = authorOf(workspace, message);
  const date = dateOf(message.ts);
  const time = (
    <time className="message-time" dateTime={date.toISOString()} title={exactly(date)}>
      {timeOfDay(date)}
    </time>
  );

  return (
    <article
      className={`message${isContinued ? " continued" : ""}${message.ephemeral ? " ephemeral" : ""}`}
      data-testid={`message-${message.ts}`}
      aria-label={`${author.name}, ${exactly(date)}`}
    >
      <div className="message-gutter">{isContinued ? time : <Avatar author={author} />}</div>
      <div className="message-main">
        {message.ephemeral && (
          <div className="only-you">
            <EyeIcon /> Only visible to you
            {onDismiss && (
              <button type="button" className="link" onClick={() => onDismiss(message.ts)}>
                Dismiss
              </button>
            )}
          </div>
        )}
        {!isContinued && (
          <header className="message-head">
            <strong>{author.name}</strong>
            {author.isApp && <span className="badge">APP</span>}
            {author.isExternal && (
              <span className="badge external" title={author.title}>
                EXTERNAL
              </span>
            )}
            {time}
          </header>
        )}
        {message.reply_broadcast && !message.deleted && (
          <BroadcastHead message={message} channel={channel} isInThread={!onReply} />
        )}
        {message.deleted ? (
          <p className="tombstone">This message was deleted.</p>
        ) : (
          <Content message={message} channel={channel} />
        )}
        {message.edited != null && !message.deleted && <span className="edited"> (edited)</span>}
        {onReply && message.reply_count ? (
          <button type="button" className="replies" onClick={() => onReply(message.thread_ts ?? message.ts)}>
            <ReplyIcon />
            <span className="replies-count">
              {message.reply_count} {message.reply_count === 1 ? "reply" : "replies"}
            </span>
            {message.latest_reply && <LastReply ts={message.latest_reply} />}
          </button>
        ) : null}
      </div>
      {onReply && !message.ephemeral && (
        <div className="message-tools">
          <button
            type="button"
            title="Reply in thread"
            aria-label="Reply in thread"
            onClick={() => onReply(message.thread_ts ?? message.ts)}
          >
            <ReplyIcon />
          </button>
        </div>
      )}
    </article>
  );
});
