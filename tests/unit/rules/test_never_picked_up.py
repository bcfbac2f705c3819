from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.rules.journey import Journey
from bot.rules.never_picked_up import PICKED_UP_WITHIN, RULE
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def announced(at: Times) -> Journey:
    """A label made on Thursday at 15:00; 20 working hours are over on Monday at 15:00."""
    return Journey(
        shipment_id=5,
        partner_key="harbour",
        status=Status.LABEL_CREATED,
        announced_at=at("Thu 15:00"),
    )


def test_a_weekend_does_not_count(announced: Journey, policy: Policy, at: Times) -> None:
    for now in (at("Fri 09:00"), at("Sun 15:00"), at("Mon+1 14:59")):
        verdict = RULE.judge(announced, policy, now)
        assert verdict.finding is None
        assert verdict.look_again_at == at("Mon+1 15:00")


def test_after_its_working_hours_it_is_the_shippers_turn(
    announced: Journey, policy: Policy, at: Times
) -> None:
    verdict = RULE.judge(announced, policy, at("Mon+1 15:00"))
    assert verdict.finding is not None
    assert verdict.finding.severity is Severity.WARNING
    assert verdict.finding.side is Side.SHIPPER
    assert verdict.finding.since == at("Mon+1 15:00")
    assert verdict.finding.facts["working_hours"] == 20
    assert verdict.look_again_at is None


def test_nobody_need_hand_it_over_before_its_ship_by_time(
    announced: Journey, policy: Policy, at: Times
) -> None:
    next_week = replace(announced, ship_by=at("Wed+1 12:00"))
    assert RULE.judge(next_week, policy, at("Mon+1 15:00")).finding is None
    assert RULE.judge(next_week, policy, at("Fri+1 12:00")).finding is not None


def test_nor_before_the_cut_off_of_the_partner_has_it_due_out(
    announced: Journey, policy: Policy, at: Times
) -> None:
    """Ordered on Thursday after the cut-off: due out on Friday evening, and two days for a scan."""
    ordered = replace(announced, ordered_at=at("Thu 15:00"), announced_at=at("Thu 15:00"))
    calendar = replace(policy.calendar, cut_off=time(14))
    assert RULE.judge(ordered, policy, at("Mon+1 15:00")).finding is not None
    lenient = replace(policy, calendar=calendar)
    assert RULE.judge(ordered, lenient, at("Tue+1 17:59")).finding is None
    finding = RULE.judge(ordered, lenient, at("Tue+1 18:00")).finding
    assert finding is not None
    assert finding.facts["ship_by"] == at("Fri 18:00").isoformat()


def test_the_first_scan_clears_it(announced: Journey, policy: Policy, at: Times) -> None:
    scanned = replace(announced, status=Status.IN_TRANSIT, first_scan_at=at("Tue+1 09:00"))
    assert RULE.judge(scanned, policy, at("Tue+1 10:00")).finding is None


def test_a_label_printed_again_after_the_first_scan_does_not_bring_it_back(
    announced: Journey, policy: Policy, at: Times
) -> None:
    relabelled = replace(announced, first_scan_at=at("Fri 09:00"))
    assert RULE.judge(relabelled, policy, at("Fri+1 09:00")).finding is None


def test_what_is_only_ordered_is_not_waited_for(
    announced: Journey, policy: Policy, at: Times
) -> None:
    """Goods may take weeks to make: without a ship-by time nobody knows when they are due out."""
    ordered = replace(announced, announced_at=None, ordered_at=at("Mon 08:00"))
    assert RULE.judge(ordered, policy, at("Fri+1 18:00")).finding is None


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DELIVERED])
def test_the_end_clears_it(announced: Journey, policy: Policy, at: Times, status: Status) -> None:
    assert RULE.judge(replace(announced, status=status), policy, at("Fri+1 09:00")).finding is None


def test_with_nothing_to_count_from_or_switched_off_it_says_nothing(
    announced: Journey, policy: Policy, at: Times
) -> None:
    unknown = replace(announced, announced_at=None)
    off = replace(policy, thresholds=Thresholds({PICKED_UP_WITHIN.name: None}))
    assert RULE.judge(unknown, policy, at("Fri+1 09:00")).look_again_at is None
    assert RULE.judge(announced, off, at("Fri+1 09:00")).finding is None
