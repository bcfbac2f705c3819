"""ETA past the promise: the carrier itself expects to deliver later than promised, by more than
the tolerance, while the promise can still be kept.

Severity: a warning.

Clears: an ETA that comes back; the promise's own passing (that is an exception of its own, and
worse); the end of the journey, or of any delivery ahead: lost, undeliverable, on the way back.

Turn: the side of the latest reason, else the carrier's.

The ETA has slipped once each time that the carrier moved it later by more than the tolerance; small
steps add up, and an ETA that is past the promise from the first has slipped once. It explains the
delay that the carrier announces, and names its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.promise_passed import promise_passes_at
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Status

TOLERANCE = Threshold(
    "eta_slip_tolerance_minutes",
    default=60,
    unit=ThresholdUnit.MINUTES,
    meaning="by which a carrier's ETA may lie past the promise",
    minimum=0,
    maximum=30 * 24 * 60,
    can_be_off=CanBeOff.YES,
)

_NO_DELIVERY_AHEAD = frozenset(
    {Status.RETURNING, Status.UNDELIVERABLE, Status.LOST, Status.EXPIRED}
)


@dataclass(frozen=True, slots=True)
class EtaPastPromise:
    kind: CaseKind = CaseKind.ETA_PAST_PROMISE
    statuses: frozenset[Status] = OPEN_STATUSES - _NO_DELIVERY_AHEAD
    thresholds: tuple[Threshold, ...] = (TOLERANCE,)
    explains: frozenset[CaseKind] = frozenset({CaseKind.CARRIER_DELAY})
    hold: timedelta = timedelta(hours=2)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        promised_at, estimated_at = journey.promised_at, journey.estimated_at
        if promised_at is None or estimated_at is None or estimated_at <= promised_at:
            return NOTHING
        tolerance = policy.thresholds.get(TOLERANCE)
        if tolerance is None or journey.is_over or journey.status in _NO_DELIVERY_AHEAD:
            return NOTHING
        tolerated = timedelta(minutes=tolerance)
        passes_at = promise_passes_at(promised_at, policy.thresholds)
        if estimated_at <= later(promised_at, tolerated) or journey.silent_as_of(now) >= passes_at:
            return NOTHING
        said = sorted(_estimates(journey))
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(Severity.WARNING, journey, policy.thresholds),
            since=_slipped_at(said, later(promised_at, tolerated)) or journey.last_heard_at or now,
            side=journey.turn,
            facts={
                "promised_at": promised_at.isoformat(),
                "estimated_at": estimated_at.isoformat(),
                "slip_hours": (estimated_at - promised_at) // timedelta(hours=1),
                "slip_working_days": policy.calendar.working_days_between(
                    promised_at, estimated_at
                ),
                "slips": _slips([*(one for _, one in said), estimated_at], promised_at, tolerated),
                "reason": journey.reason.value if journey.reason else None,
            },
        )
        return Verdict(finding, journey.look_again_at(passes_at, now))


def _estimates(journey: Journey) -> Iterator[tuple[datetime, datetime]]:
    """When it was said, and what. Of two said at one instant the worse sorts last."""
    for estimate in journey.estimates:
        yield estimate.said_at, estimate.estimated_at
    for checkpoint in journey.checkpoints:
        if checkpoint.estimated_at is not None:
            yield checkpoint.occurred_at, checkpoint.estimated_at


def _slipped_at(said: list[tuple[datetime, datetime]], latest_good: datetime) -> datetime | None:
    """When the ETA went past the promise and stayed there; None if nothing tells."""
    slipped_at = None
    for said_at, estimated_at in said:
        if estimated_at <= latest_good:
            slipped_at = None
        elif slipped_at is None:
            slipped_at = said_at
    return slipped_at


def _slips(estimates: list[datetime], promised_at: datetime, tolerated: timedelta) -> int:
    """At least one, as the last of them is past the promise."""
    slips = 0
    stood_at = min(estimates[0], promised_at)
    for estimated_at in estimates:
        if estimated_at > later(stood_at, tolerated):
            slips += 1
            stood_at = estimated_at
        elif estimated_at < stood_at:
            stood_at = estimated_at
    return max(slips, 1)


RULE = EtaPastPromise()
