import { type ReactNode, useState } from "react";
import { useSurface } from "../surface";
import type { Element, ElementState } from "../types";
import { Confirm } from "./Confirm";

/** Everything an element component needs: what it is, where it is, and what it sets off. */
export interface ElementProps {
  element: Element;
  blockId: string;
  actionId: string;
  /** Inputs of a form only hold their value; all others tell the app at once. */
  dispatches: boolean;
  labelledBy?: string;
}

interface Action {
  state: ElementState;
  pending: boolean;
  /** Takes the new state, asks first if the element says so, and tells the app. */
  choose(state: ElementState & { text?: unknown }): void;
  /** Takes the new state without a word to the app. */
  hold(state: ElementState): void;
  dialog: ReactNode;
}

export function useAction({ element, blockId, actionId, dispatches }: ElementProps): Action {
  const surface = useSurface();
  const [asked, setAsked] = useState<(ElementState & { text?: unknown }) | null>(null);

  const carryOut = (state: ElementState & { text?: unknown }) => {
    const { text: _label, ...held } = state;
    if (surface.values[blockId]?.[actionId]) surface.change(blockId, actionId, held);
    if (dispatches) surface.act(blockId, actionId, state);
  };

  return {
    state: surface.values[blockId]?.[actionId] ?? { type: element.type },
    pending: surface.isPending(blockId, actionId),
    choose: (state) => (element.confirm && dispatches ? setAsked(state) : carryOut(state)),
    hold: (state) => surface.change(blockId, actionId, state),
    dialog: asked && element.confirm && (
      <Confirm
        confirm={element.confirm}
        onAnswer={(agreed) => {
          setAsked(null);
          if (agreed) carryOut(asked);
        }}
      />
    ),
  };
}
