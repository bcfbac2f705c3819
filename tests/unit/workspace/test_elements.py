"""A click carries what the person chose, and nothing that the element doesn't offer."""

import pytest

from bot.workspace import elements
from bot.workspace.errors import Refused
from bot.workspace.json_values import JsonObject


def plain(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text}


def option(value: str) -> JsonObject:
    return {"text": plain(value.title()), "value": value}


HOURS: JsonObject = {
    "type": "static_select",
    "action_id": "hours",
    "placeholder": plain("Snooze"),
    "options": [option("one"), option("four")],
}
BUTTON: JsonObject = {
    "type": "button",
    "action_id": "resolve",
    "text": plain("Resolve"),
    "value": "case-7",
    "style": "primary",
}
DATE: JsonObject = {"type": "datepicker", "action_id": "day", "initial_date": "2014-06-01"}
REASON: JsonObject = {
    "type": "input",
    "block_id": "reason",
    "label": plain("Reason"),
    "element": {"type": "plain_text_input", "action_id": "text", "max_length": 10, "min_length": 2},
}
TEAMS: JsonObject = {
    "type": "input",
    "block_id": "teams",
    "optional": True,
    "label": plain("Teams"),
    "element": {
        "type": "checkboxes",
        "action_id": "who",
        "options": [option("ops"), option("legal")],
        "initial_options": [option("ops")],
    },
}
BLOCKS: list[JsonObject] = [
    {"type": "section", "block_id": "top", "text": plain("Late"), "accessory": HOURS},
    {"type": "actions", "block_id": "deeds", "elements": [BUTTON, DATE]},
    REASON,
    TEAMS,
]


def act(block_id: str, action_id: str, given: JsonObject) -> JsonObject:
    found = elements.find(BLOCKS, block_id, action_id)
    return elements.action(found, given, "1.000100")


def test_a_button_brings_its_own_value() -> None:
    assert act("deeds", "resolve", {"type": "button"}) == {
        "type": "button",
        "action_id": "resolve",
        "block_id": "deeds",
        "action_ts": "1.000100",
        "text": plain("Resolve"),
        "value": "case-7",
        "style": "primary",
    }


def test_a_menu_brings_the_option_as_the_app_wrote_it() -> None:
    forged: JsonObject = {"text": plain("Forged"), "value": "four"}
    chosen = act("top", "hours", {"type": "static_select", "selected_option": forged})
    assert chosen["selected_option"] == option("four")


@pytest.mark.parametrize(
    ("block_id", "action_id", "given"),
    [
        ("deeds", "escalate", {}),
        ("nowhere", "resolve", {}),
        ("deeds", "resolve", {"type": "overflow"}),
        ("deeds", "resolve", {"type": "button", "value": "case-8"}),
        ("top", "hours", {"selected_option": option("forever")}),
        ("top", "hours", {"selected_option": "four"}),
        ("deeds", "day", {"selected_date": "tomorrow"}),
        ("deeds", "day", {"selected_date": ["2014-06-01"]}),
        ("reason", "text", {"value": "typed"}),
    ],
)
def test_a_forged_deed_is_refused(block_id: str, action_id: str, given: JsonObject) -> None:
    with pytest.raises(Refused):
        act(block_id, action_id, given)


def test_state_holds_every_input_given_kept_or_initial() -> None:
    state = elements.values(BLOCKS, {"reason": {"text": {"value": "strike"}}})
    assert state == {
        "top": {"hours": {"type": "static_select", "selected_option": None}},
        "deeds": {"day": {"type": "datepicker", "selected_date": "2014-06-01"}},
        "reason": {"text": {"type": "plain_text_input", "value": "strike"}},
        "teams": {"who": {"type": "checkboxes", "selected_options": [option("ops")]}},
    }
    later = elements.values(BLOCKS, {"teams": {"who": {"selected_options": []}}}, state)
    assert later["reason"] == state["reason"]
    assert later["teams"] == {"who": {"type": "checkboxes", "selected_options": []}}
    with pytest.raises(Refused):
        elements.values(BLOCKS, {"teams": {"who": {"selected_options": [option("board")]}}})


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (None, "Please complete this required field."),
        ("", "Please complete this required field."),
        ("x", "Please lengthen this text to 2 characters or more."),
        ("x" * 11, "Please shorten this text to 10 characters or less."),
        ("x" * 10, None),
    ],
)
def test_slack_itself_looks_at_what_was_typed(typed: str | None, complaint: str | None) -> None:
    state = elements.values(BLOCKS, {"reason": {"text": {"value": typed}}})
    assert elements.missing(BLOCKS, state).get("reason") == complaint
