"""Returning unasked: it comes back, or is back, though it was not sent as a return.

Severity: a warning.

Clears: out for delivery again, waiting for pick-up or delivered; lost, cancelled or processed.
What has come back stays until somebody has dealt with it.

Turn: the carrier, while it is on its way and the reason is the carrier's or not given; else
the shipper, who decides what becomes of it.

A scan in a depot or a hold on the way back does not turn it round.

It explains the failed attempt and the refusal before it, delays, and that the promise has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Checkpoint, Journey, turn_after
from bot.rules.policy import Policy, Threshold
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

_BACK = frozenset({Status.RETURNING, Status.RETURNED})
_SCANNED_ON_THE_WAY = frozenset({Status.IN_TRANSIT, Status.ON_HOLD})
_TURNED_ROUND = frozenset(
    {
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.ATTEMPT_FAILED,
        Status.DELIVERED,
    }
)


@dataclass(frozen=True, slots=True)
class ReturningUnasked:
    kind: CaseKind = CaseKind.RETURNING_UNASKED
    statuses: frozenset[Status] = _BACK | _SCANNED_ON_THE_WAY
    thresholds: tuple[Threshold, ...] = ()
    explains: frozenset[CaseKind] = frozenset(
        {
            CaseKind.ADDRESS_PROBLEM,
            CaseKind.REFUSED,
            CaseKind.DELIVERY_ATTEMPT_FAILED,
            CaseKind.PROMISE_PASSED,
            CaseKind.ETA_PAST_PROMISE,
            CaseKind.CARRIER_DELAY,
        }
    )
    hold: timedelta = timedelta(hours=2)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.is_return or journey.status not in self.statuses:
            return NOTHING
        turned_back_at = _turned_back_at(journey.checkpoints)
        if turned_back_at is None and journey.status not in _BACK:
            return NOTHING
        reason = _reason(journey)
        returning_since = turned_back_at or journey.last_heard_at
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(Severity.WARNING, journey, policy.thresholds),
            since=returning_since or journey.last_told_as_of(now),
            side=_turn(journey.status, reason),
            facts={
                "status": (
                    Status.RETURNED if journey.status is Status.RETURNED else Status.RETURNING
                ).value,
                "returning_since": returning_since.isoformat() if returning_since else None,
                "reason": reason.value if reason else None,
            },
        )
        return Verdict(finding)


def _turned_back_at(checkpoints: Sequence[Checkpoint]) -> datetime | None:
    """When it first turned back, since it was last on its way to the consignee."""
    onward_at = max(
        (one.occurred_at for one in checkpoints if one.status in _TURNED_ROUND), default=None
    )
    return min(
        (
            one.occurred_at
            for one in checkpoints
            if one.status in _BACK and (onward_at is None or one.occurred_at >= onward_at)
        ),
        default=None,
    )


def _reason(journey: Journey) -> Reason | None:
    """The latest one that anybody gave."""
    if journey.reason is not None and journey.reason is not Reason.UNKNOWN:
        return journey.reason
    given = [
        (checkpoint.occurred_at, checkpoint.reason)
        for checkpoint in journey.checkpoints
        if checkpoint.reason is not None and checkpoint.reason is not Reason.UNKNOWN
    ]
    return max(given)[1] if given else None


def _turn(status: Status, reason: Reason | None) -> Side:
    if status is not Status.RETURNED and turn_after(reason) is Side.CARRIER:
        return Side.CARRIER
    return Side.SHIPPER


RULE = ReturningUnasked()
