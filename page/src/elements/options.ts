import { channelTitle, isVisible, useWorkspace } from "../names";
import { plainText } from "../text";
import type { Element, ElementState, Option, Workspace } from "../types";

export interface Choice {
  key: string;
  label: string;
  group?: string;
  description?: string;
  option?: Option;
}

const ofOption = (option: Option, group?: string): Choice => ({
  key: option.value,
  label: plainText(option.text),
  description: option.description && plainText(option.description),
  group,
  option,
});

const people = (workspace: Workspace): Choice[] =>
  workspace.people.map(({ id, name, real_name, title }) => ({
    key: id,
    label: real_name || name,
    description: title,
  }));

const channels = (workspace: Workspace): Choice[] =>
  workspace.channels
    .filter((channel) => isVisible(channel) && !channel.is_im)
    .map((channel) => ({ key: channel.id, label: `#${channelTitle(workspace, channel)}` }));

interface Choices {
  choices: Choice[];
  selected: Choice[];
  /** The element's state once these are selected, in the fields of its own type. */
  withSelected(selected: Choice[]): ElementState;
}

/** The choices of any select menu, whatever they are choices of. */
export function useChoices(element: Element, state: ElementState): Choices {
  const workspace = useWorkspace();
  const { type } = element;
  const pick = (all: Choice[], keys: (string | null | undefined)[]) =>
    keys.flatMap((key) => all.find((choice) => choice.key === key) ?? []);

  if (type.endsWith("users_select")) {
    const choices = people(workspace);
    return type.startsWith("multi_")
      ? {
          choices,
          selected: pick(choices, state.selected_users ?? []),
          withSelected: (all) => ({ type, selected_users: all.map(({ key }) => key) }),
        }
      : {
          choices,
          selected: pick(choices, [state.selected_user]),
          withSelected: ([one]) => ({ type, selected_user: one?.key ?? null }),
        };
  }
  if (type.endsWith("channels_select") || type.endsWith("conversations_select")) {
    const choices = channels(workspace);
    const isChannels = type.endsWith("channels_select");
    if (type.startsWith("multi_")) {
      return {
        choices,
        selected: pick(choices, (isChannels ? state.selected_channels : state.selected_conversations) ?? []),
        withSelected: (all) => ({
          type,
          [isChannels ? "selected_channels" : "selected_conversations"]: all.map(({ key }) => key),
        }),
      };
    }
    return {
      choices,
      selected: pick(choices, [isChannels ? state.selected_channel : state.selected_conversation]),
      withSelected: ([one]) => ({
        type,
        [isChannels ? "selected_channel" : "selected_conversation"]: one?.key ?? null,
      }),
    };
  }
  const choices = [
    ...(element.options ?? []).map((option) => ofOption(option)),
    ...(element.option_groups ?? []).flatMap(({ label, options }) =>
      options.map((option) => ofOption(option, plainText(label))),
    ),
  ];
  return type.startsWith("multi_")
    ? {
        choices,
        selected: (state.selected_options ?? []).map((option) => ofOption(option)),
        withSelected: (all) => ({ type, selected_options: all.flatMap(({ option }) => option ?? []) }),
      }
    : {
        choices,
        selected: state.selected_option ? [ofOption(state.selected_option)] : [],
        withSelected: ([one]) => ({ type, selected_option: one?.option ?? null }),
      };
}
