import { plainText } from "../text";
import { type ElementProps, useAction } from "./useAction";

const INPUT_TYPES: Record<string, string> = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
};

export function TextInput(props: ElementProps) {
  const { element, dispatches, labelledBy } = props;
  const { state, hold, choose } = useAction(props);
  const shared = {
    className: "input",
    value: state.value ?? "",
    placeholder: plainText(element.placeholder),
    maxLength: element.max_length,
    autoFocus: element.focus_on_load,
    "aria-labelledby": labelledBy,
    onChange: (event: { target: { value: string } }) =>
      hold({ type: element.type, value: event.target.value === "" ? null : event.target.value }),
  };
  if (element.multiline || element.type === "rich_text_input") return <textarea rows={4} {...shared} />;
  return (
    <input
      type={INPUT_TYPES[element.type] ?? "text"}
      min={element.min_value}
      max={element.max_value}
      step={element.is_decimal_allowed ? "any" : undefined}
      {...shared}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !dispatches) return;
        event.preventDefault();
        choose({ type: element.type, value: state.value ?? null });
      }}
    />
  );
}

export function DatePicker(props: ElementProps) {
  const { element, labelledBy } = props;
  const { state, choose, pending, dialog } = useAction(props);
  return (
    <>
      <input
        type="date"
        className="input picker"
        value={state.selected_date ?? ""}
        aria-labelledby={labelledBy}
        aria-label={labelledBy ? undefined : plainText(element.placeholder) || "Date"}
        aria-busy={pending}
        onChange={(event) => choose({ type: element.type, selected_date: event.target.value || null })}
      />
      {dialog}
    </>
  );
}

export function TimePicker(props: ElementProps) {
  const { element, labelledBy } = props;
  const { state, choose, pending, dialog } = useAction(props);
  return (
    <>
      <input
        type="time"
        className="input picker"
        value={state.selected_time ?? ""}
        aria-labelledby={labelledBy}
        aria-label={labelledBy ? undefined : plainText(element.placeholder) || "Time"}
        aria-busy={pending}
        onChange={(event) => choose({ type: element.type, selected_time: event.target.value || null })}
      />
      {dialog}
    </>
  );
}

/** A local wall-clock time, as a datetime-local input writes it. */
function localMoment(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function DateTimePicker(props: ElementProps) {
  const { element, labelledBy } = props;
  const { state, choose, pending, dialog } = useAction(props);
  const chosen = state.selected_date_time;
  return (
    <>
      <input
        type="datetime-local"
        className="input picker"
        value={chosen == null ? "" : localMoment(chosen)}
        aria-labelledby={labelledBy}
        aria-label={labelledBy ? undefined : "Date and time"}
        aria-busy={pending}
        onChange={(event) => {
          const seconds = new Date(event.target.value).getTime() / 1000;
          choose({ type: element.type, selected_date_time: Number.isNaN(seconds) ? null : seconds });
        }}
      />
      {dialog}
    </>
  );
}
