import { useEffect, useId, useRef } from "react";
import { plainText, Text } from "../text";
import type { Confirm as ConfirmDialog } from "../types";

interface Props {
  confirm: ConfirmDialog;
  onAnswer(agreed: boolean): void;
}

export function Confirm({ confirm, onAnswer }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => ref.current?.showModal(), []);
  return (
    <dialog
      ref={ref}
      className="dialog confirm"
      role="alertdialog"
      aria-labelledby={title}
      data-testid="confirm"
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
      onClose={() => onAnswer(false)}
    >
      <h2 id={title}>{plainText(confirm.title)}</h2>
      <div className="confirm-text">
        <Text text={confirm.text} />
      </div>
      <footer>
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {plainText(confirm.deny)}
        </button>
        <button
          type="button"
          className={`button filled ${confirm.style ?? "primary"}`}
          onClick={() => onAnswer(true)}
        >
          {plainText(confirm.confirm)}
        </button>
      </footer>
    </dialog>
  );
}
