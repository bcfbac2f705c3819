from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from bot.rules.eta_past_promise import RULE, TOLERANCE
from bot.rules.journey import Checkpoint, Estimate, Journey
from bot.rules.policy import Policy, Thresholds
from bot.rules.promise_passed import GRACE
from bot.rules.promise_passed import RULE as PROMISE_PASSED
from storage.vocabulary import Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def slipped(at: Times) -> Journey:
    """Promised for Friday noon; on Thursday the carrier says Monday."""
    return Journey(
        shipment_id=4,
        partner_key="harbour",
        status=Status.IN_TRANSIT,
        announced_at=at("Tue 09:00"),
        first_scan_at=at("Wed 10:00"),
        last_scan_at=at("Thu 15:00"),
        promised_at=at("Fri 12:00"),
        estimated_at=at("Mon+1 12:00"),
        checkpoints=(
            Checkpoint(at("Wed 10:00"), Status.IN_TRANSIT, estimated_at=at("Fri 10:00")),
            Checkpoint(at("Thu 10:00"), Status.IN_TRANSIT, estimated_at=at("Sat 12:00")),
            Checkpoint(at("Thu 15:00"), Status.IN_TRANSIT, estimated_at=at("Mon+1 12:00")),
        ),
    )


def test_it_warns_while_the_promise_can_still_be_kept(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(slipped, policy, at("Thu 16:00")).finding
    assert finding is not None
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CARRIER
    assert finding.since == at("Thu 10:00")
    assert finding.facts["estimated_at"] == at("Mon+1 12:00").isoformat()
    assert finding.facts["slip_hours"] == 72


def test_it_hands_over_to_the_passed_promise_without_a_gap(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    handed_over_at = RULE.judge(slipped, policy, at("Fri 12:59")).look_again_at
    assert handed_over_at == at("Fri 13:00")
    assert RULE.judge(slipped, policy, handed_over_at).finding is None
    assert PROMISE_PASSED.judge(slipped, policy, handed_over_at).finding is not None


def test_it_clears_when_the_eta_comes_back(slipped: Journey, policy: Policy, at: Times) -> None:
    back = replace(slipped, estimated_at=at("Fri 12:30"))
    assert RULE.judge(back, policy, at("Thu 16:00")).finding is None


def test_the_tolerance_itself_is_tolerated(slipped: Journey, policy: Policy, at: Times) -> None:
    at_the_limit = replace(slipped, estimated_at=at("Fri 13:00"))
    over_it = replace(slipped, estimated_at=at("Fri 13:00") + timedelta(seconds=1))
    assert RULE.judge(at_the_limit, policy, at("Thu 16:00")).finding is None
    assert RULE.judge(over_it, policy, at("Thu 16:00")).finding is not None


def test_an_eta_that_came_back_and_slipped_again_slipped_the_second_time(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    good_news = Checkpoint(at("Thu 12:00"), Status.IN_TRANSIT, estimated_at=at("Fri 11:00"))
    journey = replace(slipped, checkpoints=(good_news, *slipped.checkpoints))
    finding = RULE.judge(journey, policy, at("Thu 16:00")).finding
    assert finding is not None
    assert finding.since == at("Thu 15:00")


def test_checkpoints_in_any_order_tell_the_same(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    at_once = Checkpoint(at("Thu 15:00"), Status.IN_TRANSIT, estimated_at=at("Fri 11:00"))
    findings = {
        repr(RULE.judge(replace(slipped, checkpoints=order), policy, at("Thu 16:00")).finding)
        for order in permutations((at_once, *slipped.checkpoints))
    }
    assert len(findings) == 1


def test_where_no_checkpoint_tells_when_it_is_since_the_last_scan(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(replace(slipped, checkpoints=()), policy, at("Thu 16:00")).finding
    assert finding is not None
    assert finding.since == at("Thu 15:00")


@pytest.mark.parametrize(
    "status", [Status.DELIVERED, Status.RETURNING, Status.LOST, Status.CANCELLED]
)
def test_without_a_delivery_ahead_an_eta_means_nothing(
    slipped: Journey, policy: Policy, at: Times, status: Status
) -> None:
    assert RULE.judge(replace(slipped, status=status), policy, at("Thu 16:00")).finding is None


def test_switched_off_it_says_nothing(slipped: Journey, policy: Policy, at: Times) -> None:
    off = replace(policy, thresholds=Thresholds({TOLERANCE.name: None}))
    assert RULE.judge(slipped, off, at("Thu 16:00")).finding is None


def test_it_ends_with_the_promise_even_where_that_rule_is_off(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    off = replace(policy, thresholds=Thresholds({GRACE.name: None}))
    assert RULE.judge(slipped, off, at("Fri 11:00")).finding is not None
    assert RULE.judge(slipped, off, at("Fri 12:01")).finding is None


def test_it_says_how_often_the_eta_has_slipped_and_why(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(replace(slipped, reason=Reason.CAPACITY), policy, at("Thu 16:00")).finding
    assert finding is not None
    assert finding.facts["slips"] == 2
    assert finding.facts["slip_working_days"] == 1
    assert finding.facts["reason"] == "capacity"


def test_estimates_that_came_without_a_scan_count_and_small_steps_add_up(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    crept = replace(
        slipped,
        checkpoints=(),
        estimated_at=at("Fri 14:00"),
        estimates=(
            Estimate(at("Wed 09:00"), at("Fri 12:00")),
            Estimate(at("Wed 12:00"), at("Fri 12:40")),
            Estimate(at("Thu 09:00"), at("Fri 13:20")),
            Estimate(at("Thu 09:00"), at("Fri 13:20")),
            Estimate(at("Thu 12:00"), at("Fri 14:00")),
        ),
    )
    finding = RULE.judge(crept, policy, at("Thu 16:00")).finding
    assert finding is not None
    assert finding.since == at("Thu 09:00")
    assert finding.facts["slips"] == 1


def test_late_from_the_first_it_has_slipped_once(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(replace(slipped, checkpoints=()), policy, at("Thu 16:00")).finding
    assert finding is not None
    assert finding.facts["slips"] == 1


def test_while_its_source_lags_behind_it_does_not_hand_over(
    slipped: Journey, policy: Policy, at: Times
) -> None:
    lagging = replace(slipped, heard_until=at("Fri 09:00"))
    verdict = RULE.judge(lagging, policy, at("Fri 15:00"))
    assert verdict.finding is not None
    assert verdict.look_again_at == at("Fri 15:30")
