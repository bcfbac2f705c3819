from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.journey import Checkpoint, Journey
from bot.rules.on_hold import HELD_FOR, RULE
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def held(at: Times) -> Journey:
    """Held since Friday at 12:00; ten working hours are over on Monday at 12:00."""
    return Journey(
        shipment_id=12,
        partner_key="harbour",
        status=Status.ON_HOLD,
        reason=Reason.NOT_READY,
        first_scan_at=at("Thu 10:00"),
        last_scan_at=at("Fri 12:00"),
        checkpoints=(
            Checkpoint(at("Thu 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Fri 12:00"), Status.ON_HOLD, Reason.NOT_READY, "Awaiting order", "Ulm"),
        ),
    )


def test_over_a_weekend_a_hold_is_none(held: Journey, policy: Policy, at: Times) -> None:
    for now in (at("Fri 13:00"), at("Sun 23:00"), at("Mon+1 11:59")):
        verdict = RULE.judge(held, policy, now)
        assert verdict.finding is None
        assert verdict.look_again_at == at("Mon+1 12:00")


def test_after_its_working_hours_it_is_the_turn_of_the_reasons_side(
    held: Journey, policy: Policy, at: Times
) -> None:
    verdict = RULE.judge(held, policy, at("Mon+1 12:00"))
    assert verdict.finding is not None
    assert verdict.finding.severity is Severity.WARNING
    assert verdict.finding.side is Side.SHIPPER
    assert verdict.finding.since == at("Fri 12:00")
    assert verdict.finding.facts == {
        "reason": "not_ready",
        "held_since": at("Fri 12:00").isoformat(),
        "working_hours": 10,
        "location": "Ulm",
        "text": "Awaiting order",
    }
    assert verdict.look_again_at == at("Thu+1 12:00")
    at_last = RULE.judge(held, policy, at("Thu+1 12:00")).finding
    assert at_last is not None
    assert at_last.severity is Severity.CRITICAL


@pytest.mark.parametrize("reason", [Reason.DOCUMENTS, Reason.DAMAGED, Reason.LOST])
def test_what_has_a_rule_of_its_own_is_left_to_it(
    held: Journey, policy: Policy, at: Times, reason: Reason
) -> None:
    assert RULE.judge(replace(held, reason=reason), policy, at("Fri+1 12:00")).finding is None


def test_it_is_told_instead_of_the_missing_scan_and_the_delay(
    held: Journey, policy: Policy, at: Times
) -> None:
    broken_down = replace(held, reason=Reason.VEHICLE)
    judgement = judge(broken_down, policy, at("Fri+1 12:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.ON_HOLD]
    assert judgement.held_back == {
        CaseKind.NO_SCAN: CaseKind.ON_HOLD,
        CaseKind.CARRIER_DELAY: CaseKind.ON_HOLD,
    }


@pytest.mark.parametrize("status", [Status.IN_TRANSIT, Status.DELIVERED, Status.LOST])
def test_what_comes_next_clears_it(
    held: Journey, policy: Policy, at: Times, status: Status
) -> None:
    assert RULE.judge(replace(held, status=status), policy, at("Fri+1 12:00")).finding is None


def test_stated_without_a_checkpoint_it_counts_from_the_last_scan(
    held: Journey, policy: Policy, at: Times
) -> None:
    stated = replace(held, checkpoints=held.checkpoints[:1], last_scan_at=at("Thu 10:00"))
    finding = RULE.judge(stated, policy, at("Mon+1 12:00")).finding
    assert finding is not None
    assert finding.since == at("Thu 10:00")


def test_switched_off_it_says_nothing(held: Journey, policy: Policy, at: Times) -> None:
    off = replace(policy, thresholds=Thresholds({HELD_FOR.name: None}))
    assert RULE.judge(held, off, at("Fri+1 12:00")).finding is None
