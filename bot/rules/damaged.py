"""Damaged: damage was reported on the way, or with the delivery.

Severity: critical.

Clears: the end of the journey, for no later scan mends it. Delivered damaged, it stands for the
given days after the delivery: that is when a claim has to be made.

Turn: the carrier's, who has to say what is left of it.

It explains what follows from it: held, delayed, not scanned, not delivered, refused, late by the
promise, or sent back. The replacement is what the customer waits for, and not this shipment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, Checkpoint, Journey
from bot.rules.policy import Policy, Threshold, ThresholdUnit
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

CLAIMED_WITHIN = Threshold(
    "damage_claim_days",
    default=7,
    unit=ThresholdUnit.DAYS,
    meaning="after a damaged delivery, for a claim to be made",
    minimum=0,
    maximum=366,
)


@dataclass(frozen=True, slots=True)
class Damaged:
    kind: CaseKind = CaseKind.DAMAGED
    statuses: frozenset[Status] = OPEN_STATUSES | {Status.DELIVERED}
    thresholds: tuple[Threshold, ...] = (CLAIMED_WITHIN,)
    explains: frozenset[CaseKind] = frozenset(
        {
            CaseKind.NO_SCAN,
            CaseKind.CARRIER_DELAY,
            CaseKind.ETA_PAST_PROMISE,
            CaseKind.ON_HOLD,
            CaseKind.PROMISE_PASSED,
            CaseKind.DELIVERY_ATTEMPT_FAILED,
            CaseKind.REFUSED,
            CaseKind.RETURNING_UNASKED,
        }
    )
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.is_over:
            return self._judge_delivered(journey, policy, now)
        is_reported = journey.reason is Reason.DAMAGED or Reason.DAMAGED in [
            one.reason for one in journey.checkpoints
        ]
        return Verdict(self._found(journey, now)) if is_reported else NOTHING

    def _judge_delivered(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        was_delivered_damaged = (
            journey.status is Status.DELIVERED and journey.reason is Reason.DAMAGED
        )
        if not was_delivered_damaged or journey.delivered_at is None:
            return NOTHING
        stands_until = later(
            journey.delivered_at, timedelta(days=policy.thresholds[CLAIMED_WITHIN])
        )
        if now >= stands_until:
            return NOTHING
        return Verdict(self._found(journey, now), stands_until)

    def _found(self, journey: Journey, now: datetime) -> Finding:
        reported_at = min(
            (one.occurred_at for one in journey.checkpoints if _tells_of_damage(one)),
            default=journey.last_heard_at,
        )
        said = journey.latest(_tells_of_damage)
        return Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=Severity.CRITICAL,
            since=reported_at or now,
            side=Side.CARRIER,
            facts={
                "reported_at": reported_at.isoformat() if reported_at else None,
                "delivered_at": journey.delivered_at.isoformat() if journey.delivered_at else None,
                "location": said.location if said else None,
                "text": said.text if said else None,
            },
        )


def _tells_of_damage(checkpoint: Checkpoint) -> bool:
    return checkpoint.reason is Reason.DAMAGED


RULE = Damaged()
