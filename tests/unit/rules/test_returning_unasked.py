from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy
from bot.rules.returning_unasked import RULE
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def coming_back(at: Times) -> Journey:
    return Journey(
        shipment_id=11,
        partner_key="harbour",
        status=Status.RETURNING,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Wed 09:00"),
        promised_at=at("Tue 18:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Tue 08:00"), Status.OUT_FOR_DELIVERY),
            Checkpoint(at("Tue 14:00"), Status.ATTEMPT_FAILED, Reason.BAD_ADDRESS),
            Checkpoint(at("Wed 09:00"), Status.RETURNING),
        ),
    )


def with_more(journey: Journey, *more: Checkpoint) -> Journey:
    latest = more[-1]
    return replace(
        journey,
        status=latest.status,
        reason=latest.reason,
        checkpoints=(*journey.checkpoints, *more),
    )


def found(journey: Journey, policy: Policy, now: datetime) -> Finding:
    finding = RULE.judge(journey, policy, now).finding
    assert finding is not None
    return finding


def test_it_comes_back_and_nobody_asked_for_it(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    finding = found(coming_back, policy, at("Wed 10:00"))
    assert finding.kind is CaseKind.RETURNING_UNASKED
    assert finding.severity is Severity.WARNING
    assert finding.since == at("Wed 09:00")
    assert finding.side is Side.SHIPPER
    assert finding.facts == {
        "status": "returning",
        "returning_since": at("Wed 09:00").isoformat(),
        "reason": "bad_address",
    }


def test_it_stands_for_the_broken_promise_and_the_failed_attempt_too(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    kinds = {finding.kind for finding in judge(coming_back, policy, at("Thu 09:00")).findings}
    assert kinds == {CaseKind.RETURNING_UNASKED}


def test_depots_on_the_way_back_change_nothing(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    in_depot = with_more(coming_back, Checkpoint(at("Thu 03:00"), Status.IN_TRANSIT))
    assert found(in_depot, policy, at("Thu 04:00")) == found(coming_back, policy, at("Wed 10:00"))


def test_turned_round_again_it_is_over(coming_back: Journey, policy: Policy, at: Times) -> None:
    out_again = with_more(coming_back, Checkpoint(at("Thu 08:00"), Status.OUT_FOR_DELIVERY))
    in_depot = with_more(out_again, Checkpoint(at("Thu 18:00"), Status.IN_TRANSIT))
    assert RULE.judge(out_again, policy, at("Thu 09:00")).finding is None
    assert RULE.judge(in_depot, policy, at("Thu 19:00")).finding is None


def test_back_at_the_shippers_it_waits_for_a_decision(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    back = with_more(coming_back, Checkpoint(at("Fri 09:00"), Status.RETURNED, Reason.MISSORT))
    finding = found(back, policy, at("Mon+4 09:00"))
    assert finding.side is Side.SHIPPER
    assert finding.since == at("Wed 09:00")
    assert finding.facts["status"] == "returned"
    assert RULE.judge(replace(back, status=Status.DISPOSITIONED), policy, at("Mon+4 09:00")) == (
        RULE.judge(replace(back, is_return=True), policy, at("Mon+4 09:00"))
    )


def test_a_carrier_that_gives_no_reason_has_to_say_why(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    bare = replace(coming_back, checkpoints=(Checkpoint(at("Wed 09:00"), Status.RETURNING),))
    finding = found(bare, policy, at("Wed 10:00"))
    assert finding.side is Side.CARRIER
    assert finding.facts["reason"] is None


def test_a_return_that_was_asked_for_is_no_exception(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    asked_for = replace(coming_back, is_return=True)
    assert RULE.judge(asked_for, policy, at("Wed 10:00")).finding is None


def test_stated_without_a_checkpoint_it_is_believed(
    coming_back: Journey, policy: Policy, at: Times
) -> None:
    finding = found(replace(coming_back, checkpoints=()), policy, at("Wed 10:00"))
    assert finding.since == at("Wed 09:00")
