from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.pickup_expiring import KEPT_FOR, RULE, WARNED_BEFORE
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def waiting(at: Times) -> Journey:
    """At the kiosk since Tuesday morning; reminded of on Thursday."""
    return Journey(
        shipment_id=8,
        partner_key="harbour",
        status=Status.AVAILABLE_FOR_PICKUP,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Thu 10:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Tue 10:00"), Status.AVAILABLE_FOR_PICKUP, location="Kiosk Ost"),
            Checkpoint(at("Thu 10:00"), Status.AVAILABLE_FOR_PICKUP, location="Kiosk Ost"),
        ),
    )


def found(journey: Journey, policy: Policy, now: datetime) -> Finding:
    finding = RULE.judge(journey, policy, now).finding
    assert finding is not None
    return finding


def test_two_days_before_it_goes_back_somebody_is_told_to_remind(
    waiting: Journey, policy: Policy, at: Times
) -> None:
    early = RULE.judge(waiting, policy, at("Wed 10:00"))
    assert early.finding is None
    assert early.look_again_at == at("Sun 10:00")
    assert RULE.judge(waiting, policy, at("Sun 09:59")).finding is None
    finding = found(waiting, policy, at("Sun 10:00"))
    assert finding.kind is CaseKind.PICKUP_EXPIRING
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CONSIGNEE
    assert finding.since == at("Sun 10:00")
    assert finding.facts == {
        "available_since": at("Tue 10:00").isoformat(),
        "returns_at": at("Tue+1 10:00").isoformat(),
        "location": "Kiosk Ost",
    }


def test_on_the_last_day_it_is_critical_and_stays_so(
    waiting: Journey, policy: Policy, at: Times
) -> None:
    assert RULE.judge(waiting, policy, at("Sun 10:00")).look_again_at == at("Mon+1 10:00")
    assert found(waiting, policy, at("Mon+1 09:59")).severity is Severity.WARNING
    for now in (at("Mon+1 10:00"), at("Wed+3 10:00")):
        assert found(waiting, policy, now).severity is Severity.CRITICAL
        assert RULE.judge(waiting, policy, now).look_again_at is None


def test_moved_to_another_point_its_time_starts_again(
    waiting: Journey, policy: Policy, at: Times
) -> None:
    moved = replace(
        waiting,
        checkpoints=(
            *waiting.checkpoints,
            Checkpoint(at("Fri 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Sat 10:00"), Status.AVAILABLE_FOR_PICKUP, location="Kiosk West"),
        ),
    )
    assert RULE.judge(moved, policy, at("Sun 10:00")).look_again_at == at("Thu+1 10:00")
    assert found(moved, policy, at("Thu+1 10:00")).facts["location"] == "Kiosk West"


@pytest.mark.parametrize(
    "status", [Status.DELIVERED, Status.OUT_FOR_DELIVERY, Status.RETURNING, Status.RETURNED]
)
def test_collected_or_gone_it_is_over(
    waiting: Journey, policy: Policy, at: Times, status: Status
) -> None:
    assert RULE.judge(replace(waiting, status=status), policy, at("Mon+1 12:00")).finding is None


def test_collected_though_the_status_lags_behind(
    waiting: Journey, policy: Policy, at: Times
) -> None:
    collected = replace(waiting, delivered_at=at("Sat 12:00"))
    assert RULE.judge(collected, policy, at("Mon+1 12:00")).finding is None


def test_kept_for_less_than_the_warning_takes_it_is_said_at_once(
    waiting: Journey, policy: Policy, at: Times
) -> None:
    one_day = replace(policy, thresholds=Thresholds({KEPT_FOR.name: 1}))
    finding = found(waiting, one_day, at("Tue 10:00"))
    assert finding.since == at("Tue 10:00")
    assert finding.facts["returns_at"] == at("Wed 10:00").isoformat()


def test_it_can_be_switched_off(waiting: Journey, policy: Policy, at: Times) -> None:
    off = replace(policy, thresholds=Thresholds({WARNED_BEFORE.name: None}))
    assert RULE.judge(waiting, off, at("Mon+1 12:00")).finding is None


def test_while_the_source_is_silent_it_may_long_be_collected(
    waiting: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(waiting, heard_until=at("Fri 10:00"))
    verdict = RULE.judge(unheard, policy, at("Mon+1 12:00"))
    assert verdict.finding is None
    assert verdict.look_again_at == at("Mon+1 12:30")


def test_nobody_knows_since_when_it_waits(policy: Policy, at: Times) -> None:
    bare = Journey(shipment_id=8, partner_key="harbour", status=Status.AVAILABLE_FOR_PICKUP)
    assert RULE.judge(bare, policy, at("Mon 12:00")).finding is None
