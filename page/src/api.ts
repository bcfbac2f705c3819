import type { ElementState, Message, Outcome, StateValues, View, Workspace } from "./types";

const UNREACHABLE = "The workspace didn't answer. Check that it is still running, then try again.";

/** The workspace answered, and the answer is no: asking again won't change it. */
export class Refused extends Error {}

async function get<T extends object>(path: string, as: string): Promise<T> {
  const query = as ? `?as=${encodeURIComponent(as)}` : "";
  const response = await fetch(path + query);
  if (response.status >= 500) throw new Error(`${path}: ${response.status}`);
  const answer = (await response.json()) as T | Outcome;
  if ("ok" in answer && !answer.ok) throw new Refused(answer.error);
  return answer as T;
}

async function post(path: string, body: Record<string, unknown>): Promise<Outcome> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Partial<Outcome>;
    return { ...answer, ok: answer.ok === true };
  } catch {
    return { ok: false, error: UNREACHABLE };
  }
}

export const fetchWorkspace = (as: string): Promise<Workspace & { now: string }> =>
  get("/page/state", as);

export const fetchMessages = async (channel: string, as: string): Promise<Message[]> =>
  (await get<{ messages: Message[] }>(`/page/channels/${channel}/messages`, as)).messages;

export const fetchThread = async (channel: string, ts: string, as: string): Promise<Message[]> =>
  (await get<{ messages: Message[] }>(`/page/channels/${channel}/threads/${ts}`, as)).messages;

export const fetchHome = async (as: string): Promise<View | null> =>
  (await get<{ view: View | null }>("/page/home", as)).view;

export const postMessage = (as: string, channel: string, text: string, thread_ts?: string) =>
  post("/page/messages", { as, channel, text, thread_ts });

export const runCommand = (as: string, channel: string, text: string) =>
  post("/page/commands", { as, channel, text });

export interface ActionPlace {
  channel?: string;
  ts?: string;
  view_id?: string;
}

export const sendAction = (
  as: string,
  place: ActionPlace,
  block_id: string,
  action_id: string,
  action: ElementState & { text?: unknown },
  values: StateValues,
) => post("/page/actions", { as, ...place, block_id, action_id, action, state: { values } });

export const submitView = (as: string, viewId: string, values: StateValues) =>
  post(`/page/views/${viewId}/submit`, { as, state: { values } });

export const closeView = (as: string, viewId: string) => post(`/page/views/${viewId}/close`, { as });

export const fileAddress = (id: string, as: string) =>
  `/page/files/${encodeURIComponent(id)}?as=${encodeURIComponent(as)}`;

export const fetchRows = (id: string, as: string): Promise<{ rows: string[][]; total: number }> =>
  get(`/page/files/${encodeURIComponent(id)}/rows`, as);
