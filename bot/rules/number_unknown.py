"""Number unknown: announced to us, and the carrier still does not know the number after the given
working hours.

Severity: a warning.

Clears: the first news of it from the carrier, and the end of the journey.

Turn: the shipper's, who has to check the number, or hand the shipment over.

The hours run from the announcement, or from the ship-by time where that is later: many carriers
know a number only once they have the goods. A mistyped number looks as if nothing was dispatched,
so this explains that it was not dispatched and never picked up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Side, Status

KNOWN_WITHIN = Threshold(
    "number_unknown_after_working_hours",
    default=10,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="from announcement, or ship-by time, until the carrier knows the number",
    minimum=0.25,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)


@dataclass(frozen=True, slots=True)
class NumberUnknown:
    kind: CaseKind = CaseKind.NUMBER_UNKNOWN
    statuses: frozenset[Status] = frozenset({Status.NOT_FOUND})
    thresholds: tuple[Threshold, ...] = (KNOWN_WITHIN,)
    explains: frozenset[CaseKind] = frozenset({CaseKind.NOT_DISPATCHED, CaseKind.NEVER_PICKED_UP})
    hold: timedelta = timedelta(hours=1)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        announced_at = journey.announced_at
        if journey.status is not Status.NOT_FOUND or announced_at is None or journey.is_over:
            return NOTHING
        working_hours = policy.thresholds.get(KNOWN_WITHIN)
        if working_hours is None or not journey.was_never_scanned:
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
            side=Side.SHIPPER,
            facts={
                "announced_at": announced_at.isoformat(),
                "ship_by": journey.ship_by.isoformat() if journey.ship_by else None,
                "working_hours": working_hours,
                "expected_by": expected_by.isoformat(),
            },
        )
        return Verdict(finding)


RULE = NumberUnknown()
