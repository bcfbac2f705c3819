"""What Slack hands over again is done once."""

import pytest

from handlers.redelivery import Seen, _name_of


def test_the_same_is_new_once() -> None:
    seen = Seen()
    assert [seen.is_new("Ev1"), seen.is_new("Ev2"), seen.is_new("Ev1")] == [True, True, False]


def test_the_oldest_are_forgotten_first() -> None:
    seen = Seen(remembered=2)
    assert all(seen.is_new(name) for name in ("Ev1", "Ev2", "Ev3"))
    assert not seen.is_new("Ev3")
    assert not seen.is_new("Ev2")
    assert seen.is_new("Ev1")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"event_id": "Ev1", "type": "event_callback"}, "Ev1"),
        ({"trigger_id": "1.2.3", "command": "/shipment"}, "1.2.3"),
        ({"trigger_id": "1.2.3", "type": "block_actions"}, "1.2.3"),
        ({"trigger_id": "1.2.3", "type": "view_submission"}, None),
        ({"trigger_id": ""}, None),
        ({"event_id": 7}, None),
        ({}, None),
    ],
)
def test_each_kind_has_its_name(body: dict[str, object], name: str | None) -> None:
    assert (_name_of(body) or None) == name
