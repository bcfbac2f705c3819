from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.damaged import RULE
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def crushed(at: Times) -> Journey:
    """Damaged on Tuesday, and sent on on Wednesday."""
    return Journey(
        shipment_id=13,
        partner_key="harbour",
        status=Status.IN_TRANSIT,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Wed 09:00"),
        promised_at=at("Thu 12:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Tue 11:00"), Status.ON_HOLD, Reason.DAMAGED, "Crushed", "Kassel"),
            Checkpoint(at("Wed 09:00"), Status.IN_TRANSIT),
        ),
    )


def test_no_later_scan_mends_it(crushed: Journey, policy: Policy, at: Times) -> None:
    finding = RULE.judge(crushed, policy, at("Wed 10:00")).finding
    assert finding is not None
    assert finding.severity is Severity.CRITICAL
    assert finding.side is Side.CARRIER
    assert finding.since == at("Tue 11:00")
    assert finding.facts == {
        "reported_at": at("Tue 11:00").isoformat(),
        "delivered_at": None,
        "location": "Kassel",
        "text": "Crushed",
    }


def test_what_is_damaged_is_not_also_late(crushed: Journey, policy: Policy, at: Times) -> None:
    judgement = judge(crushed, policy, at("Fri 14:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.DAMAGED]
    assert judgement.held_back[CaseKind.PROMISE_PASSED] is CaseKind.DAMAGED


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.RETURNED, Status.CANCELLED])
def test_the_end_clears_it(crushed: Journey, policy: Policy, at: Times, status: Status) -> None:
    assert RULE.judge(replace(crushed, status=status), policy, at("Thu 10:00")).finding is None


def test_one_cancelled_after_its_delivery_is_nobodys_claim(
    crushed: Journey, policy: Policy, at: Times
) -> None:
    cancelled = replace(
        crushed, status=Status.CANCELLED, reason=Reason.DAMAGED, delivered_at=at("Thu 10:00")
    )
    assert RULE.judge(cancelled, policy, at("Thu 11:00")).finding is None


def test_delivered_damaged_it_stands_while_a_claim_can_be_made(
    crushed: Journey, policy: Policy, at: Times
) -> None:
    delivered = replace(
        crushed,
        status=Status.DELIVERED,
        reason=Reason.DAMAGED,
        delivered_at=at("Thu 10:00"),
        checkpoints=(Checkpoint(at("Thu 10:00"), Status.DELIVERED, Reason.DAMAGED, "Wet"),),
    )
    verdict = RULE.judge(delivered, policy, at("Thu 11:00"))
    assert verdict.finding is not None
    assert verdict.finding.facts["delivered_at"] == at("Thu 10:00").isoformat()
    assert verdict.look_again_at == at("Thu+1 10:00")
    assert RULE.judge(delivered, policy, at("Thu+1 10:00")).finding is None


def test_a_sound_shipment_is_not_spoken_of(crushed: Journey, policy: Policy, at: Times) -> None:
    sound = replace(crushed, checkpoints=crushed.checkpoints[:1])
    assert RULE.judge(sound, policy, at("Wed 10:00")).finding is None
