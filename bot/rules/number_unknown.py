"""Number unknown: announced to us, and the carrier still does not know the number after the given
working hours.

Severity: a warning.

Clears: the first news of it from the carrier, and the end of the journey.

Turn: the shipper's, who has to check the number, or hand the shipment over.

A carrier that gives up on a number of which it never told anything still does not know it.

The hours run from the announcement; where nobody announced it, from when the carrier first said
that it does not know the number; or from the ship-by time where that is later: many carriers know a
number only once they have the goods. A mistyped number looks as if nothing was dispatched, so this
explains that it was not dispatched and never picked up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.dispatch import facts_of_announcement, first_awaited_at
from bot.rules.finding import NOTHING, Verdict
from bot.rules.journey import Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.silence import judge_silence
from storage.vocabulary import CaseKind, Side, Status

KNOWN_WITHIN = Threshold(
    "number_unknown_after_working_hours",
    default=10,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="from announcement, or ship-by time, until the carrier knows the number",
    minimum=0.25,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)
_NOTHING_SAID = frozenset({Status.NOT_FOUND, Status.EXPIRED})


@dataclass(frozen=True, slots=True)
class NumberUnknown:
    kind: CaseKind = CaseKind.NUMBER_UNKNOWN
    statuses: frozenset[Status] = frozenset({Status.NOT_FOUND, Status.EXPIRED})
    thresholds: tuple[Threshold, ...] = (KNOWN_WITHIN,)
    explains: frozenset[CaseKind] = frozenset({CaseKind.NOT_DISPATCHED, CaseKind.NEVER_PICKED_UP})
    hold: timedelta = timedelta(hours=1)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        announced_at = journey.announced_at or _first_asked_for_at(journey)
        if announced_at is None or journey.is_over or not _is_unknown(journey):
            return NOTHING
        return judge_silence(
            self.kind,
            journey,
            policy,
            now,
            counts_from=first_awaited_at(announced_at, journey, policy),
            within=KNOWN_WITHIN,
            side=Side.SHIPPER,
            facts=facts_of_announcement(announced_at, journey, policy),
        )


def _is_unknown(journey: Journey) -> bool:
    if not journey.was_never_scanned:
        return False
    if journey.status is Status.EXPIRED:
        return all(one.status in _NOTHING_SAID for one in journey.checkpoints)
    return journey.status is Status.NOT_FOUND


def _first_asked_for_at(journey: Journey) -> datetime | None:
    return min(
        (one.occurred_at for one in journey.checkpoints if one.status is Status.NOT_FOUND),
        default=None,
    )


RULE = NumberUnknown()
