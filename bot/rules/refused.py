"""Refused: the consignee would not take it, and nothing has got any further since.

Severity: a warning; critical where the carrier calls it undeliverable.

Clears: out for delivery again, waiting for pick-up, delivered, on the way back, lost or
cancelled. A scan in a depot or a hold changes nothing.

Turn: the consignee, whom somebody has to ask why; then it is sent again or called back.

It explains the failed attempt, an address problem, the hold, the missing scan, delays, and that the
promise has passed: nobody waits for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Verdict
from bot.rules.journey import OPEN_STATUSES, Journey
from bot.rules.policy import Policy, Threshold
from bot.rules.standing_reason import FURTHER, standing_reason
from storage.vocabulary import CaseKind, Reason, Severity, Status

_REASONS = frozenset({Reason.REFUSED})


@dataclass(frozen=True, slots=True)
class Refused:
    kind: CaseKind = CaseKind.REFUSED
    statuses: frozenset[Status] = OPEN_STATUSES - FURTHER
    thresholds: tuple[Threshold, ...] = ()
    explains: frozenset[CaseKind] = frozenset(
        {
            CaseKind.ADDRESS_PROBLEM,
            CaseKind.DELIVERY_ATTEMPT_FAILED,
            CaseKind.PROMISE_PASSED,
            CaseKind.ETA_PAST_PROMISE,
            CaseKind.CARRIER_DELAY,
            CaseKind.NO_SCAN,
            CaseKind.ON_HOLD,
        }
    )
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        standing = standing_reason(journey, _REASONS)
        if standing is None:
            return NOTHING
        is_undeliverable = journey.status is Status.UNDELIVERABLE
        severity = Severity.CRITICAL if is_undeliverable else Severity.WARNING
        return Verdict(standing.finding(self.kind, severity, journey, policy, now))


RULE = Refused()
