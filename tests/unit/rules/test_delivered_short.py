from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.delivered_short import REST_WITHIN, RULE, is_in_full
from bot.rules.finding import Finding
from bot.rules.journey import Journey
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def nine_of_ten(at: Times) -> Journey:
    return Journey(
        shipment_id=9,
        partner_key="harbour",
        status=Status.DELIVERED,
        delivered_at=at("Tue 10:00"),
        quantity=10,
        delivered_quantity=9,
    )


def found(journey: Journey, policy: Policy, now: datetime) -> Finding:
    finding = RULE.judge(journey, policy, now).finding
    assert finding is not None
    return finding


def test_nine_of_ten_is_short_once_the_rest_has_had_its_time(
    nine_of_ten: Journey, policy: Policy, at: Times
) -> None:
    early = RULE.judge(nine_of_ten, policy, at("Tue 13:59"))
    assert early.finding is None
    assert early.look_again_at == at("Tue 14:00")
    finding = found(nine_of_ten, policy, at("Tue 14:00"))
    assert finding.kind is CaseKind.DELIVERED_SHORT
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CARRIER
    assert finding.since == at("Tue 10:00")
    assert finding.facts == {
        "in_full": False,
        "ordered": 10,
        "delivered": 9,
        "missing": 1,
        "delivered_at": at("Tue 10:00").isoformat(),
    }


def test_the_rest_arriving_ends_it_and_its_being_on_the_way_does_not(
    nine_of_ten: Journey, policy: Policy, at: Times
) -> None:
    rest_moves = replace(nine_of_ten, status=Status.IN_TRANSIT)
    all_there = replace(nine_of_ten, delivered_quantity=10)
    assert RULE.judge(rest_moves, policy, at("Wed 10:00")).finding is not None
    assert RULE.judge(all_there, policy, at("Wed 10:00")).finding is None


def test_less_than_half_is_critical_and_half_is_not(
    nine_of_ten: Journey, policy: Policy, at: Times
) -> None:
    for delivered, severity in ((0, "critical"), (4.9, "critical"), (5, "warning")):
        journey = replace(nine_of_ten, delivered_quantity=delivered)
        assert found(journey, policy, at("Wed 10:00")).severity == severity


@pytest.mark.parametrize(
    ("ordered", "delivered"),
    [
        (None, 9),
        (10, None),
        (0, 0),
        (-10, -11),
        (10, -1),
        (float("nan"), 9),
        (10, float("nan")),
        (float("inf"), 9),
    ],
)
def test_unknown_is_neither_short_nor_in_full(
    nine_of_ten: Journey, policy: Policy, at: Times, ordered: float, delivered: float
) -> None:
    unknown = replace(nine_of_ten, quantity=ordered, delivered_quantity=delivered)
    assert is_in_full(unknown) is None
    assert RULE.judge(unknown, policy, at("Wed 10:00")).finding is None


def test_tenths_of_a_ton_that_add_up_are_in_full(
    nine_of_ten: Journey, policy: Policy, at: Times
) -> None:
    added = replace(nine_of_ten, quantity=0.8, delivered_quantity=0.1 * 3 + 0.5 - 1e-16)
    assert is_in_full(added) is True
    assert is_in_full(replace(added, delivered_quantity=0.799)) is False
    assert RULE.judge(added, policy, at("Wed 10:00")).finding is None


@pytest.mark.parametrize(
    "status", [Status.LABEL_CREATED, Status.RETURNING, Status.RETURNED, Status.CANCELLED]
)
def test_what_is_not_delivered_is_not_delivered_short(
    nine_of_ten: Journey, policy: Policy, at: Times, status: Status
) -> None:
    journey = replace(nine_of_ten, status=status, delivered_at=None)
    assert RULE.judge(journey, policy, at("Wed 10:00")).finding is None


def test_it_can_be_switched_off_and_told_to_wait_no_time(
    nine_of_ten: Journey, policy: Policy, at: Times
) -> None:
    off = replace(policy, thresholds=Thresholds({REST_WITHIN.name: None}))
    at_once = replace(policy, thresholds=Thresholds({REST_WITHIN.name: 0}))
    assert RULE.judge(nine_of_ten, off, at("Wed 10:00")).finding is None
    assert found(nine_of_ten, at_once, at("Tue 10:00")).severity is Severity.WARNING


def test_a_silent_source_may_have_the_rest_to_tell(
    nine_of_ten: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(nine_of_ten, heard_until=at("Tue 12:00"))
    assert RULE.judge(unheard, policy, at("Wed 10:00")).finding is None


@settings(deadline=None)
@given(st.integers(1, 10**9), st.integers(0, 2 * 10**9))
def test_in_full_is_as_many_or_more(ordered: int, delivered: int) -> None:
    journey = Journey(
        shipment_id=1,
        partner_key="harbour",
        status=Status.DELIVERED,
        delivered_at=datetime(2026, 11, 9, tzinfo=UTC),
        quantity=ordered,
        delivered_quantity=delivered,
    )
    # A billionth is within rounding.
    assert is_in_full(journey) is (delivered >= ordered - ordered * 1e-9)
