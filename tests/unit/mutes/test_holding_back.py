"""What a mute covers: all that it names must hold."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mutes.holding_back import covers, longest_over
from storage.tables import Case, Mute, Shipment
from storage.vocabulary import CaseKind, CaseState, Severity, Status

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


def _mute(**named: object) -> Mute:
    return Mute.model_validate(
        {
            "reason": "noise",
            "author": "U0MARCO",
            "created_at": NOW,
            "ends_at": NOW + timedelta(days=3),
            **named,
        }
    )


def _case(**named: object) -> Case:
    return Case.model_validate(
        {
            "partner_key": "kestrel",
            "kind": CaseKind.PROMISE_PASSED,
            "subject": "shipment:17",
            "shipment_id": 17,
            "severity": Severity.WARNING,
            "state": CaseState.OPEN,
            "facts": {},
            "since": NOW,
            "opened_at": NOW,
            "changed_at": NOW,
            **named,
        }
    )


def _shipment(origin: str | None = "Hamburg", destination: str | None = "Lagos") -> Shipment:
    return Shipment(
        id=17,
        partner_key="kestrel",
        tracking_number="KP-1",
        source_key="orders",
        origin=origin,
        destination=destination,
        status=Status.IN_TRANSIT,
        created_at=NOW,
        changed_at=NOW,
    )


@pytest.mark.parametrize(
    "named",
    [
        {"partner_key": "kestrel"},
        {"kind": CaseKind.PROMISE_PASSED},
        {"lane": "Hamburg → Lagos"},
        {"lane": "HAMBURG → lagos"},
        {"shipment_id": 17},
        {"partner_key": "kestrel", "kind": CaseKind.PROMISE_PASSED, "lane": "Hamburg → Lagos"},
    ],
)
def test_a_mute_covers_what_it_names(named: dict[str, object]) -> None:
    assert covers(_mute(**named), _case(), _shipment())


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"partner_key": "brightwater"},
        {"kind": CaseKind.LOST},
        {"lane": "Lagos → Hamburg"},
        {"shipment_id": 18},
        {"partner_key": "brightwater", "kind": CaseKind.PROMISE_PASSED},
        {"partner_key": "kestrel", "kind": CaseKind.PROMISE_PASSED, "lane": "Bremen → Lagos"},
    ],
)
def test_one_thing_that_does_not_hold_is_enough(named: dict[str, object]) -> None:
    assert not covers(_mute(**named), _case(), _shipment())


@pytest.mark.parametrize("shipment", [None, _shipment(origin=None), _shipment(destination="")])
def test_what_is_on_no_known_lane_is_muted_by_no_lane(shipment: Shipment | None) -> None:
    assert not covers(_mute(lane="Hamburg → Lagos"), _case(), shipment)


def test_of_several_the_one_that_ends_last_holds_it_back() -> None:
    long, short, elsewhere = (
        _mute(ends_at=NOW + timedelta(days=5), partner_key="kestrel"),
        _mute(ends_at=NOW + timedelta(days=2), kind=CaseKind.PROMISE_PASSED),
        _mute(ends_at=NOW + timedelta(days=9), partner_key="brightwater"),
    )
    assert longest_over([short, long, elsewhere], _case(), _shipment()) is long
    assert longest_over([elsewhere], _case(), _shipment()) is None


@dataclass(frozen=True)
class _Named:
    partner_key: str | None
    kind: CaseKind | None
    lane: str | None
    shipment_id: int | None


NAMED = st.builds(
    _Named,
    st.sampled_from([None, "kestrel", "brightwater"]),
    st.sampled_from([None, CaseKind.PROMISE_PASSED, CaseKind.LOST]),
    st.sampled_from([None, "Hamburg → Lagos", "Bremen → Lagos"]),
    st.sampled_from([None, 17, 18]),
)


@given(NAMED, NAMED)
def test_who_names_more_mutes_no_more(one: _Named, other: _Named) -> None:
    both = {
        name: getattr(one, name) if getattr(one, name) is not None else getattr(other, name)
        for name in ("partner_key", "kind", "lane", "shipment_id")
    }
    narrower, wider = _mute(**both), _mute(**vars(one))
    if one != _Named(None, None, None, None) and covers(narrower, _case(), _shipment()):
        assert covers(wider, _case(), _shipment())
