"""Not dispatched: no scan by the ship-by time, and the given working hours of tolerance are over.

Severity: a warning; critical once the given working hours have passed since the ship-by time.

Clears: the first scan, and the end of the journey. A label alone is no dispatch.

Turn: the shipper's, who has to hand it over or say that it was.

It explains that the shipment was never picked up and that its ETA slipped. A promise that passes
meanwhile is an exception of its own.

The ship-by time is the order's own. Where it gives none, and the partner's calendar has a cut-off:
ordered before it on a working day, that day's closing; else the next working day's. An order known
by its date alone may have come after the cut-off. Without a ship-by time and without a cut-off it
is left to "never picked up".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.dispatch import Dispatch, dispatch_of
from bot.rules.finding import NOTHING, Fact, Finding, Verdict, shipment_subject
from bot.rules.journey import UNSEEN_STATUSES, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Side, Status

TOLERANCE = Threshold(
    "ship_by_tolerance_working_hours",
    default=2,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="after the ship-by time, for the first scan to be made and told",
    minimum=0,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)
CRITICAL_AFTER = Threshold(
    "not_dispatched_critical_after_working_hours",
    default=20,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="after the ship-by time: what was not dispatched is critical",
    minimum=0,
    maximum=366 * 24,
)


@dataclass(frozen=True, slots=True)
class NotDispatched:
    kind: CaseKind = CaseKind.NOT_DISPATCHED
    statuses: frozenset[Status] = UNSEEN_STATUSES
    thresholds: tuple[Threshold, ...] = (TOLERANCE, CRITICAL_AFTER)
    explains: frozenset[CaseKind] = frozenset({CaseKind.NEVER_PICKED_UP, CaseKind.ETA_PAST_PROMISE})
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        tolerance = policy.thresholds.get(TOLERANCE)
        if tolerance is None or journey.is_over or not journey.was_never_scanned:
            return NOTHING
        dispatch = dispatch_of(journey, policy)
        if dispatch is None:
            return NOTHING
        ship_by = dispatch.due_at
        as_of = journey.silent_as_of(now)
        missed_at = policy.calendar.add_working_time(ship_by, timedelta(hours=tolerance))
        if as_of < missed_at:
            return Verdict(look_again_at=journey.look_again_at(missed_at, now))
        critical_hours = timedelta(hours=policy.thresholds[CRITICAL_AFTER])
        critical_at = policy.calendar.add_working_time(ship_by, critical_hours)
        is_critical = as_of >= critical_at
        severity = Severity.CRITICAL if is_critical else Severity.WARNING
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=ship_by,
            side=Side.SHIPPER,
            facts={
                "ship_by": ship_by.isoformat(),
                "ordered_at": journey.ordered_at.isoformat() if journey.ordered_at else None,
                "is_labelled": journey.status is Status.LABEL_CREATED,
                "expected_by": missed_at.isoformat(),
                **_why_then(dispatch),
            },
        )
        if is_critical:
            return Verdict(finding)
        return Verdict(finding, journey.look_again_at(critical_at, now))


def _why_then(dispatch: Dispatch) -> dict[str, Fact]:
    if dispatch.cut_off is None:
        return {}
    return {"cut_off": dispatch.cut_off.isoformat("minutes")}


RULE = NotDispatched()
