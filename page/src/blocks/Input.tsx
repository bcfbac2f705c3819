import { useId } from "react";
import { ElementView } from "../elements/ElementView";
import { actionIdOf, useSurface } from "../surface";
import { plainText } from "../text";
import type { Block } from "../types";

export function Input({ block, blockId }: { block: Block; blockId: string }) {
  const { errors } = useSurface();
  const label = useId();
  const error = errors[blockId];
  if (!block.element) return null;
  return (
    <div className={error ? "field invalid" : "field"} data-testid={`field-${blockId}`}>
      <div className="field-label" id={label}>
        {plainText(block.label)}
        {block.optional && <span className="field-optional"> (optional)</span>}
      </div>
      <ElementView
        element={block.element}
        blockId={blockId}
        actionId={actionIdOf(block.element, 0)}
        dispatches={block.dispatch_action === true}
        labelledBy={label}
      />
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {block.hint && <p className="field-hint">{plainText(block.hint)}</p>}
    </div>
  );
}
