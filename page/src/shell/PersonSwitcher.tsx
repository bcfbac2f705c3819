import { useSelect } from "downshift";
import { useRef } from "react";
import { Popover } from "../elements/Popover";
import { personAuthor, useWorkspace } from "../names";
import { go } from "../place";
import type { Person } from "../types";
import { Avatar } from "./Avatar";

export function PersonSwitcher() {
  const workspace = useWorkspace();
  const anchor = useRef<HTMLDivElement>(null);
  const me = workspace.people.find(({ id }) => id === workspace.me) ?? null;
  const { isOpen, getToggleButtonProps, getMenuProps, getItemProps, highlightedIndex } = useSelect<Person>({
    items: workspace.people,
    selectedItem: me,
    itemToString: (person) => person?.real_name || person?.name || "",
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) go({ as: selectedItem.name });
    },
  });
  return (
    <div className="switcher" ref={anchor}>
      <div
        {...getToggleButtonProps({
          className: "switcher-button",
          "aria-label": `You are ${me?.real_name ?? "nobody"}. Be somebody else`,
        })}
        data-testid="person-switcher"
      >
        {me && <Avatar author={personAuthor(me)} size={28} />}
        <span className="switcher-text">
          <small>you are</small>
          <strong>{me?.real_name || me?.name}</strong>
        </span>
        <span aria-hidden="true" className="switcher-arrow">
          ▾
        </span>
      </div>
      <Popover anchor={anchor} open={isOpen} wide="as-content">
        <ul {...getMenuProps({ className: "menu people", "aria-label": "Be somebody else" })}>
          {isOpen &&
            workspace.people.map((person, index) => (
              <li
                key={person.id}
                data-testid={`person-${person.name}`}
                {...getItemProps({
                  item: person,
                  index,
                  className: highlightedIndex === index ? "menu-item highlighted" : "menu-item",
                })}
              >
                <Avatar author={personAuthor(person)} size={32} />
                <span>
                  <strong>{person.real_name || person.name}</strong>
                  {person.external && <span className="badge external">EXTERNAL</span>}
                  {person.title && <small>{person.title}</small>}
                </span>
                {person.id === workspace.me && <span className="tick">✓</span>}
              </li>
            ))}
        </ul>
      </Popover>
    </div>
  );
}
