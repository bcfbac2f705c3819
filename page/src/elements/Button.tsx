import { plainText, safeAddress } from "../text";
import type { TextObject } from "../types";
import { type ElementProps, useAction } from "./useAction";

export function Button(props: ElementProps) {
  const { element } = props;
  const { choose, pending, dialog } = useAction(props);
  const address = element.url === undefined ? undefined : safeAddress(element.url);
  return (
    <>
      <button
        type="button"
        className={`button ${element.style ?? ""}`}
        aria-label={element.accessibility_label}
        aria-busy={pending}
        disabled={pending}
        onClick={() => {
          if (address) window.open(address, "_blank", "noopener,noreferrer");
          choose({ type: element.type, value: element.value, text: element.text });
        }}
      >
        <span className="button-label">{plainText(element.text as TextObject)}</span>
        {pending && <span className="spinner" />}
      </button>
      {dialog}
    </>
  );
}
