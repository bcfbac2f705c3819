"""Number reused: delivered, and its number is scanned again more than the given days later.

Severity: a warning.

Clears: as many days without another such scan; a return, which is the same shipment on its way
back.

Turn: the shipper's, who has to tell the second shipment from the first.

Carriers give a number out again after some months. What the second shipment does would be told of
the first, so this is said instead of a contradiction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from storage.vocabulary import CaseKind, Severity, Side, Status

REUSED_AFTER = Threshold(
    "number_reused_after_days",
    default=30,
    unit=ThresholdUnit.DAYS,
    meaning="from the delivery to a scan that is another shipment's",
    minimum=1,
    maximum=10 * 366,
    can_be_off=CanBeOff.YES,
)

_THE_WAY_BACK = frozenset({Status.RETURNING, Status.RETURNED})
_OF_ANOTHER_SHIPMENT = frozenset(
    {
        Status.IN_TRANSIT,
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.ATTEMPT_FAILED,
        Status.ON_HOLD,
        Status.DELIVERED,
    }
)


@dataclass(frozen=True, slots=True)
class NumberReused:
    kind: CaseKind = CaseKind.NUMBER_REUSED
    statuses: frozenset[Status] = _OF_ANOTHER_SHIPMENT
    thresholds: tuple[Threshold, ...] = (REUSED_AFTER,)
    explains: frozenset[CaseKind] = frozenset({CaseKind.CHECKPOINTS_CONTRADICT})
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        delivered_at, last_scan_at = journey.delivered_at, journey.last_scan_at
        if delivered_at is None or last_scan_at is None or journey.status not in self.statuses:
            return NOTHING
        days = policy.thresholds.get(REUSED_AFTER)
        if days is None or last_scan_at - delivered_at <= timedelta(days=days):
            return NOTHING
        apart = timedelta(days=days)
        scans = [
            one
            for one in checkpoints_since(journey, delivered_at)
            if one.status in _OF_ANOTHER_SHIPMENT and one.occurred_at - delivered_at > apart
        ]
        if not scans:
            return NOTHING
        stands_until = later(max(one.occurred_at for one in scans), apart)
        if now >= stands_until:
            return NOTHING
        again = min(scans, key=lambda one: (one.occurred_at, one.location or ""))
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=Severity.WARNING,
            since=again.occurred_at,
            side=Side.SHIPPER,
            facts={
                "delivered_at": delivered_at.isoformat(),
                "scanned_again_at": again.occurred_at.isoformat(),
                "days_between": (again.occurred_at - delivered_at).days,
                "location": again.location,
            },
        )
        return Verdict(finding, stands_until)


def checkpoints_since(journey: Journey, delivered_at: datetime) -> list[Checkpoint]:
    """Those after the delivery; none where they are of the way back."""
    since = [one for one in journey.checkpoints if one.occurred_at > delivered_at]
    return [] if any(one.status in _THE_WAY_BACK for one in since) else since


RULE = NumberReused()
