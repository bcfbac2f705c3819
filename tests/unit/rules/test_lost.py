from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.journey import Checkpoint, Journey
from bot.rules.lost import RULE
from bot.rules.policy import Policy
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def lost(at: Times) -> Journey:
    """Last seen in Kassel on Tuesday, damaged; said to be lost on Friday; promised for Thursday."""
    return Journey(
        shipment_id=14,
        partner_key="harbour",
        status=Status.LOST,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Fri 09:00"),
        promised_at=at("Thu 12:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT, location="Bremen"),
            Checkpoint(at("Tue 10:00"), Status.IN_TRANSIT, Reason.DAMAGED, location="Kassel"),
            Checkpoint(at("Fri 09:00"), Status.LOST, text="Search ended"),
        ),
    )


def test_it_is_critical_and_says_where_it_was_last_seen(
    lost: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(lost, policy, at("Fri 10:00")).finding
    assert finding is not None
    assert finding.severity is Severity.CRITICAL
    assert finding.side is Side.CARRIER
    assert finding.since == at("Fri 09:00")
    assert finding.facts == {
        "reported_at": at("Fri 09:00").isoformat(),
        "last_seen_at": at("Tue 10:00").isoformat(),
        "last_seen_in": "Kassel",
        "promised_at": at("Thu 12:00").isoformat(),
        "text": "Search ended",
    }


def test_what_is_lost_is_neither_late_nor_damaged(lost: Journey, policy: Policy, at: Times) -> None:
    judgement = judge(lost, policy, at("Fri 10:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.LOST]
    assert judgement.held_back == {
        CaseKind.DAMAGED: CaseKind.LOST,
        CaseKind.PROMISE_PASSED: CaseKind.LOST,
    }
    assert judgement.look_again_at is not None  # the promise's next step, though nobody hears of it


def test_found_again_it_clears(lost: Journey, policy: Policy, at: Times) -> None:
    found = replace(
        lost,
        status=Status.IN_TRANSIT,
        checkpoints=(*lost.checkpoints, Checkpoint(at("Mon+1 10:00"), Status.IN_TRANSIT)),
    )
    assert RULE.judge(found, policy, at("Mon+1 11:00")).finding is None


@pytest.mark.parametrize("status", [Status.ON_HOLD, Status.UNDELIVERABLE])
def test_lost_as_a_reason_is_lost(lost: Journey, policy: Policy, at: Times, status: Status) -> None:
    journey = replace(lost, status=status, reason=Reason.LOST)
    assert RULE.judge(journey, policy, at("Fri 10:00")).finding is not None
    delivered = replace(journey, delivered_at=at("Fri 09:30"))
    assert RULE.judge(delivered, policy, at("Fri 10:00")).finding is None
