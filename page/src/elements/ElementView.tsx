import type { FunctionComponent } from "react";
import { Button } from "./Button";
import { Checkboxes, Radios } from "./Toggles";
import { DatePicker, DateTimePicker, TextInput, TimePicker } from "./Inputs";
import { Overflow } from "./Overflow";
import { MultiSelect, Select } from "./Select";
import type { ElementProps } from "./useAction";

const Feedback = (props: ElementProps) => (
  <>
    {[props.element.positive_button, props.element.negative_button].map(
      (button) =>
        button && (
          <Button
            key={button.value}
            {...props}
            element={{ ...button, type: "feedback_buttons", action_id: props.actionId }}
          />
        ),
    )}
  </>
);

const Picture = ({ element }: ElementProps) => (
  <img className="thumbnail" src={element.image_url} alt={element.alt_text ?? ""} />
);

const COMPONENTS: Record<string, FunctionComponent<ElementProps>> = {
  button: Button,
  workflow_button: Button,
  icon_button: Button,
  feedback_buttons: Feedback,
  overflow: Overflow,
  static_select: Select,
  users_select: Select,
  channels_select: Select,
  conversations_select: Select,
  multi_static_select: MultiSelect,
  multi_users_select: MultiSelect,
  multi_channels_select: MultiSelect,
  multi_conversations_select: MultiSelect,
  radio_buttons: Radios,
  checkboxes: Checkboxes,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: DateTimePicker,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: TextInput,
  image: Picture,
};

export function ElementView(props: ElementProps) {
  const Component = COMPONENTS[props.element.type];
  return Component ? (
    <Component {...props} />
  ) : (
    <span className="unsupported">This page can't show a {props.element.type}</span>
  );
}
