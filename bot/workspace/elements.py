"""What a person can act on in blocks: found, never taken on trust."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from bot.workspace.element_inspection import BUTTONS, CHOICES, MENUS, PICKERS, WRITTEN
from bot.workspace.errors import Refused
from bot.workspace.json_values import JsonObject, as_objects, object_at, objects_at, text_at

STATELESS = BUTTONS | {"overflow"}
INTERACTIVE = BUTTONS | CHOICES | MENUS | PICKERS | WRITTEN | {"file_input"}

ANSWER_KEY = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
INITIAL_KEY = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "value": "initial_value",
    "rich_text_value": "initial_value",
}
LISTS = frozenset(
    {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
)


@dataclass(frozen=True, slots=True)
class Placed:
    """An interactive element and the block that it stands in."""

    block: JsonObject
    element: JsonObject

    @property
    def kind(self) -> str:
        return text_at(self.element, "type")

    @property
    def block_id(self) -> str:
        return text_at(self.block, "block_id")

    @property
    def action_id(self) -> str:
        return text_at(self.element, "action_id")

    @property
    def label(self) -> str:
        """What stands on a button, or before an input."""
        if self.block.get("type") == "input":
            return text_at(object_at(self.block, "label"), "text")
        own = object_at(self.element, "text") or object_at(self.element, "placeholder")
        return text_at(own, "text")


def placed(blocks: Iterable[JsonObject]) -> Iterator[Placed]:
    """Every element that a person can act on, in reading order."""
    for block in blocks:
        for key in ("accessory", "element"):
            element = object_at(block, key)
            if element.get("type") in INTERACTIVE:
                yield Placed(block, element)
        if block.get("type") != "rich_text":
            for key in ("elements", "actions"):
                for element in objects_at(block, key):
                    if element.get("type") in INTERACTIVE:
                        yield Placed(block, element)


def find(blocks: Iterable[JsonObject], block_id: str, action_id: str) -> Placed:
    """Raises Refused if nothing of that name is there."""
    for each in placed(blocks):
        if each.block_id == block_id and each.action_id == action_id:
            return each
    raise Refused("There is nothing of that name to click here.")


def action(found: Placed, given: JsonObject, action_ts: str) -> JsonObject:
    """The action that the app gets: what was chosen is the person's, all else the element's.

    Raises Refused for a choice that the element doesn't offer.
    """
    if given.get("type") not in (None, found.kind):
        raise Refused(f"That is a {found.kind}, not a {given.get('type')}.")
    if found.block.get("type") == "input" and not found.block.get("dispatch_action"):
        raise Refused("This input tells nobody until it is submitted.")
    built: JsonObject = {
        "type": found.kind,
        "action_id": found.action_id,
        "block_id": found.block_id,
        "action_ts": action_ts,
    }
    if found.kind in BUTTONS:
        if given.get("value") not in (None, found.element.get("value")):
            raise Refused("The button doesn't carry that value.")
        return built | {
            key: found.element[key]
            for key in ("text", "value", "style", "url")
            if key in found.element
        }
    key = ANSWER_KEY[found.kind]
    if given.get(key) is not None:
        built[key] = _checked(found, given[key])
    elif found.kind == "overflow":
        raise Refused("Nothing was chosen.")
    else:
        built[key] = None
    return built


def values(
    blocks: Iterable[JsonObject], given: JsonObject, before: JsonObject | None = None
) -> JsonObject:
    """state.values: of each element with a state, what is given, else what it was, else initial.

    Raises Refused for an answer that an element doesn't offer.
    """
    state: dict[str, JsonValue] = {}
    for each in placed(blocks):
        if each.kind in STATELESS:
            continue
        key = ANSWER_KEY[each.kind]
        said = object_at(object_at(given, each.block_id), each.action_id)
        known = object_at(object_at(before or {}, each.block_id), each.action_id)
        answer = known.get(key, each.element.get(INITIAL_KEY.get(key, "")))
        if key in said:
            answer = said[key]
            if answer is not None:
                answer = _checked(each, answer)
        if answer is None and key in LISTS:
            answer = []
        block_state = object_at(state, each.block_id)
        state[each.block_id] = {
            **block_state,
            each.action_id: {"type": each.kind, key: None if answer == "" else answer},
        }
    return state


def missing(blocks: Iterable[JsonObject], state: JsonObject) -> dict[str, str]:
    """What Slack says, by block_id, of inputs left empty or filled beyond their bounds."""
    errors: dict[str, str] = {}
    for each in placed(blocks):
        if each.block.get("type") != "input":
            continue
        said = object_at(object_at(state, each.block_id), each.action_id)
        answer = said.get(ANSWER_KEY[each.kind])
        if not answer:
            if not each.block.get("optional"):
                errors[each.block_id] = "Please complete this required field."
        elif each.kind == "plain_text_input" and isinstance(answer, str):
            fault = _length_fault(each.element, answer)
            if fault:
                errors[each.block_id] = fault
    return errors


def _length_fault(element: JsonObject, answer: str) -> str | None:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and len(answer) < least:
        return f"Please lengthen this text to {least} characters or more."
    if not isinstance(most, int):
        most = 3000
    if len(answer) > most:
        return f"Please shorten this text to {most} characters or less."
    return None


def options(element: JsonObject) -> list[JsonObject]:
    groups = objects_at(element, "option_groups")
    lists = [objects_at(group, "options") for group in groups] or [objects_at(element, "options")]
    return [option for options in lists for option in options]


def _checked(found: Placed, answer: JsonValue) -> JsonValue:
    kind = found.kind
    if kind.endswith("static_select") or kind in CHOICES:
        offered = {text_at(option, "value"): option for option in options(found.element)}
        if ANSWER_KEY[kind] == "selected_option":
            return _offered(offered, answer)
        return [_offered(offered, each) for each in as_objects(answer)]
    form = _is_list_of_names if ANSWER_KEY[kind] in LISTS else _FORMS.get(kind)
    if form is not None and not form(answer):
        raise Refused(f"That isn't something to put into a {kind}.")
    return answer


def _offered(offered: dict[str, JsonObject], answer: JsonValue) -> JsonObject:
    option = offered.get(text_at(answer, "value")) if isinstance(answer, dict) else None
    if option is None:
        raise Refused("That choice isn't offered here.")
    return option


def _is_list_of_names(answer: JsonValue) -> bool:
    return isinstance(answer, list) and all(isinstance(each, str) for each in answer)


def _matches(pattern: str) -> Callable[[JsonValue], bool]:
    return lambda answer: isinstance(answer, str) and re.fullmatch(pattern, answer) is not None


_FORMS: dict[str, Callable[[JsonValue], bool]] = {
    "datepicker": _matches(r"\d{4}-\d{2}-\d{2}"),
    "timepicker": _matches(r"\d{2}:\d{2}"),
    "datetimepicker": lambda answer: isinstance(answer, int) and not isinstance(answer, bool),
    "users_select": _matches(r"[UW][A-Z0-9]+"),
    "channels_select": _matches(r"[CG][A-Z0-9]+"),
    "conversations_select": _matches(r"[CGDUW][A-Z0-9]+"),
    "number_input": _matches(r"-?\d+(\.\d+)?"),
    **{
        kind: lambda answer: isinstance(answer, str)
        for kind in ("plain_text_input", "email_text_input", "url_text_input")
    },
}
