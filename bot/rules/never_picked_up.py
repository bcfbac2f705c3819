"""Never picked up: announced or labelled, and no first scan within the given working hours of the
partner's calendar.

Severity: a warning.

Clears: the first scan, and the end of the journey.

Turn: the shipper's, who has to hand it over or say that it was.

The hours run from the announcement, or from the ship-by time where that is later: nobody need hand
it over before. What is only ordered is not waited for. Where it was not dispatched by its ship-by
time, or its number is unknown to the carrier, that is told instead. It explains a slipped ETA.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.dispatch import facts_of_announcement, first_awaited_at
from bot.rules.finding import NOTHING, Verdict
from bot.rules.journey import UNSEEN_STATUSES, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.silence import judge_silence
from storage.vocabulary import CaseKind, Status

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
    statuses: frozenset[Status] = UNSEEN_STATUSES
    thresholds: tuple[Threshold, ...] = (PICKED_UP_WITHIN,)
    explains: frozenset[CaseKind] = frozenset({CaseKind.ETA_PAST_PROMISE})
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        announced_at = journey.announced_at
        if announced_at is None or journey.is_over or not journey.was_never_scanned:
            return NOTHING
        return judge_silence(
            self.kind,
            journey,
            policy,
            now,
            counts_from=first_awaited_at(announced_at, journey, policy),
            within=PICKED_UP_WITHIN,
            side=journey.turn,
            facts=facts_of_announcement(announced_at, journey, policy),
        )


RULE = NeverPickedUp()
