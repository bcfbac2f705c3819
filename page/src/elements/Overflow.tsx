import { useSelect } from "downshift";
import { useRef } from "react";
import { plainText, safeAddress } from "../text";
import type { Option } from "../types";
import { Popover } from "./Popover";
import { type ElementProps, useAction } from "./useAction";

export function Overflow(props: ElementProps) {
  const { element } = props;
  const { choose, pending, dialog } = useAction(props);
  const anchor = useRef<HTMLDivElement>(null);
  const options = element.options ?? [];
  const { isOpen, getToggleButtonProps, getMenuProps, getItemProps, highlightedIndex } = useSelect<Option>({
    items: options,
    selectedItem: null,
    itemToString: (option) => (option ? plainText(option.text) : ""),
    onSelectedItemChange: ({ selectedItem }) => {
      if (!selectedItem) return;
      const address = selectedItem.url === undefined ? undefined : safeAddress(selectedItem.url);
      if (address) window.open(address, "_blank", "noopener,noreferrer");
      choose({ type: "overflow", selected_option: selectedItem });
    },
  });
  return (
    <div className="overflow" ref={anchor}>
      <div
        {...getToggleButtonProps({
          "aria-label": element.accessibility_label ?? "More actions",
          "aria-busy": pending,
          className: "button square",
          role: "button",
        })}
      >
        {pending ? <span className="spinner" /> : <span aria-hidden="true">⋯</span>}
      </div>
      <Popover anchor={anchor} open={isOpen} wide="as-content">
        <ul {...getMenuProps({ className: "menu", "aria-label": "More actions" })}>
          {isOpen &&
            options.map((option, index) => (
              <li
                key={option.value}
                {...getItemProps({
                  item: option,
                  index,
                  className: highlightedIndex === index ? "menu-item highlighted" : "menu-item",
                })}
              >
                {plainText(option.text)}
                {option.description && <small>{plainText(option.description)}</small>}
              </li>
            ))}
        </ul>
      </Popover>
      {dialog}
    </div>
  );
}
