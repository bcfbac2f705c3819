from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.rules.catalogue import judge
from bot.rules.journey import Journey
from bot.rules.not_dispatched import RULE, TOLERANCE
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def packed(at: Times) -> Journey:
    """To be handed over by Friday at 17:00; two working hours later it is Monday at 9:00."""
    return Journey(
        shipment_id=8,
        partner_key="harbour",
        status=Status.LABEL_CREATED,
        ordered_at=at("Thu 09:00"),
        announced_at=at("Thu 15:00"),
        ship_by=at("Fri 17:00"),
    )


def test_a_ship_by_time_missed_on_friday_evening_is_told_on_monday(
    packed: Journey, policy: Policy, at: Times
) -> None:
    for now in (at("Fri 17:30"), at("Sun 12:00"), at("Mon+1 08:59")):
        verdict = RULE.judge(packed, policy, now)
        assert verdict.finding is None
        assert verdict.look_again_at == at("Mon+1 09:00")
    finding = RULE.judge(packed, policy, at("Mon+1 09:00")).finding
    assert finding is not None
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.SHIPPER
    assert finding.since == at("Fri 17:00")
    assert finding.facts == {
        "ship_by": at("Fri 17:00").isoformat(),
        "ordered_at": at("Thu 09:00").isoformat(),
        "is_labelled": True,
        "expected_by": at("Mon+1 09:00").isoformat(),
    }


def test_it_is_critical_two_working_days_after_the_ship_by_time(
    packed: Journey, policy: Policy, at: Times
) -> None:
    verdict = RULE.judge(packed, policy, at("Tue+1 16:59"))
    assert verdict.look_again_at == at("Tue+1 17:00")
    finding = RULE.judge(packed, policy, at("Tue+1 17:00")).finding
    assert finding is not None
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize("status", [Status.IN_TRANSIT, Status.CANCELLED])
def test_the_first_scan_and_the_end_clear_it(
    packed: Journey, policy: Policy, at: Times, status: Status
) -> None:
    journey = replace(packed, status=status)
    assert RULE.judge(journey, policy, at("Tue+1 12:00")).finding is None


def test_it_is_told_instead_of_never_picked_up(packed: Journey, policy: Policy, at: Times) -> None:
    judgement = judge(packed, policy, at("Fri+1 12:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.NOT_DISPATCHED]
    assert judgement.held_back == {CaseKind.NEVER_PICKED_UP: CaseKind.NOT_DISPATCHED}


@pytest.fixture
def ordered(at: Times) -> Journey:
    """On Friday before noon; nobody said by when it is to be dispatched."""
    return Journey(
        shipment_id=9,
        partner_key="northgate",
        status=Status.LABEL_CREATED,
        ordered_at=at("Fri 11:20"),
        announced_at=at("Fri 11:21"),
    )


@pytest.fixture
def with_cut_off(policy: Policy) -> Policy:
    return replace(policy, calendar=replace(policy.calendar, cut_off=time(14)))


def test_ordered_before_the_cut_off_it_is_due_out_that_day(
    ordered: Journey, with_cut_off: Policy, at: Times
) -> None:
    for now in (at("Fri 17:00"), at("Sun 12:00"), at("Mon+1 09:59")):
        verdict = RULE.judge(ordered, with_cut_off, now)
        assert verdict.finding is None
        assert verdict.look_again_at == at("Mon+1 10:00")
    finding = RULE.judge(ordered, with_cut_off, at("Mon+1 10:00")).finding
    assert finding is not None
    assert finding.since == at("Fri 18:00")
    assert finding.facts["ship_by"] == at("Fri 18:00").isoformat()
    assert finding.facts["ordered_at"] == at("Fri 11:20").isoformat()
    assert finding.facts["cut_off"] == "14:00"


def test_ordered_after_the_cut_off_it_is_due_out_the_next_working_day(
    ordered: Journey, with_cut_off: Policy, at: Times
) -> None:
    late = replace(ordered, ordered_at=at("Fri 14:00"))
    assert RULE.judge(late, with_cut_off, at("Mon+1 17:59")).finding is None
    finding = RULE.judge(late, with_cut_off, at("Tue+1 10:00")).finding
    assert finding is not None
    assert finding.since == at("Mon+1 18:00")


def test_what_the_order_says_itself_wins_over_the_cut_off(
    ordered: Journey, with_cut_off: Policy, at: Times
) -> None:
    given = replace(ordered, ship_by=at("Wed+1 12:00"))
    assert RULE.judge(given, with_cut_off, at("Wed+1 13:59")).finding is None
    finding = RULE.judge(given, with_cut_off, at("Wed+1 14:00")).finding
    assert finding is not None
    assert "cut_off" not in finding.facts


def test_without_a_cut_off_and_for_what_a_customer_sends_back_nothing_is_derived(
    ordered: Journey, policy: Policy, with_cut_off: Policy, at: Times
) -> None:
    sent_back = replace(ordered, is_return=True)
    assert RULE.judge(ordered, policy, at("Fri+1 12:00")).finding is None
    assert RULE.judge(sent_back, with_cut_off, at("Fri+1 12:00")).finding is None


def test_without_a_ship_by_time_or_switched_off_it_says_nothing(
    packed: Journey, policy: Policy, at: Times
) -> None:
    off = replace(policy, thresholds=Thresholds({TOLERANCE.name: None}))
    assert RULE.judge(replace(packed, ship_by=None), policy, at("Fri+1 12:00")).finding is None
    assert RULE.judge(packed, off, at("Fri+1 12:00")).finding is None
