import { createContext, useContext } from "react";
import type { Channel, Message, Person, Workspace } from "./types";

export interface Author {
  id: string;
  name: string;
  title: string;
  isApp: boolean;
  isExternal: boolean;
}

export const WorkspaceContext = createContext<Workspace | null>(null);

/** The workspace, inside the tree that is drawn only once it is known. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error("used outside of a loaded workspace");
  return workspace;
}

/** The workspace's own clock, apart from the rest because it changes all the time. */
export const NowContext = createContext("");

export const useNow = (): Date => new Date(useContext(NowContext));

const asAuthor = (person: Person): Author => ({
  id: person.id,
  name: person.real_name || person.name,
  title: person.title ?? "",
  isApp: false,
  isExternal: person.external === true,
});

export function authorOf(workspace: Workspace, message: Message): Author {
  const person = workspace.people.find(({ id }) => id === message.user);
  if (person) return asAuthor(person);
  const isOurs = !message.user || message.user === workspace.app.user_id;
  return {
    id: message.user ?? workspace.app.user_id,
    name: message.username || (isOurs ? workspace.app.name : (message.user ?? "Unknown")),
    title: "",
    isApp: true,
    isExternal: false,
  };
}

export const personAuthor = asAuthor;

export const nameOf = (workspace: Workspace, userId: string): string | undefined => {
  if (userId === workspace.app.user_id) return workspace.app.name;
  const person = workspace.people.find(({ id }) => id === userId);
  return person && (person.real_name || person.name);
};

/** Whether a direct conversation is the one with the app. */
export const isWithApp = (workspace: Workspace, channel: Channel): boolean => {
  if (!channel.is_im) return false;
  const direct = workspace.channels.filter(({ is_im }) => is_im);
  return direct.length === 1 || channel.name === workspace.app.user_id;
};

export const channelTitle = (workspace: Workspace, channel: Channel): string => {
  if (!channel.is_im) return channel.name;
  return isWithApp(workspace, channel)
    ? workspace.app.name
    : (nameOf(workspace, channel.name) ?? channel.name);
};

export const isVisible = (channel: Channel): boolean => channel.member !== false;
