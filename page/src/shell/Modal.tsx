import { type FormEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import { closeView, submitView } from "../api";
import { Blocks } from "../blocks/Blocks";
import { useWorkspace } from "../names";
import { actionIdOf, blockIdOf, SurfaceContext, useSurfaceState } from "../surface";
import { plainText } from "../text";
import type { Block, ElementState, StateValues, View } from "../types";
import { CloseIcon } from "./icons";

const REQUIRED = "Please complete this required field.";

const isEmpty = ({ type: _type, ...held }: ElementState): boolean =>
  Object.values(held).every((value) => value == null || value === "" || (Array.isArray(value) && !value.length));

/** What Slack's own client refuses before the app ever hears of it. */
function missing(blocks: Block[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  blocks.forEach((block, index) => {
    if (block.type !== "input" || !block.element) return;
    const blockId = blockIdOf(block, index);
    const state = values[blockId]?.[actionIdOf(block.element, 0)];
    const least = block.element.min_length ?? 0;
    if (!state || isEmpty(state)) {
      if (!block.optional) errors[blockId] = REQUIRED;
    } else if (typeof state.value === "string" && state.value.length < least) {
      errors[blockId] = `Please write at least ${least} characters.`;
    }
  });
  return errors;
}

interface Props {
  view: View;
  isTop: boolean;
  onLeave(viewId: string): void;
}

function ViewForm({ view, isTop, onLeave }: Props) {
  const { me } = useWorkspace();
  const title = useId();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState("");
  const [sending, setSending] = useState(false);
  const surface = useSurfaceState(me, { view_id: view.id }, view.blocks, setProblem, errors);
  const body = useRef<HTMLDivElement>(null);

  const leave = () => {
    onLeave(view.id);
    void closeView(me, view.id);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending) return;
    const incomplete = missing(view.blocks, surface.values);
    setErrors(incomplete);
    setProblem("");
    if (Object.keys(incomplete).length) return;
    setSending(true);
    const outcome = await submitView(me, view.id, surface.values);
    setSending(false);
    if (outcome.ok) return;
    if (outcome.errors) setErrors(outcome.errors);
    else setProblem(outcome.error ?? "We had some trouble connecting. Try again?");
  };

  useEffect(() => {
    if (Object.keys(errors).length) {
      body.current?.querySelector<HTMLElement>(".invalid input, .invalid textarea")?.focus();
    }
  }, [errors]);

  return (
    <form className="view" hidden={!isTop} noValidate onSubmit={(event) => void submit(event)} aria-labelledby={title}>
      <header>
        <h2 id={title}>{plainText(view.title)}</h2>
        <button type="button" className="plain" aria-label="Close" onClick={leave}>
          <CloseIcon />
        </button>
      </header>
      <div className="view-body" ref={body}>
        {problem && (
          <p className="alert error" role="alert">
            {problem}
          </p>
        )}
        <SurfaceContext value={surface}>
          <Blocks blocks={view.blocks} />
        </SurfaceContext>
      </div>
      <footer>
        <button type="button" className="button" onClick={leave}>
          {plainText(view.close ?? undefined) || (view.submit ? "Cancel" : "Close")}
        </button>
        {view.submit && (
          <button type="submit" className="button filled primary" aria-busy={sending} disabled={sending}>
            <span className="button-label">{plainText(view.submit)}</span>
            {sending && <span className="spinner" />}
          </button>
        )}
      </footer>
    </form>
  );
}

/** The stack of open views; only the topmost shows, the ones below keep what was typed. */
export function Modal({ views, onLeave }: { views: View[]; onLeave(viewId: string): void }) {
  const { me } = useWorkspace();
  const ref = useRef<HTMLDialogElement>(null);
  const top = views.at(-1);

  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  const topId = top?.id;
  useEffect(() => {
    const body = ref.current?.querySelector(`form:not([hidden]) .view-body`);
    body?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, [topId]);

  const leaveTop = useCallback(() => {
    if (topId === undefined) return;
    onLeave(topId);
    void closeView(me, topId);
  }, [topId, onLeave, me]);

  return (
    <dialog
      ref={ref}
      className="dialog modal"
      data-testid="modal"
      aria-label={plainText(top?.title)}
      onCancel={(event) => {
        if (event.target !== ref.current) return;
        event.preventDefault();
        leaveTop();
      }}
      onClose={(event) => {
        // a browser may close it on a second Escape without asking
        if (event.target !== ref.current) return;
        leaveTop();
        if (views.length > 1) ref.current?.showModal();
      }}
    >
      {views.map((view) => (
        <ViewForm key={view.id} view={view} isTop={view === top} onLeave={onLeave} />
      ))}
    </dialog>
  );
}
