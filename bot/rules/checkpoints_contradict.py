"""Checkpoints contradict: what the carrier tells of it cannot all be true.

Severity: a warning; only info where it was scanned before it was ordered.

Clears: news that removes the contradiction, as a second delivery or a return does; the moment
itself, where it was told from the future; the end of the journey.

Turn: the carrier's, who has to say what is true.

It is one of these, the first that holds:

- scanned_in_future: the last scan lies further ahead of now than the tolerance;
- scanned_after_delivery: delivered, and scanned on its way by more than the tolerance later. A
  return is none, nor the rest of a delivery that was short, nor a number that is used again;
- scanned_before_order: first scanned more than the given days before it was ordered.

Within the tolerances it is noise: scans that arrive late, twice, or by a clock in another zone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, Journey
from bot.rules.number_reused import REUSED_AFTER, checkpoints_since
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from storage.vocabulary import CaseKind, Severity, Side, Status

TOLERANCE = Threshold(
    "contradiction_tolerance_hours",
    default=24,
    unit=ThresholdUnit.HOURS,
    meaning="by which a scan may lie after the delivery, or ahead of now",
    minimum=1,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)
BEFORE_ORDER = Threshold(
    "scan_before_order_days",
    default=14,
    unit=ThresholdUnit.DAYS,
    meaning="by which the first scan may lie before the order",
    minimum=0,
    maximum=10 * 366,
    can_be_off=CanBeOff.YES,
)

_ON_ITS_WAY = frozenset(
    {
        Status.IN_TRANSIT,
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.ATTEMPT_FAILED,
        Status.ON_HOLD,
    }
)


@dataclass(frozen=True, slots=True)
class _Contradiction:
    what: str
    scanned_at: datetime
    against: datetime | None
    """The moment that the scan contradicts; None where that is now."""
    since: datetime
    location: str | None = None


@dataclass(frozen=True, slots=True)
class CheckpointsContradict:
    kind: CaseKind = CaseKind.CHECKPOINTS_CONTRADICT
    statuses: frozenset[Status] = OPEN_STATUSES - {Status.RETURNING}
    thresholds: tuple[Threshold, ...] = (TOLERANCE, BEFORE_ORDER)
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.last_scan_at is None or journey.status not in self.statuses:
            return NOTHING
        hours = policy.thresholds.get(TOLERANCE)
        if hours is not None:
            tolerance = timedelta(hours=hours)
            if journey.last_scan_at - now > tolerance:
                found = _scanned_in_future(journey.last_scan_at, journey)
                finding = self._finding(journey, found, Severity.WARNING)
                return Verdict(finding, journey.last_scan_at - tolerance)
            after_delivery = _scanned_after_delivery(journey, policy, tolerance)
            if after_delivery is not None:
                return Verdict(self._finding(journey, after_delivery, Severity.WARNING))
        before_order = _scanned_before_order(journey, policy)
        if before_order is not None:
            return Verdict(self._finding(journey, before_order, Severity.INFO))
        return NOTHING

    def _finding(self, journey: Journey, found: _Contradiction, severity: Severity) -> Finding:
        return Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=severity,
            since=found.since,
            side=Side.CARRIER,
            facts={
                "what": found.what,
                "scanned_at": found.scanned_at.isoformat(),
                "against": found.against.isoformat() if found.against else None,
                "location": found.location,
            },
        )


def _scanned_in_future(scanned_at: datetime, journey: Journey) -> _Contradiction:
    told = journey.latest(lambda one: one.occurred_at == scanned_at)
    return _Contradiction(
        "scanned_in_future",
        scanned_at,
        None,
        since=journey.first_scan_at or scanned_at,
        location=told.location if told else None,
    )


def _scanned_after_delivery(
    journey: Journey, policy: Policy, tolerance: timedelta
) -> _Contradiction | None:
    delivered_at = journey.delivered_at
    if delivered_at is None or _was_short(journey):
        return None
    days = policy.thresholds.get(REUSED_AFTER)
    another_after = timedelta.max if days is None else timedelta(days=days)
    scans = [
        (one.occurred_at, one.location or "")
        for one in checkpoints_since(journey, delivered_at)
        if one.status in _ON_ITS_WAY and tolerance < one.occurred_at - delivered_at <= another_after
    ]
    if not scans:
        return None
    scanned_at, location = min(scans)
    return _Contradiction(
        "scanned_after_delivery",
        scanned_at,
        delivered_at,
        since=scanned_at,
        location=location or None,
    )


def _scanned_before_order(journey: Journey, policy: Policy) -> _Contradiction | None:
    first_scan_at, ordered_at = journey.first_scan_at, journey.ordered_at
    if first_scan_at is None or ordered_at is None or journey.is_over:
        return None
    days = policy.thresholds.get(BEFORE_ORDER)
    if days is None or ordered_at - first_scan_at <= timedelta(days=days):
        return None
    return _Contradiction("scanned_before_order", first_scan_at, ordered_at, since=ordered_at)


def _was_short(journey: Journey) -> bool:
    return (
        journey.quantity is not None
        and journey.delivered_quantity is not None
        and journey.delivered_quantity < journey.quantity
    )


RULE = CheckpointsContradict()
