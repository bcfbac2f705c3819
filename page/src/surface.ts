import { createContext, useCallback, useContext, useMemo, useState } from "react";
import { type ActionPlace, sendAction } from "./api";
import type { Block, Element, ElementState, StateValues } from "./types";

/** Where a block stands (a message, a modal, a home) as its elements need to know it. */
export interface Surface {
  values: StateValues;
  errors: Record<string, string>;
  isPending(blockId: string, actionId: string): boolean;
  change(blockId: string, actionId: string, state: ElementState): void;
  act(blockId: string, actionId: string, action: ElementState & { text?: unknown }): void;
}

export const SurfaceContext = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("an element needs a surface to act on");
  return surface;
}

export const blockIdOf = (block: Block, index: number): string => block.block_id ?? `block-${index}`;

export const actionIdOf = (element: Element, index: number): string =>
  element.action_id ?? `action-${index}`;

const STATELESS = new Set(["button", "overflow", "image", "workflow_button", "feedback_buttons", "icon_button"]);

function initialState(element: Element): ElementState {
  const { type } = element;
  switch (type) {
    case "static_select":
    case "external_select":
    case "radio_buttons":
      return { type, selected_option: element.initial_option ?? null };
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? null };
    case "multi_conversations_select":
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    default:
      return { type, value: element.initial_value ?? null };
  }
}

/** What the blocks' elements hold, with what the person has changed laid over it. */
function valuesOf(blocks: Block[], touched: StateValues): StateValues {
  const values: StateValues = {};
  blocks.forEach((block, index) => {
    const blockId = blockIdOf(block, index);
    const elements = [
      ...(block.type === "actions" ? (block.elements ?? []) : []),
      ...(block.accessory ? [block.accessory] : []),
      ...(block.type === "input" && block.element ? [block.element] : []),
    ];
    elements.forEach((element, position) => {
      if (STATELESS.has(element.type)) return;
      const actionId = actionIdOf(element, position);
      const state = touched[blockId]?.[actionId] ?? initialState(element);
      values[blockId] = { ...values[blockId], [actionId]: state };
    });
  });
  return values;
}

const NO_ERRORS: Record<string, string> = {};

/**
 * The state of one surface. `place` says what a click in it is about; `failed` gets the
 * sentence to show when a click could not be delivered.
 */
export function useSurfaceState(
  as: string,
  place: ActionPlace,
  blocks: Block[],
  failed: (error: string) => void,
  errors: Record<string, string> = NO_ERRORS,
): Surface {
  const [touched, setTouched] = useState<StateValues>({});
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const values = useMemo(() => valuesOf(blocks, touched), [blocks, touched]);
  const { channel, ts, view_id } = place;

  const change = useCallback((blockId: string, actionId: string, state: ElementState) => {
    setTouched((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: state } }));
  }, []);

  const act = useCallback(
    async (blockId: string, actionId: string, action: ElementState & { text?: unknown }) => {
      const key = `${blockId}\n${actionId}`;
      setPending((before) => new Set(before).add(key));
      failed("");
      const current = STATELESS.has(action.type)
        ? values
        : { ...values, [blockId]: { ...values[blockId], [actionId]: action } };
      const outcome = await sendAction(as, { channel, ts, view_id }, blockId, actionId, action, current);
      setPending((before) => new Set([...before].filter((one) => one !== key)));
      if (!outcome.ok) failed(outcome.error ?? "That didn't reach the app. Try again.");
    },
    [as, channel, ts, view_id, values, failed],
  );

  return useMemo(
    () => ({
      values,
      errors,
      isPending: (blockId, actionId) => pending.has(`${blockId}\n${actionId}`),
      change,
      act: (blockId, actionId, action) => void act(blockId, actionId, action),
    }),
    [values, errors, pending, change, act],
  );
}
