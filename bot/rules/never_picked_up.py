"""Never picked up: announced or labelled, and no first scan within the given working hours of the
partner's calendar.

Severity: a warning.

Clears: the first scan, and the end of the journey.

Turn: the shipper's, who has to hand it over or say that it was.

The hours run from the announcement, or from the ship-by time where that is later: nobody need hand
it over before. Known neither, none run. Where it was not dispatched by its ship-by time, or its
number is unknown to the carrier, that is told instead. It explains a slipped ETA.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Status

PICKED_UP_WITHIN = Threshold(
    "never_picked_up_after_working_hours",
    default=20,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="from announcement, or ship-by time, to the first scan",
    minimum=0.25,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)


@dataclass(frozen=True, slots=True)
class NeverPickedUp:
    kind: CaseKind = CaseKind.NEVER_PICKED_UP
    statuses: frozenset[Status] = frozenset({Status.NOT_FOUND, Status.LABEL_CREATED})
    thresholds: tuple[Threshold, ...] = (PICKED_UP_WITHIN,)
    explains: frozenset[CaseKind] = frozenset({CaseKind.ETA_PAST_PROMISE})
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        working_hours = policy.thresholds.get(PICKED_UP_WITHIN)
        if working_hours is None or journey.is_over or not journey.was_never_scanned:
            return NOTHING
        announced_at = journey.announced_at or journey.ordered_at
        if announced_at is None:
            return NOTHING
        counts_from = max(announced_at, journey.ship_by or announced_at)
        expected_by = policy.calendar.add_working_time(counts_from, timedelta(hours=working_hours))
        if journey.silent_as_of(now) < expected_by:
            return Verdict(look_again_at=journey.look_again_at(expected_by, now))
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(Severity.WARNING, journey, policy.thresholds),
            since=expected_by,
            side=journey.turn,
            facts={
                "announced_at": announced_at.isoformat(),
                "ship_by": journey.ship_by.isoformat() if journey.ship_by else None,
                "working_hours": working_hours,
                "expected_by": expected_by.isoformat(),
            },
        )
        return Verdict(finding)


RULE = NeverPickedUp()
