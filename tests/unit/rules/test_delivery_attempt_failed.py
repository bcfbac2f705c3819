from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import permutations

import pytest

from bot.rules.delivery_attempt_failed import CRITICAL_FROM, RULE
from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def failed(at: Times) -> Journey:
    return Journey(
        shipment_id=7,
        partner_key="harbour",
        status=Status.ATTEMPT_FAILED,
        reason=Reason.NOT_HOME,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Tue 14:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Tue 08:00"), Status.OUT_FOR_DELIVERY),
            Checkpoint(at("Tue 14:00"), Status.ATTEMPT_FAILED, Reason.NOT_HOME),
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


def test_nobody_home_is_a_warning_and_the_consignees_turn(
    failed: Journey, policy: Policy, at: Times
) -> None:
    finding = found(failed, policy, at("Tue 15:00"))
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CONSIGNEE
    assert finding.since == at("Tue 14:00")
    assert finding.facts == {
        "attempts": 1,
        "attempted_at": at("Tue 14:00").isoformat(),
        "reason": "not_home",
        "reasons_before": None,
    }


def test_back_in_the_depot_is_no_progress_and_out_again_is(
    failed: Journey, policy: Policy, at: Times
) -> None:
    in_depot = with_more(failed, Checkpoint(at("Tue 18:00"), Status.IN_TRANSIT))
    out_again = with_more(in_depot, Checkpoint(at("Wed 08:00"), Status.OUT_FOR_DELIVERY))
    assert RULE.judge(in_depot, policy, at("Tue 19:00")).finding is not None
    assert RULE.judge(out_again, policy, at("Wed 09:00")).finding is None


def test_the_second_failure_is_critical(failed: Journey, policy: Policy, at: Times) -> None:
    twice = with_more(
        failed,
        Checkpoint(at("Wed 08:00"), Status.OUT_FOR_DELIVERY),
        Checkpoint(at("Wed 14:00"), Status.ATTEMPT_FAILED, Reason.BAD_ADDRESS),
    )
    finding = found(twice, policy, at("Wed 15:00"))
    assert finding.severity is Severity.CRITICAL
    assert finding.facts["attempts"] == 2
    assert finding.facts["reason"] == "bad_address"
    assert finding.facts["reasons_before"] == "not_home"
    patient = replace(policy, thresholds=Thresholds({CRITICAL_FROM.name: 3}))
    assert found(twice, patient, at("Wed 15:00")).severity is Severity.WARNING


def test_the_first_failure_at_an_important_customer_is_critical(
    failed: Journey, policy: Policy, at: Times
) -> None:
    important = replace(failed, priority="high")
    assert found(important, policy, at("Tue 15:00")).severity is Severity.CRITICAL


def test_one_attempt_told_twice_within_the_hour_is_one(
    failed: Journey, policy: Policy, at: Times
) -> None:
    told_twice = with_more(failed, Checkpoint(at("Tue 14:05"), Status.ATTEMPT_FAILED))
    finding = found(told_twice, policy, at("Tue 15:00"))
    assert finding.facts["attempts"] == 1
    assert finding.facts["reason"] == "not_home"
    assert finding.since == at("Tue 14:00")


def test_without_a_reason_the_carrier_has_to_say_more(
    failed: Journey, policy: Policy, at: Times
) -> None:
    bare = replace(
        failed, reason=None, checkpoints=(Checkpoint(at("Tue 14:00"), Status.ATTEMPT_FAILED),)
    )
    finding = found(bare, policy, at("Tue 15:00"))
    assert finding.side is Side.CARRIER
    assert finding.facts["reason"] is None


@pytest.mark.parametrize(
    "status",
    [
        Status.DELIVERED,
        Status.AVAILABLE_FOR_PICKUP,
        Status.RETURNING,
        Status.RETURNED,
        Status.LOST,
        Status.CANCELLED,
    ],
)
def test_what_comes_next_clears_it(
    failed: Journey, policy: Policy, at: Times, status: Status
) -> None:
    journey = with_more(failed, Checkpoint(at("Wed 10:00"), status))
    assert RULE.judge(journey, policy, at("Wed 11:00")).finding is None


def test_what_the_carrier_gives_up_is_not_moving_again_but_critical(
    failed: Journey, policy: Policy, at: Times
) -> None:
    given_up = with_more(failed, Checkpoint(at("Wed 10:00"), Status.UNDELIVERABLE))
    finding = found(given_up, policy, at("Wed 11:00"))
    assert finding.severity is Severity.CRITICAL
    assert finding.since == at("Tue 14:00")
    assert finding.side is Side.CONSIGNEE
    assert finding.facts["attempts"] == 1
    assert finding.facts["reason"] == "not_home"
    assert finding.facts["status"] == "undeliverable"
    vaguely = replace(given_up, reason=Reason.UNKNOWN)
    assert found(vaguely, policy, at("Wed 11:00")).facts["reason"] == "not_home"


def test_given_up_without_a_word_before_is_found_when_it_is_said(
    failed: Journey, policy: Policy, at: Times
) -> None:
    under_way = replace(failed, checkpoints=failed.checkpoints[:2])
    given_up = with_more(under_way, Checkpoint(at("Wed 10:00"), Status.UNDELIVERABLE))
    finding = found(given_up, policy, at("Wed 11:00"))
    assert finding.severity is Severity.CRITICAL
    assert finding.since == at("Wed 10:00")
    assert finding.side is Side.CARRIER
    assert (finding.facts["attempts"], finding.facts["reason"]) == (0, None)
    for status in (Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.RETURNING):
        goes_on = with_more(given_up, Checkpoint(at("Thu 10:00"), status))
        assert RULE.judge(goes_on, policy, at("Thu 11:00")).finding is None


def test_that_the_carrier_tracks_it_no_longer_is_no_delivery(
    failed: Journey, policy: Policy, at: Times
) -> None:
    expired = with_more(failed, Checkpoint(at("Wed 10:00"), Status.EXPIRED))
    assert found(expired, policy, at("Wed 11:00")).severity is Severity.WARNING


def test_a_carrier_that_states_it_without_a_checkpoint_is_believed(
    failed: Journey, policy: Policy, at: Times
) -> None:
    finding = found(replace(failed, checkpoints=()), policy, at("Tue 15:00"))
    assert finding.facts["attempts"] == 1
    assert finding.since == at("Tue 14:00")
    assert finding.side is Side.CONSIGNEE


def test_checkpoints_in_any_order_tell_the_same(failed: Journey, policy: Policy, at: Times) -> None:
    journey = with_more(
        failed,
        Checkpoint(at("Wed 14:00"), Status.ATTEMPT_FAILED, Reason.CLOSED),
        Checkpoint(at("Wed 14:00"), Status.ATTEMPT_FAILED, Reason.REFUSED),
    )
    findings = {
        repr(found(replace(journey, checkpoints=order), policy, at("Wed 15:00")))
        for order in permutations(journey.checkpoints)
    }
    assert len(findings) == 1
