"""Nothing that Slack sends is taken on trust."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.inbound import CaseClick, CaseOrigin, Person, Said, SlashCommand

ORIGIN = {"case_id": 7, "channel": "C0KESTREL", "ts": "1.2", "zone": "Europe/Berlin"}


def _click(value: object) -> CaseClick:
    return CaseClick.model_validate(
        {
            "user": {"id": "U0OLIVIA", "team_id": "T0HOME"},
            "channel": {"id": "C0KESTREL"},
            "container": {"message_ts": "1.2"},
            "actions": [{"action_id": "case_acknowledge", "value": value}],
            "trigger_id": "1.2.3",
            "response_url": "http://127.0.0.1/response",
        }
    )


@given(st.integers(min_value=1, max_value=10**18 - 1))
def test_a_button_carries_the_number_of_its_case(case_id: int) -> None:
    assert _click(str(case_id)).case_id == case_id


@given(st.text(max_size=40).filter(lambda value: not (value.isascii() and value.isdigit())))
def test_any_other_value_is_no_case(value: str) -> None:
    assert _click(value).case_id == 0


@pytest.mark.parametrize("value", ["0", "007", "9" * 19, "１２", "1\n", " 1", "1e3", "+1"])
def test_what_only_looks_like_a_number_is_no_case(value: str) -> None:
    assert _click(value).case_id == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"case_id": 0},
        {"case_id": -1},
        {"case_id": "x"},
        {"case_id": 2**63},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"channel": None},
        {"promised_at": "2026-06-15T08:00:00"},
        {"extra": 1},
    ],
)
def test_metadata_that_no_dialogue_of_ours_carries_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CaseOrigin.model_validate_json(json.dumps({**ORIGIN, **changed}))


@given(st.text(max_size=200))
def test_metadata_of_any_other_shape_is_refused(metadata: str) -> None:
    with pytest.raises(ValidationError):
        CaseOrigin.model_validate_json(metadata)


def test_what_was_typed_stays_out_of_the_errors() -> None:
    with pytest.raises(ValidationError) as refused:
        SlashCommand.model_validate({"command": "/shipment", "text": ["private words"]})
    assert "private words" not in str(refused.value)


@pytest.mark.parametrize(
    ("event", "is_by_a_person"),
    [
        ({"user": "U0OLIVIA"}, True),
        ({"user": "U0OLIVIA", "subtype": "file_share"}, True),
        ({"user": "U0OLIVIA", "bot_id": "B0OTHER"}, False),
        ({"user": "U0OLIVIA", "subtype": "message_changed"}, False),
        ({"user": "U0OLIVIA", "subtype": "channel_join"}, False),
        ({"bot_id": "B0OTHER", "subtype": "bot_message"}, False),
        ({}, False),
    ],
)
def test_bots_and_edits_are_not_answered(event: dict[str, object], is_by_a_person: bool) -> None:
    said = Said.model_validate({"ts": "1.2", "channel": "D0OLIVIA", "text": "help", **event})
    assert said.is_by_a_person is is_by_a_person


@pytest.mark.parametrize(
    ("person", "is_our_own"),
    [
        ({"team_id": "T0HOME"}, True),
        ({"team_id": "T0HOME", "is_restricted": True}, False),
        ({"team_id": "T0HOME", "is_restricted": True, "is_ultra_restricted": True}, False),
        ({"team_id": "T0HOME", "is_stranger": True}, False),
        ({"team_id": "T0OTHER"}, False),
        ({}, False),
    ],
)
def test_a_guest_bears_our_teams_id_and_is_from_outside(
    person: dict[str, object], is_our_own: bool
) -> None:
    assert Person.model_validate(person).is_our_own("T0HOME") is is_our_own
