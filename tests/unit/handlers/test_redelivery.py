"""What Slack hands over again bears the name that it bore before."""

import pytest

from handlers.redelivery import Seen, key_of


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"event_id": "Ev1", "type": "event_callback"}, "Ev1"),
        ({"trigger_id": "1.2.3", "command": "/shipment"}, "1.2.3"),
        ({"trigger_id": "1.2.3", "type": "block_actions"}, "1.2.3"),
        ({"trigger_id": "1.2.3", "type": "view_submission", "view": {"id": "V1"}}, "submitted:V1"),
        ({"trigger_id": "1.2.3", "type": "view_submission", "view": "V1"}, None),
        ({"type": "view_closed", "view": {"id": "V1"}}, None),
        ({"trigger_id": ""}, None),
        ({"event_id": 7}, None),
        ({}, None),
    ],
)
def test_each_kind_has_its_name(body: dict[str, object], key: str | None) -> None:
    assert key_of(body) == key


def test_the_same_is_new_once() -> None:
    seen = Seen()
    assert [seen.is_new("Ev1"), seen.is_new("Ev2"), seen.is_new("Ev1")] == [True, True, False]


def test_the_oldest_are_forgotten_first() -> None:
    seen = Seen(remembered=2)
    assert all(seen.is_new(name) for name in ("Ev1", "Ev2", "Ev3"))
    assert not seen.is_new("Ev3")
    assert not seen.is_new("Ev2")
    assert seen.is_new("Ev1")
