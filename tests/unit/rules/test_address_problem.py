from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import permutations

import pytest

from bot.rules.address_problem import CRITICAL_AFTER, RULE
from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def misaddressed(at: Times) -> Journey:
    return Journey(
        shipment_id=5,
        partner_key="harbour",
        status=Status.ON_HOLD,
        reason=Reason.BAD_ADDRESS,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Tue 14:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Tue 08:00"), Status.OUT_FOR_DELIVERY),
            Checkpoint(at("Tue 14:00"), Status.ON_HOLD, Reason.BAD_ADDRESS),
        ),
    )


def with_more(journey: Journey, *more: Checkpoint) -> Journey:
    latest = more[-1]
    return replace(
        journey,
        status=latest.status,
        reason=latest.reason,
        last_scan_at=latest.occurred_at,
        checkpoints=(*journey.checkpoints, *more),
    )


def found(journey: Journey, policy: Policy, now: datetime) -> Finding:
    finding = RULE.judge(journey, policy, now).finding
    assert finding is not None
    return finding


def test_a_wrong_address_is_a_warning_and_the_consignees_turn(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    finding = found(misaddressed, policy, at("Tue 15:00"))
    assert finding.kind is CaseKind.ADDRESS_PROBLEM
    assert finding.subject == "shipment:5"
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CONSIGNEE
    assert finding.since == at("Tue 14:00")
    assert finding.facts == {
        "reason": "bad_address",
        "reported_at": at("Tue 14:00").isoformat(),
        "status": "on_hold",
    }


def test_two_working_days_later_it_is_critical_and_not_after_a_weekend(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    verdict = RULE.judge(misaddressed, policy, at("Tue 15:00"))
    assert verdict.look_again_at == at("Thu 14:00")
    assert found(misaddressed, policy, at("Thu 13:59")).severity is Severity.WARNING
    assert found(misaddressed, policy, at("Thu 14:00")).severity is Severity.CRITICAL
    assert RULE.judge(misaddressed, policy, at("Thu 14:00")).look_again_at is None
    told_on_friday = replace(
        misaddressed,
        checkpoints=(Checkpoint(at("Fri 17:00"), Status.ON_HOLD, Reason.MOVED),),
    )
    assert found(told_on_friday, policy, at("Mon+1 09:00")).severity is Severity.WARNING
    hasty = replace(policy, thresholds=Thresholds({CRITICAL_AFTER.name: 0}))
    assert found(misaddressed, hasty, at("Tue 14:00")).severity is Severity.CRITICAL


def test_a_scan_in_the_depot_solves_nothing_and_out_for_delivery_does(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    in_depot = with_more(misaddressed, Checkpoint(at("Tue 18:00"), Status.IN_TRANSIT))
    out_again = with_more(in_depot, Checkpoint(at("Wed 08:00"), Status.OUT_FOR_DELIVERY))
    back_in_depot = with_more(out_again, Checkpoint(at("Wed 18:00"), Status.IN_TRANSIT))
    assert found(in_depot, policy, at("Tue 19:00")).facts["reason"] == "bad_address"
    assert RULE.judge(out_again, policy, at("Wed 09:00")).finding is None
    assert RULE.judge(back_in_depot, policy, at("Wed 19:00")).finding is None


def test_told_again_it_stands_since_it_was_first_told(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    twice = with_more(
        misaddressed, Checkpoint(at("Wed 11:00"), Status.ATTEMPT_FAILED, Reason.NO_ACCESS)
    )
    finding = found(twice, policy, at("Wed 12:00"))
    assert finding.since == at("Tue 14:00")
    assert finding.facts["reason"] == "no_access"
    assert finding.facts["reported_at"] == at("Wed 11:00").isoformat()


def test_called_undeliverable_it_is_critical(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    given_up = with_more(misaddressed, Checkpoint(at("Tue 18:00"), Status.UNDELIVERABLE))
    assert found(given_up, policy, at("Tue 19:00")).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "status",
    [
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.DELIVERED,
        Status.RETURNING,
        Status.RETURNED,
        Status.DISPOSITIONED,
        Status.LOST,
        Status.CANCELLED,
    ],
)
def test_what_leaves_it_behind_clears_it(
    misaddressed: Journey, policy: Policy, at: Times, status: Status
) -> None:
    # Even where the carrier repeats the old reason with it.
    journey = with_more(misaddressed, Checkpoint(at("Wed 10:00"), status, Reason.BAD_ADDRESS))
    assert RULE.judge(journey, policy, at("Wed 11:00")).finding is None


@pytest.mark.parametrize("reason", [None, Reason.REFUSED, Reason.NOT_HOME, Reason.DELAY])
def test_other_reasons_are_not_about_the_address(
    misaddressed: Journey, policy: Policy, at: Times, reason: Reason | None
) -> None:
    journey = replace(
        misaddressed,
        reason=reason,
        checkpoints=(Checkpoint(at("Tue 14:00"), Status.ON_HOLD, reason),),
    )
    assert RULE.judge(journey, policy, at("Tue 15:00")).finding is None


def test_a_reason_stated_without_a_checkpoint_is_believed(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    finding = found(replace(misaddressed, checkpoints=()), policy, at("Tue 15:00"))
    assert finding.since == at("Tue 14:00")


def test_while_the_source_is_silent_it_does_not_get_worse(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(misaddressed, heard_until=at("Wed 12:00"))
    assert found(unheard, policy, at("Fri 12:00")).severity is Severity.WARNING


def test_told_at_one_moment_with_the_tour_it_failed_on_it_stands(
    misaddressed: Journey, policy: Policy, at: Times
) -> None:
    """A source that gives dates only: all of a day has happened at noon."""
    noon = at("Tue 12:00")
    of_a_day = (
        Checkpoint(noon, Status.OUT_FOR_DELIVERY),
        Checkpoint(noon, Status.ATTEMPT_FAILED, Reason.BAD_ADDRESS),
        Checkpoint(noon, Status.ATTEMPT_FAILED, Reason.MOVED),
    )
    findings = {
        repr(found(replace(misaddressed, checkpoints=order), policy, at("Tue 13:00")))
        for order in permutations(of_a_day)
    }
    assert len(findings) == 1
