"""What comes from the message of several cases is not taken on trust either."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.inbound import GroupClick, GroupOrigin, OneOfGroup

ORIGIN = {
    "alert_id": 7,
    "channel": "C0KESTREL",
    "ts": "1.2",
    "zone": "Europe/Berlin",
    "seen_at": "2026-06-15T08:00:00Z",
}


def _body(action: dict[str, object]) -> dict[str, object]:
    return {
        "user": {"id": "U0OLIVIA", "team_id": "T0HOME"},
        "channel": {"id": "C0KESTREL"},
        "container": {"message_ts": "1.2", "is_ephemeral": False},
        "actions": [{"action_ts": "1.3", **action}],
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1/response",
    }


def _click(value: str) -> GroupClick:
    return GroupClick.model_validate(_body({"action_id": "group_acknowledge", "value": value}))


def _choice(option: dict[str, object] | None) -> OneOfGroup:
    return OneOfGroup.model_validate(
        _body({"action_id": "group_one", "type": "static_select", "selected_option": option})
    )


@given(st.integers(min_value=1, max_value=10**18 - 1))
def test_a_button_carries_the_number_of_its_alert_and_a_menu_that_of_a_case(number: int) -> None:
    assert _click(str(number)).alert_id == number
    assert _choice({"value": str(number), "text": {"text": "T-7"}}).case_id == number


@pytest.mark.parametrize("value", ["", "0", "007", "9" * 19, "１２", "1\n", "-1", "1; DROP TABLE"])
def test_any_other_value_is_nothing(value: str) -> None:
    assert _click(value).alert_id == 0
    assert _choice({"value": value}).case_id == 0


def test_a_choice_that_was_taken_back_is_nothing() -> None:
    assert _choice(None).case_id == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"alert_id": 0},
        {"alert_id": 2**63},
        {"zone": "Mars/Olympus"},
        {"seen_at": "2026-06-15T08:00:00"},
        {"seen_at": None},
        {"case_id": 7},
    ],
)
def test_metadata_that_no_dialogue_of_ours_carries_is_refused(changed: dict[str, object]) -> None:
    assert GroupOrigin.model_validate_json(json.dumps(ORIGIN)).alert_id == 7
    with pytest.raises(ValidationError):
        GroupOrigin.model_validate_json(json.dumps({**ORIGIN, **changed}))
