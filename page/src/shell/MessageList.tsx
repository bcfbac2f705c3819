import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useNow } from "../names";
import type { Message } from "../types";
import { dateOf, dayTitle, sameDay } from "../when";
import { MessageView } from "./MessageView";

const SHOWN_AT_ONCE = 120; // messages
const CONTINUES_WITHIN = 300; // seconds
const NEAR_BOTTOM = 60; // px

interface Props {
  messages: Message[];
  channel: string;
  label: string;
  /** Messages after this one are new to the reader. */
  newSince?: string;
  intro?: ReactNode;
  afterFirst?: ReactNode;
  onReply?: (ts: string) => void;
  onDismiss?: (ts: string) => void;
}

const isPlain = (message: Message): boolean =>
  !message.blocks?.length &&
  !message.attachments?.length &&
  !message.files?.length &&
  !message.ephemeral &&
  !message.deleted &&
  !message.reply_broadcast;

function continues(before: Message | undefined, message: Message): boolean {
  if (!before || !isPlain(before) || !isPlain(message)) return false;
  const sameAuthor = before.user === message.user && before.username === message.username;
  return sameAuthor && Number(message.ts) - Number(before.ts) < CONTINUES_WITHIN;
}

/** Keeps the newest message in sight, unless the reader has scrolled up to read. */
function useStickToBottom(messages: Message[]) {
  const ref = useRef<HTMLDivElement>(null);
  const seen = useRef({ content: 0, window: 0 }); // px, when the list was last looked at
  const [missed, setMissed] = useState(0);
  const lastTs = messages.at(-1)?.ts;
  const seenTs = useRef(lastTs);

  // measured against the sizes before the change: a scroll event may come only after it
  const isAtBottom = useCallback(() => {
    const { content, window } = seen.current;
    return content - (ref.current?.scrollTop ?? 0) - window < NEAR_BOTTOM;
  }, []);

  const toBottom = useCallback(() => {
    const list = ref.current;
    if (!list) return;
    list.scrollTop = list.scrollHeight;
    seen.current = { content: list.scrollHeight, window: list.clientHeight };
    setMissed(0);
  }, []);

  const settle = useCallback(() => {
    const list = ref.current;
    if (!list) return;
    if (isAtBottom()) toBottom();
    else seen.current = { content: list.scrollHeight, window: list.clientHeight };
  }, [isAtBottom, toBottom]);

  useLayoutEffect(() => {
    const list = ref.current;
    if (!list?.firstElementChild) return;
    const follow = new ResizeObserver(settle);
    follow.observe(list.firstElementChild);
    follow.observe(list);
    return () => follow.disconnect();
  }, [settle]);

  useLayoutEffect(() => {
    const isNewer = lastTs !== undefined && (seenTs.current ?? "") < lastTs;
    if (isNewer && !isAtBottom()) setMissed((count) => count + 1);
    seenTs.current = lastTs;
    settle();
  }, [lastTs, isAtBottom, settle]);

  const onScroll = () => {
    if (isAtBottom()) setMissed(0);
  };

  return { ref, missed, toBottom, onScroll };
}

export function MessageList(props: Props) {
  const { messages, channel, label, newSince, intro, afterFirst, onReply, onDismiss } = props;
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  const { ref, missed, toBottom, onScroll } = useStickToBottom(messages);
  const before = useRef<{ top: number; height: number } | null>(null);
  const shown = useMemo(() => messages.slice(-limit), [messages, limit]);
  const now = useNow();

  const showEarlier = () => {
    const list = ref.current;
    if (list) before.current = { top: list.scrollTop, height: list.scrollHeight };
    setLimit(limit + SHOWN_AT_ONCE);
  };

  // what was in sight stays where it was, with the earlier messages above it
  useLayoutEffect(() => {
    const list = ref.current;
    if (!list || !before.current) return;
    list.scrollTop = before.current.top + list.scrollHeight - before.current.height;
    before.current = null;
  }, [limit, ref]);

  const firstNew = newSince === undefined ? undefined : shown.find(({ ts }) => ts > newSince)?.ts;

  return (
    <div className="list-wrap">
      <div className="list" ref={ref} onScroll={onScroll} role="log" aria-label={label} tabIndex={0}>
        <div className="list-inner">
          {messages.length > shown.length ? (
            <button type="button" className="button earlier" onClick={showEarlier}>
              Show earlier messages
            </button>
          ) : (
            intro
          )}
          {shown.map((message, index) => {
            const previous = shown[index - 1];
            const date = dateOf(message.ts);
            const isNewDay = !afterFirst && (!previous || !sameDay(dateOf(previous.ts), date));
            const isFirstNew = message.ts === firstNew;
            return (
              <div key={message.ts}>
                {isNewDay && (
                  <div className="day" role="separator">
                    <span>{dayTitle(date, now)}</span>
                  </div>
                )}
                {isFirstNew && (
                  <div className="new-line" role="separator">
                    <span>New</span>
                  </div>
                )}
                <MessageView
                  message={message}
                  channel={channel}
                  isContinued={!isNewDay && !isFirstNew && continues(previous, message)}
                  onReply={onReply}
                  onDismiss={onDismiss}
                />
                {index === 0 && afterFirst}
              </div>
            );
          })}
        </div>
      </div>
      {missed > 0 && (
        <button type="button" className="jump" onClick={toBottom}>
          ↓ {missed === 1 ? "1 new message" : `${missed} new messages`}
        </button>
      )}
    </div>
  );
}
