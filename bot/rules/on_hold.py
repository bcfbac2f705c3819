"""On hold: held for more than the given working hours, and not by customs.

Severity: a warning; critical after the given working hours.

Clears: the next scan that is no hold, and the end of the journey. A hold for damage or loss is an
exception of that kind at once, and never this one.

Turn: the side of the reason, as when the goods are held for the shipper; the carrier's where it
gives none.

It explains a missing scan and an announced delay.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Checkpoint, Journey, turn_after
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Status

HELD_FOR = Threshold(
    "on_hold_after_working_hours",
    default=10,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="that it may be held before it is an exception",
    minimum=0,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)
CRITICAL_AFTER = Threshold(
    "on_hold_critical_after_working_hours",
    default=40,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="on hold: the case is critical",
    minimum=0,
    maximum=366 * 24,
)

_HAVE_THEIR_OWN = frozenset(
    {Reason.DOCUMENTS, Reason.DUTIES, Reason.INSPECTION, Reason.DAMAGED, Reason.LOST}
)


@dataclass(frozen=True, slots=True)
class OnHold:
    kind: CaseKind = CaseKind.ON_HOLD
    statuses: frozenset[Status] = frozenset({Status.ON_HOLD})
    thresholds: tuple[Threshold, ...] = (HELD_FOR, CRITICAL_AFTER)
    explains: frozenset[CaseKind] = frozenset({CaseKind.NO_SCAN, CaseKind.CARRIER_DELAY})
    hold: timedelta = timedelta(hours=1)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.status is not Status.ON_HOLD or journey.reason in _HAVE_THEIR_OWN:
            return NOTHING
        held_since = journey.standing_since(_is_hold) or journey.last_heard_at
        working_hours = policy.thresholds.get(HELD_FOR)
        if held_since is None or working_hours is None or journey.is_over:
            return NOTHING
        as_of = journey.silent_as_of(now)
        too_long_at = policy.calendar.add_working_time(held_since, timedelta(hours=working_hours))
        if as_of < too_long_at:
            return Verdict(look_again_at=journey.look_again_at(too_long_at, now))
        critical_at = policy.calendar.add_working_time(
            held_since, timedelta(hours=policy.thresholds[CRITICAL_AFTER])
        )
        is_critical = as_of >= critical_at
        severity = Severity.CRITICAL if is_critical else Severity.WARNING
        said = journey.latest(_is_hold)
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=held_since,
            side=turn_after(journey.reason),
            facts={
                "reason": journey.reason.value if journey.reason else None,
                "held_since": held_since.isoformat(),
                "working_hours": working_hours,
                "location": said.location if said else None,
                "text": said.text if said else None,
            },
        )
        if is_critical:
            return Verdict(finding)
        return Verdict(finding, journey.look_again_at(critical_at, now))


def _is_hold(checkpoint: Checkpoint) -> bool:
    return checkpoint.status is Status.ON_HOLD


RULE = OnHold()
