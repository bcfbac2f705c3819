// The shapes that the workspace sends, as far as the page reads them.

export interface Person {
  id: string;
  name: string;
  real_name: string;
  title?: string;
  team_id?: string;
  external?: boolean;
}

export interface Channel {
  id: string;
  name: string;
  is_private?: boolean;
  is_im?: boolean;
  is_ext_shared?: boolean;
  topic?: string;
  member?: boolean;
  last_ts?: string | null;
}

export interface Command {
  command: string;
  usage_hint?: string;
  description?: string;
}

export interface App {
  id: string;
  name: string;
  user_id: string;
}

export interface Workspace {
  team: { id: string; name: string };
  me: string;
  people: Person[];
  channels: Channel[];
  commands: Command[];
  app: App;
}

export interface TextObject {
  type: "plain_text" | "mrkdwn";
  text: string;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
  url?: string;
}

export interface OptionGroup {
  label: TextObject;
  options: Option[];
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: "primary" | "danger";
}

/** Any interactive element: which fields are there depends on `type`. */
export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  style?: "primary" | "danger";
  url?: string;
  value?: string;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  confirm?: Confirm;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  max_selected_items?: number;
  focus_on_load?: boolean;
  accessibility_label?: string;
  image_url?: string;
  alt_text?: string;
  initial_value?: string;
  initial_option?: Option;
  initial_options?: Option[];
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  positive_button?: Element;
  negative_button?: Element;
}

export interface TableCell {
  type: string;
  text?: string;
  value?: number;
  user_id?: string;
  elements?: unknown[];
}

/** Any block: which fields are there depends on `type`. */
export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject | string;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  level?: number | string;
  caption?: string;
  page_size?: number;
  row_header_column_index?: number;
  rows?: TableCell[][];
  column_settings?: ({ align?: "left" | "center" | "right"; is_wrapped?: boolean } | null)[];
}

export interface Attachment {
  color?: string;
  pretext?: string;
  author_name?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fields?: { title?: string; value?: string; short?: boolean }[];
  footer?: string;
  image_url?: string;
  blocks?: Block[];
  fallback?: string;
}

export interface SlackFile {
  id: string;
  name?: string;
  title?: string;
  mimetype?: string;
  filetype?: string;
  size?: number;
  glance?: Glance | null;
}

/** The first rows of a file that holds rows, and how much of it there is. */
export interface Glance {
  rows: string[][];
  total: number;
  columns: number;
}

export interface Message {
  ts: string;
  thread_ts?: string;
  user?: string;
  username?: string;
  text?: string;
  blocks?: Block[];
  attachments?: Attachment[];
  files?: SlackFile[];
  edited?: unknown;
  reply_count?: number;
  latest_reply?: string;
  reply_broadcast?: boolean;
  /** Of a reply that was sent to the channel too: what its thread is about. */
  root_text?: string;
  ephemeral?: boolean;
  deleted?: boolean;
}

export interface View {
  id: string;
  type?: string;
  title?: TextObject;
  submit?: TextObject | null;
  close?: TextObject | null;
  blocks: Block[];
}

/** What one element holds, in the shape of Slack's `state.values`. */
export interface ElementState {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
}

export type StateValues = Record<string, Record<string, ElementState>>;

export type Outcome = { ok: boolean; error?: string; errors?: Record<string, string> };

export type WorkspaceEvent =
  | { type: "message" | "message_changed" | "message_deleted" | "ephemeral"; channel: string; message: Message }
  | { type: "view_opened" | "view_updated" | "view_pushed"; view: View }
  | { type: "view_closed"; view_id: string }
  | { type: "home"; view: View | null }
  | { type: "channel"; channel: Channel }
  | { type: "clock"; now: string };
