"""Return not processed: a return has arrived, and within the given working hours of the partner's
calendar nobody has said what becomes of it.

Severity: a warning; critical after twice as long.

Clears: the status `dispositioned`. Where no source ever says so, switch the rule off.

Turn: the partner's who received it, as a carrier.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Side, Status

PROCESSED_WITHIN = Threshold(
    "return_processed_within_working_hours",
    default=30,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="from a return's arrival to the decision on what becomes of it",
    minimum=0.25,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)

_ARRIVED = frozenset({Status.DELIVERED, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class ReturnNotProcessed:
    kind: CaseKind = CaseKind.RETURN_NOT_PROCESSED
    statuses: frozenset[Status] = _ARRIVED
    thresholds: tuple[Threshold, ...] = (PROCESSED_WITHIN,)
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if not journey.is_return or journey.status not in _ARRIVED:
            return NOTHING
        working_hours = policy.thresholds.get(PROCESSED_WITHIN)
        received_at = _received_at(journey)
        if working_hours is None or received_at is None:
            return NOTHING
        calendar = policy.calendar
        expected_by = calendar.add_working_time(received_at, timedelta(hours=working_hours))
        as_of = journey.silent_as_of(now)
        if as_of < expected_by:
            return Verdict(look_again_at=journey.look_again_at(expected_by, now))
        critical_at = calendar.add_working_time(received_at, timedelta(hours=2 * working_hours))
        is_critical = as_of >= critical_at
        severity = Severity.CRITICAL if is_critical else Severity.WARNING
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=expected_by,
            side=Side.CARRIER,
            facts={
                "received_at": received_at.isoformat(),
                "working_hours": working_hours,
                "expected_by": expected_by.isoformat(),
            },
        )
        return Verdict(finding, None if is_critical else journey.look_again_at(critical_at, now))


def _received_at(journey: Journey) -> datetime | None:
    if journey.delivered_at is not None:
        return journey.delivered_at
    arrivals = (one.occurred_at for one in journey.checkpoints if one.status in _ARRIVED)
    return min(arrivals, default=journey.last_heard_at)


RULE = ReturnNotProcessed()
