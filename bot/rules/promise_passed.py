"""Promise passed: the promised time is over, the grace too, and the shipment is not delivered, as
far as its source has told. A promise given as a date ends with that day where it is delivered.

Severity: a warning; critical from the given hours after the promise on.

Clears: delivery (the scorecard counts it as late), return or cancellation.

Turn: the side of the latest reason; the consignee where it waits for pick-up, the shipper
where it was never scanned, else the carrier.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import NOTHING, Fact, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, Thresholds, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Status

GRACE = Threshold(
    "promise_grace_minutes",
    default=60,
    unit=ThresholdUnit.MINUTES,
    meaning="after the promised time, for the news of a delivery in time to arrive",
    minimum=0,
    maximum=30 * 24 * 60,
    can_be_off=CanBeOff.YES,
)
CRITICAL_AFTER = Threshold(
    "promise_critical_after_hours",
    default=24,
    unit=ThresholdUnit.HOURS,
    meaning="after the promised time: a late shipment is critical",
    minimum=0,
    maximum=366 * 24,
)

_JUST_AFTER = timedelta(seconds=1)  # delivered at the promised moment is in time
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
# How late is told in these steps, and weekly after them: every step is an edited message.
_STEPS = (timedelta(), 4 * _HOUR, 12 * _HOUR, *(days * _DAY for days in range(1, 8)))


@dataclass(frozen=True, slots=True)
class PromisePassed:
    kind: CaseKind = CaseKind.PROMISE_PASSED
    statuses: frozenset[Status] = OPEN_STATUSES
    thresholds: tuple[Threshold, ...] = (GRACE, CRITICAL_AFTER)
    explains: frozenset[CaseKind] = frozenset({CaseKind.ETA_PAST_PROMISE, CaseKind.CARRIER_DELAY})
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        promised_at = journey.promised_at
        if promised_at is None or journey.is_over or policy.thresholds.get(GRACE) is None:
            return NOTHING
        passes_at = promise_passes_at(promised_at, policy.thresholds)
        as_of = journey.silent_as_of(now)
        if as_of < passes_at:
            return Verdict(look_again_at=journey.look_again_at(passes_at, now))
        critical_at = later(promised_at, timedelta(hours=policy.thresholds[CRITICAL_AFTER]))
        severity = Severity.CRITICAL if as_of >= critical_at else Severity.WARNING
        step = _step_reached(as_of - promised_at)
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=promised_at,
            side=journey.turn,
            facts=_facts(journey, promised_at, step, policy),
        )
        next_step_at = later(promised_at, _step_after(step))
        changes_at = critical_at if as_of < critical_at < next_step_at else next_step_at
        return Verdict(finding, journey.look_again_at(changes_at, now))


def promise_passes_at(promised_at: datetime, thresholds: Thresholds) -> datetime:
    """The moment from which the promise counts as passed: grace included, if there is one."""
    grace = timedelta(minutes=thresholds.get(GRACE) or 0)
    return later(promised_at, max(grace, _JUST_AFTER))


def _facts(
    journey: Journey, promised_at: datetime, step: timedelta, policy: Policy
) -> dict[str, Fact]:
    """`late_hours` and `late_days` are whole, and at least so many; under a day `late_days` is 0.
    `late_working_days` are those of the partner's calendar."""
    known_late_at = later(promised_at, step)
    return {
        "promised_at": promised_at.isoformat(),
        "estimated_at": journey.estimated_at.isoformat() if journey.estimated_at else None,
        "late_hours": step // _HOUR,
        "late_days": step // _DAY,
        "late_working_days": policy.calendar.working_days_between(promised_at, known_late_at),
    }


def _step_reached(late_by: timedelta) -> timedelta:
    if late_by < _STEPS[-1]:
        return _STEPS[bisect_right(_STEPS, late_by) - 1]
    return late_by // _WEEK * _WEEK


def _step_after(step: timedelta) -> timedelta:
    if step < _STEPS[-1]:
        return _STEPS[bisect_right(_STEPS, step)]
    return step + _WEEK


RULE = PromisePassed()
