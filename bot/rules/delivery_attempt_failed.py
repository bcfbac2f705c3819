"""Delivery attempt failed: the latest attempt failed, and nothing has moved since; or the carrier
calls it undeliverable. What a carrier tells twice within the hour is one attempt.

Severity: a warning; critical from the given attempt on, and where it is undeliverable.

Clears: out for delivery again, waiting for pick-up, delivered, on the way back, lost or cancelled.
A scan in a depot or a hold after a failed attempt changes nothing.

Turn: the side of the latest reason; the carrier, where it gives none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, Checkpoint, Journey, turn_after
from bot.rules.policy import Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Status

CRITICAL_FROM = Threshold(
    "failed_attempts_until_critical",
    default=2,
    unit=ThresholdUnit.ATTEMPTS,
    meaning="that failed: the case is critical",
    minimum=1,
    maximum=100,
)

_APART = timedelta(hours=1)  # two failed attempts; closer together, they are one told twice
_PROGRESS = frozenset(
    {
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.DELIVERED,
        Status.RETURNING,
        Status.RETURNED,
        Status.DISPOSITIONED,
        Status.LOST,
        Status.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A failed one, in the order of time; None where the carrier states it without a time."""

    first_told_at: datetime | None
    last_told_at: datetime | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class DeliveryAttemptFailed:
    kind: CaseKind = CaseKind.DELIVERY_ATTEMPT_FAILED
    statuses: frozenset[Status] = OPEN_STATUSES - _PROGRESS
    thresholds: tuple[Threshold, ...] = (CRITICAL_FROM,)
    explains: frozenset[CaseKind] = frozenset(
        {CaseKind.ETA_PAST_PROMISE, CaseKind.NO_SCAN, CaseKind.ON_HOLD}
    )
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.is_over or journey.status in _PROGRESS:
            return NOTHING
        attempts = _attempts(journey)
        standing = _standing(journey, attempts)
        if standing is None:
            return NOTHING
        is_given_up = journey.status is Status.UNDELIVERABLE
        attempted_at = standing.first_told_at or journey.last_heard_at
        before = [one for one in attempts if one.first_told_at != standing.first_told_at]
        is_critical = is_given_up or len(attempts) >= policy.thresholds[CRITICAL_FROM]
        severity = Severity.CRITICAL if is_critical else Severity.WARNING
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=attempted_at or now,
            side=turn_after(standing.reason),
            facts={
                "attempts": len(attempts),
                "attempted_at": attempted_at.isoformat() if attempted_at else None,
                "reason": standing.reason.value if standing.reason else None,
                "reasons_before": _reasons(before),
                **({"status": journey.status.value} if is_given_up else {}),
            },
        )
        return Verdict(finding)


def _standing(journey: Journey, attempts: Sequence[_Attempt]) -> _Attempt | None:
    """The latest failed attempt, unless it has moved since; or that the carrier has given up."""
    failed = attempts[-1] if attempts else None
    if failed and _has_moved_since(failed.last_told_at, journey.checkpoints):
        failed = None
    if journey.status is not Status.UNDELIVERABLE:
        return failed
    said_at = journey.standing_since(_is_given_up)
    latest = failed or _Attempt(said_at, said_at, None)
    says_why = journey.reason is not None and journey.reason is not Reason.UNKNOWN
    reason = journey.reason if says_why else latest.reason or journey.reason
    return replace(latest, reason=reason)


def _is_given_up(checkpoint: Checkpoint) -> bool:
    return checkpoint.status is Status.UNDELIVERABLE


def _attempts(journey: Journey) -> Sequence[_Attempt]:
    attempts: list[_Attempt] = []
    failed = [one for one in journey.checkpoints if one.status is Status.ATTEMPT_FAILED]
    for told in sorted(failed, key=_order_of_telling):
        latest = attempts[-1] if attempts else None
        if latest and latest.first_told_at and told.occurred_at - latest.first_told_at < _APART:
            attempts[-1] = _Attempt(
                latest.first_told_at, told.occurred_at, told.reason or latest.reason
            )
        else:
            attempts.append(_Attempt(told.occurred_at, told.occurred_at, told.reason))
    if not attempts and journey.status is Status.ATTEMPT_FAILED:
        return (_Attempt(None, None, journey.reason),)
    return attempts


def _reasons(attempts: Sequence[_Attempt]) -> str | None:
    """Of the attempts before the latest, oldest first: `not_home, closed`."""
    given = [attempt.reason.value for attempt in attempts if attempt.reason]
    return ", ".join(given) or None


def _order_of_telling(checkpoint: Checkpoint) -> tuple[datetime, str]:
    # Of two at the same instant the reason decides, so that the order they come in does not.
    return checkpoint.occurred_at, checkpoint.reason or ""


def _has_moved_since(attempted_at: datetime | None, checkpoints: Sequence[Checkpoint]) -> bool:
    return attempted_at is not None and any(
        checkpoint.occurred_at > attempted_at and checkpoint.status in _PROGRESS
        for checkpoint in checkpoints
    )


RULE = DeliveryAttemptFailed()
