import type { Command, Workspace } from "../types";

/** One thing that the composer can complete, and what it would write. */
export interface Suggestion {
  key: string;
  title: string;
  hint: string;
  detail: string;
  text: string;
  /** Where in the text the suggestion goes. */
  from: number;
  to: number;
}

const ofCommand = ({ command, usage_hint, description }: Command, to: number): Suggestion => ({
  key: command,
  title: command,
  hint: usage_hint ?? "",
  detail: description ?? "",
  text: `${command} `,
  from: 0,
  to,
});

const isTyping = (text: string) => /^\/\S*$/.test(text);

export function suggest(workspace: Workspace, text: string, caret: number): Suggestion[] {
  if (isTyping(text)) {
    return workspace.commands
      .filter(({ command }) => command.startsWith(text.toLowerCase()))
      .map((command) => ofCommand(command, text.length));
  }
  const mention = /(?:^|\s)@([\w.-]*)$/.exec(text.slice(0, caret));
  if (!mention) return [];
  const typed = (mention[1] ?? "").toLowerCase();
  const from = caret - typed.length - 1;
  const names = [
    { handle: workspace.app.name, full: "App" },
    ...workspace.people.map(({ name, real_name }) => ({ handle: name, full: real_name })),
  ];
  const begins = ({ handle }: { handle: string }) => Number(handle.toLowerCase().startsWith(typed));
  return names
    .filter(({ handle, full }) => `${handle} ${full}`.toLowerCase().includes(typed))
    .sort((one, other) => begins(other) - begins(one))
    .slice(0, 8)
    .map(({ handle, full }) => ({
      key: `@${handle}`,
      title: `@${handle}`,
      hint: full,
      detail: "",
      text: `@${handle} `,
      from,
      to: caret,
    }));
}
