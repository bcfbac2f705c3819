import { useId } from "react";
import { Text } from "../text";
import type { Option } from "../types";
import { type ElementProps, useAction } from "./useAction";

const Label = ({ option }: { option: Option }) => (
  <span className="choice-label">
    <Text text={option.text} />
    {option.description && (
      <small>
        <Text text={option.description} />
      </small>
    )}
  </span>
);

export function Radios(props: ElementProps) {
  const { element, labelledBy } = props;
  const { state, choose, dialog } = useAction(props);
  const name = useId();
  return (
    <div className="choices" role="radiogroup" aria-labelledby={labelledBy}>
      {(element.options ?? []).map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={state.selected_option?.value === option.value}
            onChange={() => choose({ type: element.type, selected_option: option })}
          />
          <Label option={option} />
        </label>
      ))}
      {dialog}
    </div>
  );
}

export function Checkboxes(props: ElementProps) {
  const { element, labelledBy } = props;
  const { state, choose, dialog } = useAction(props);
  const selected = state.selected_options ?? [];
  const isSelected = (option: Option) => selected.some(({ value }) => value === option.value);
  return (
    <div className="choices" role="group" aria-labelledby={labelledBy}>
      {(element.options ?? []).map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            checked={isSelected(option)}
            onChange={(event) =>
              choose({
                type: element.type,
                selected_options: (element.options ?? []).filter((one) =>
                  one.value === option.value ? event.target.checked : isSelected(one),
                ),
              })
            }
          />
          <Label option={option} />
        </label>
      ))}
      {dialog}
    </div>
  );
}
