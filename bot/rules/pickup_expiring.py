"""Pick-up expiring: it waits to be collected, and is sent back within the given hours.

Severity: a warning; critical in the last 24 hours, and after them while it is still there.

Clears: anything but waiting: collected, sent out again, on the way back.

Turn: the consignee, whom somebody has to remind.

A pick-up point keeps it for as long as the book says of its service, from when it was first there;
moved to another point, the time starts again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Side, Status

KEPT_FOR = Threshold(
    "pickup_kept_days",
    default=7,
    unit=ThresholdUnit.DAYS,
    meaning="for which a pick-up point keeps a shipment before it sends it back",
    minimum=1,
    maximum=366,
)
WARNED_BEFORE = Threshold(
    "pickup_warning_hours",
    default=48,
    unit=ThresholdUnit.HOURS,
    meaning="before a pick-up point sends a shipment back: time to remind the consignee",
    minimum=0,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)

_LAST_DAY = timedelta(hours=24)
_MOVED = frozenset({Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY})


@dataclass(frozen=True, slots=True)
class PickupExpiring:
    kind: CaseKind = CaseKind.PICKUP_EXPIRING
    statuses: frozenset[Status] = frozenset({Status.AVAILABLE_FOR_PICKUP})
    thresholds: tuple[Threshold, ...] = (KEPT_FOR, WARNED_BEFORE)
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.status is not Status.AVAILABLE_FOR_PICKUP or journey.is_over:
            return NOTHING
        warned_before = policy.thresholds.get(WARNED_BEFORE)
        arrival = _arrival(journey)
        available_since = arrival.occurred_at if arrival else journey.last_heard_at
        if warned_before is None or available_since is None:
            return NOTHING
        kept_for = timedelta(days=policy.thresholds[KEPT_FOR])
        # Kept for less than the warning takes: it is said when it arrives there.
        warned_after = max(kept_for - timedelta(hours=warned_before), timedelta())
        warned_at = later(available_since, warned_after)
        critical_at = later(available_since, max(kept_for - _LAST_DAY, warned_after))
        as_of = journey.silent_as_of(now)
        if as_of < warned_at:
            return Verdict(look_again_at=journey.look_again_at(warned_at, now))
        is_critical = as_of >= critical_at
        severity = Severity.CRITICAL if is_critical else Severity.WARNING
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=warned_at,
            side=Side.CONSIGNEE,
            facts={
                "available_since": available_since.isoformat(),
                "returns_at": later(available_since, kept_for).isoformat(),
                "location": arrival.location if arrival else None,
            },
        )
        return Verdict(finding, None if is_critical else journey.look_again_at(critical_at, now))


def _arrival(journey: Journey) -> Checkpoint | None:
    """The first that says it waits there, since it last moved."""
    moved_at = max(
        (one.occurred_at for one in journey.checkpoints if one.status in _MOVED), default=None
    )
    since_moved = [
        one
        for one in journey.checkpoints
        if one.status is Status.AVAILABLE_FOR_PICKUP
        and (moved_at is None or one.occurred_at >= moved_at)
    ]
    return min(since_moved, key=_order_of_arrival, default=None)


def _order_of_arrival(checkpoint: Checkpoint) -> tuple[datetime, str]:
    return checkpoint.occurred_at, checkpoint.location or ""


RULE = PickupExpiring()
