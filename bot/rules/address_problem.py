"""Address problem: the carrier says that the address is wrong, that the consignee has moved or
that there is no way in, and nothing has got any further since.

Severity: a warning; critical once it has stood for the given working hours, because carriers send
back what waits too long, and where the carrier calls it undeliverable.

Clears: out for delivery again, waiting for pick-up, delivered, on the way back, lost or
cancelled. A scan in a depot or a hold changes nothing.

Turn: the consignee, whom somebody has to ask for the right address.

It explains the failed attempt, the hold, the missing scan, an announced delay and a slipped ETA; a
promise that it breaks is said besides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Verdict
from bot.rules.journey import OPEN_STATUSES, Journey
from bot.rules.policy import Policy, Threshold, ThresholdUnit
from bot.rules.standing_reason import FURTHER, standing_reason
from storage.vocabulary import CaseKind, Reason, Severity, Status

CRITICAL_AFTER = Threshold(
    "address_problem_critical_after_working_hours",
    default=20,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="with an address problem unsolved: the case is critical",
    minimum=0,
    maximum=366 * 24,
)

_REASONS = frozenset({Reason.BAD_ADDRESS, Reason.MOVED, Reason.NO_ACCESS})


@dataclass(frozen=True, slots=True)
class AddressProblem:
    kind: CaseKind = CaseKind.ADDRESS_PROBLEM
    statuses: frozenset[Status] = OPEN_STATUSES - FURTHER
    thresholds: tuple[Threshold, ...] = (CRITICAL_AFTER,)
    explains: frozenset[CaseKind] = frozenset(
        {
            CaseKind.DELIVERY_ATTEMPT_FAILED,
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
        as_of = journey.silent_as_of(now)
        critical_at = policy.calendar.add_working_time(
            standing.first_told_at or as_of,
            timedelta(hours=policy.thresholds[CRITICAL_AFTER]),
        )
        is_critical = as_of >= critical_at or journey.status is Status.UNDELIVERABLE
        severity = Severity.CRITICAL if is_critical else Severity.WARNING
        finding = standing.finding(
            self.kind, severity, journey, policy, now, {"reason": standing.reason.value}
        )
        return Verdict(finding, None if is_critical else journey.look_again_at(critical_at, now))


RULE = AddressProblem()
