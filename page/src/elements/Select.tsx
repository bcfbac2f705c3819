import { useCombobox, type UseComboboxProps } from "downshift";
import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { plainText } from "../text";
import { Popover } from "./Popover";
import { type Choice, useChoices } from "./options";
import { type ElementProps, useAction } from "./useAction";

const matches = (choice: Choice, typed: string) =>
  choice.label.toLowerCase().includes(typed.trim().toLowerCase());

const nameOfInput = ({ element, labelledBy }: ElementProps, placeholder: string) =>
  labelledBy
    ? { "aria-labelledby": labelledBy }
    : { "aria-labelledby": undefined, "aria-label": element.accessibility_label ?? placeholder };

interface MenuProps {
  anchor: RefObject<HTMLElement | null>;
  box: ReturnType<typeof useCombobox<Choice>>;
  choices: Choice[];
}

function Menu({ anchor, box, choices }: MenuProps) {
  return (
    <Popover anchor={anchor} open={box.isOpen} wide="as-content">
      <ul {...box.getMenuProps({ className: "menu", "aria-label": "Options" })}>
        {box.isOpen &&
          choices.map((choice, index) => (
            <li
              key={choice.key}
              {...box.getItemProps({
                item: choice,
                index,
                className: box.highlightedIndex === index ? "menu-item highlighted" : "menu-item",
              })}
            >
              {choice.group && choice.group !== choices[index - 1]?.group && (
                <span className="menu-group">{choice.group}</span>
              )}
              {choice.label}
              {choice.description && <small>{choice.description}</small>}
            </li>
          ))}
        {box.isOpen && choices.length === 0 && <li className="menu-empty">Nothing matches</li>}
      </ul>
    </Popover>
  );
}

type Change = Parameters<NonNullable<UseComboboxProps<Choice>["stateReducer"]>>[1];

const { InputBlur, InputChange, InputKeyDownEscape } = useCombobox.stateChangeTypes;

/** Leaving a menu, or closing it with Escape, keeps what was selected before. */
const leavesAlone = ({ type }: Change): boolean => type === InputBlur || type === InputKeyDownEscape;

function closeMenuOnly(event: KeyboardEvent, isOpen: boolean): void {
  if (event.key !== "Escape" || !isOpen) return;
  event.preventDefault(); // or a dialog around the menu would close too
  event.stopPropagation();
}

export function Select(props: ElementProps) {
  const { element } = props;
  const { state, choose, pending, dialog } = useAction(props);
  const { choices, selected, withSelected } = useChoices(element, state);
  const anchor = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const current = selected[0] ?? null;
  const shown = choices.filter((choice) => matches(choice, typed));
  const placeholder = plainText(element.placeholder) || "Select an item";

  const box = useCombobox<Choice>({
    items: shown,
    selectedItem: current,
    itemToString: (choice) => choice?.label ?? "",
    itemToKey: (choice) => choice?.key,
    stateReducer: (_state, change) =>
      leavesAlone(change)
        ? { ...change.changes, isOpen: false, selectedItem: current, inputValue: current?.label ?? "" }
        : change.changes,
    onInputValueChange: ({ inputValue, type }) => setTyped(type === InputChange ? inputValue : ""),
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) choose(withSelected([selectedItem]));
    },
  });

  return (
    <div className="select" ref={anchor}>
      <input
        {...box.getInputProps({
          className: "input",
          placeholder,
          "aria-busy": pending,
          autoFocus: element.focus_on_load,
          onFocus: (event) => event.currentTarget.select(),
          onKeyDown: (event) => closeMenuOnly(event, box.isOpen),
        })}
        {...nameOfInput(props, placeholder)}
      />
      <span className="select-arrow" aria-hidden="true">
        {pending ? <span className="spinner" /> : "▾"}
      </span>
      <Menu anchor={anchor} box={box} choices={shown} />
      {dialog}
    </div>
  );
}

export function MultiSelect(props: ElementProps) {
  const { element } = props;
  const { state, choose, pending, dialog } = useAction(props);
  const { choices, selected, withSelected } = useChoices(element, state);
  const anchor = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const isFull = selected.length >= (element.max_selected_items ?? Infinity);
  const left = choices.filter((choice) => !selected.some(({ key }) => key === choice.key));
  const shown = isFull ? [] : left.filter((choice) => matches(choice, typed));
  const placeholder = plainText(element.placeholder) || "Select items";

  const box = useCombobox<Choice>({
    items: shown,
    selectedItem: null,
    itemToString: (choice) => choice?.label ?? "",
    stateReducer: (_state, change) => {
      if (leavesAlone(change)) return { ...change.changes, isOpen: false, selectedItem: null, inputValue: "" };
      return change.changes.selectedItem ? { ...change.changes, inputValue: "" } : change.changes;
    },
    onInputValueChange: ({ inputValue }) => setTyped(inputValue),
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) choose(withSelected([...selected, selectedItem]));
    },
  });

  return (
    <div className="select multi input" ref={anchor} aria-busy={pending}>
      {selected.map((choice) => (
        <span className="chip" key={choice.key}>
          {choice.label}
          <button
            type="button"
            aria-label={`Remove ${choice.label}`}
            onClick={() => choose(withSelected(selected.filter(({ key }) => key !== choice.key)))}
          >
            ×
          </button>
        </span>
      ))}
      <input
        {...box.getInputProps({
          placeholder: selected.length ? "" : placeholder,
          onKeyDown: (event) => {
            closeMenuOnly(event, box.isOpen);
            if (event.key === "Backspace" && !typed && selected.length) {
              choose(withSelected(selected.slice(0, -1)));
            }
          },
        })}
        {...nameOfInput(props, placeholder)}
      />
      <Menu anchor={anchor} box={box} choices={shown} />
      {dialog}
    </div>
  );
}
