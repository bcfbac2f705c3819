from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy
from bot.rules.refused import RULE
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def refused(at: Times) -> Journey:
    return Journey(
        shipment_id=6,
        partner_key="harbour",
        status=Status.ATTEMPT_FAILED,
        reason=Reason.REFUSED,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Tue 14:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Tue 14:00"), Status.ATTEMPT_FAILED, Reason.REFUSED),
        ),
    )


def found(journey: Journey, policy: Policy, now: datetime) -> Finding:
    finding = RULE.judge(journey, policy, now).finding
    assert finding is not None
    return finding


def test_the_consignee_would_not_take_it(refused: Journey, policy: Policy, at: Times) -> None:
    finding = found(refused, policy, at("Tue 15:00"))
    assert finding.kind is CaseKind.REFUSED
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CONSIGNEE
    assert finding.since == at("Tue 14:00")
    assert finding.facts == {
        "reported_at": at("Tue 14:00").isoformat(),
        "status": "attempt_failed",
    }


def test_one_refusal_is_one_exception_and_not_also_a_failed_attempt(
    refused: Journey, policy: Policy, at: Times
) -> None:
    late_too = replace(refused, promised_at=at("Tue 12:00"))
    kinds = {finding.kind for finding in judge(late_too, policy, at("Wed 12:00")).findings}
    assert kinds == {CaseKind.REFUSED}


@pytest.mark.parametrize(
    "status", [Status.OUT_FOR_DELIVERY, Status.DELIVERED, Status.RETURNING, Status.CANCELLED]
)
def test_sent_again_delivered_or_on_its_way_back_it_is_over(
    refused: Journey, policy: Policy, at: Times, status: Status
) -> None:
    later = replace(
        refused,
        status=status,
        checkpoints=(*refused.checkpoints, Checkpoint(at("Wed 10:00"), status)),
    )
    assert RULE.judge(later, policy, at("Wed 11:00")).finding is None


def test_undeliverable_or_for_an_important_customer_it_is_critical(
    refused: Journey, policy: Policy, at: Times
) -> None:
    for journey in (
        replace(refused, status=Status.UNDELIVERABLE),
        replace(refused, priority="High "),
    ):
        assert found(journey, policy, at("Tue 15:00")).severity is Severity.CRITICAL


def test_nobody_refused_what_nobody_was_asked_to_take(
    refused: Journey, policy: Policy, at: Times
) -> None:
    journey = replace(refused, reason=Reason.NOT_HOME, checkpoints=refused.checkpoints[:1])
    assert RULE.judge(journey, policy, at("Tue 15:00")).finding is None
