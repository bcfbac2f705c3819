import type { Channel, Message, View, Workspace, WorkspaceEvent } from "./types";

export interface State {
  workspace: Workspace | null;
  now: string;
  /** The newest message of each channel. */
  last: Record<string, string>;
  connected: boolean;
  messages: Record<string, Message[]>;
  ephemerals: Record<string, Message[]>;
  threads: Record<string, Message[]>;
  home: View | null | undefined;
  views: View[];
  /** How far this person has read, by channel. */
  read: Record<string, string>;
}

export type Change =
  | { type: "workspace"; workspace: Workspace; now: string; read: Record<string, string> }
  | { type: "connected"; connected: boolean }
  | { type: "messages"; channel: string; messages: Message[] }
  | { type: "thread"; channel: string; ts: string; messages: Message[] }
  | { type: "home"; view: View | null }
  | { type: "stale"; except: string }
  | { type: "read"; channel: string; ts: string }
  | { type: "dismiss"; channel: string; ts: string }
  | { type: "view_left"; view_id: string }
  | { type: "event"; event: WorkspaceEvent };

export const EMPTY: State = {
  workspace: null,
  now: "",
  last: {},
  connected: true,
  messages: {},
  ephemerals: {},
  threads: {},
  home: undefined,
  views: [],
  read: {},
};

const MOST_KEPT = 1000; // messages of a channel, so that a page left open for days stays quick

export const threadKey = (channel: string, ts: string) => `${channel}/${ts}`;

export const isReply = (message: Message) =>
  message.thread_ts !== undefined && message.thread_ts !== message.ts;

const inChannel = (message: Message) => !isReply(message) || message.reply_broadcast === true;

export const byTime = (one: Message, other: Message) =>
  one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;

function put(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex(({ ts }) => ts === message.ts);
  if (at >= 0) return messages.with(at, message);
  const last = messages.at(-1);
  const longer = [...messages, message];
  return last && last.ts > message.ts ? longer.sort(byTime) : longer;
}

const replace = (messages: Message[], message: Message) =>
  messages.some(({ ts }) => ts === message.ts) ? put(messages, message) : messages;

/** A message that is gone leaves a tombstone while its thread still hangs on it. */
function remove(messages: Message[], gone: Message): Message[] {
  const message = messages.find(({ ts }) => ts === gone.ts);
  if (!message) return messages;
  if (message.reply_count) return put(messages, { ...message, deleted: true });
  return messages.filter(({ ts }) => ts !== gone.ts);
}

function inEach(
  lists: Record<string, Message[]>,
  key: string,
  change: (messages: Message[]) => Message[],
): Record<string, Message[]> {
  const before = lists[key];
  if (!before) return lists;
  const after = change(before);
  return after === before ? lists : { ...lists, [key]: after };
}

function withMessage(state: State, channel: string, message: Message): State {
  let { messages, threads } = state;
  if (inChannel(message)) {
    messages = inEach(messages, channel, (list) => put(list, message).slice(-MOST_KEPT));
  }
  if (isReply(message)) {
    const root = message.thread_ts ?? "";
    threads = inEach(threads, threadKey(channel, root), (list) => put(list, message));
  }
  const last = inChannel(message) ? withLast(state.last, channel, message.ts) : state.last;
  return { ...state, messages, threads, last };
}

const withLast = (last: Record<string, string>, channel: string, ts: string) =>
  (last[channel] ?? "") < ts ? { ...last, [channel]: ts } : last;

function everywhere(
  state: State,
  channel: string,
  message: Message,
  change: (messages: Message[]) => Message[],
): State {
  const root = threadKey(channel, message.thread_ts ?? message.ts);
  return {
    ...state,
    messages: inEach(state.messages, channel, change),
    ephemerals: inEach(state.ephemerals, channel, change),
    threads: inEach(state.threads, root, change),
  };
}

/** A channel that got a new id, as it does when it becomes shared, takes its old self's place. */
const isSame = (one: Channel, other: Channel) =>
  one.id === other.id || (!one.is_im && !other.is_im && one.name === other.name);

const withChannel = (channels: Channel[], channel: Channel): Channel[] =>
  channels.some((one) => isSame(one, channel))
    ? channels.map((one) => (isSame(one, channel) ? { ...one, ...channel } : one))
    : [...channels, channel];

function afterEvent(state: State, event: WorkspaceEvent): State {
  switch (event.type) {
    case "message":
      return event.message.ephemeral
        ? afterEvent(state, { ...event, type: "ephemeral" })
        : withMessage(state, event.channel, event.message);
    case "ephemeral":
      return {
        ...state,
        ephemerals: {
          ...state.ephemerals,
          [event.channel]: put(state.ephemerals[event.channel] ?? [], {
            ...event.message,
            ephemeral: true,
          }),
        },
      };
    case "message_changed":
      return everywhere(state, event.channel, event.message, (list) => {
        const before = list.find(({ ts }) => ts === event.message.ts);
        return replace(list, before?.ephemeral ? { ...event.message, ephemeral: true } : event.message);
      });
    case "message_deleted":
      return everywhere(state, event.channel, event.message, (list) => remove(list, event.message));
    case "view_opened":
      return { ...state, views: [event.view] };
    case "view_pushed":
      return { ...state, views: [...state.views.filter(({ id }) => id !== event.view.id), event.view] };
    case "view_updated":
      if (state.home?.id === event.view.id) return { ...state, home: event.view };
      return { ...state, views: state.views.map((view) => (view.id === event.view.id ? event.view : view)) };
    case "view_closed":
      return { ...state, views: state.views.filter(({ id }) => id !== event.view_id) };
    case "home":
      return { ...state, home: event.view };
    case "channel":
      return state.workspace
        ? {
            ...state,
            workspace: {
              ...state.workspace,
              channels: withChannel(state.workspace.channels, event.channel),
            },
          }
        : state;
    case "clock":
      return { ...state, now: event.now };
    default:
      return state; // a kind that this page doesn't show
  }
}

export function reduce(state: State, change: Change): State {
  switch (change.type) {
    case "workspace":
      return {
        ...state,
        workspace: change.workspace,
        now: change.now,
        last: Object.fromEntries(change.workspace.channels.map(({ id, last_ts }) => [id, last_ts ?? ""])),
        read: { ...change.read, ...state.read },
      };
    case "connected":
      return { ...state, connected: change.connected };
    case "messages": {
      const kept = change.messages.filter(({ ephemeral }) => !ephemeral);
      const shown = change.messages.filter(({ ephemeral }) => ephemeral);
      const ephemerals = shown.reduce(put, state.ephemerals[change.channel] ?? []);
      return {
        ...state,
        messages: { ...state.messages, [change.channel]: kept.filter(inChannel).sort(byTime) },
        ephemerals: { ...state.ephemerals, [change.channel]: ephemerals },
      };
    }
    case "thread":
      return {
        ...state,
        threads: { ...state.threads, [threadKey(change.channel, change.ts)]: change.messages },
      };
    case "home":
      return { ...state, home: change.view };
    case "stale": {
      const kept = state.messages[change.except];
      return { ...state, threads: {}, messages: kept ? { [change.except]: kept } : {} };
    }
    case "read":
      return (state.read[change.channel] ?? "") < change.ts
        ? { ...state, read: { ...state.read, [change.channel]: change.ts } }
        : state;
    case "dismiss":
      return {
        ...state,
        ephemerals: inEach(state.ephemerals, change.channel, (list) =>
          list.filter(({ ts }) => ts !== change.ts),
        ),
      };
    case "view_left":
      return { ...state, views: state.views.filter(({ id }) => id !== change.view_id) };
    case "event":
      return afterEvent(state, change.event);
  }
}
