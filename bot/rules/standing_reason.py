"""What went wrong and still stands: told with a reason, and nothing has got any further since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.rules.finding import Fact, Finding, shipment_subject
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Status

FURTHER = frozenset(
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
"""Statuses that leave an obstacle to delivery behind. A scan in a depot or a hold does not."""


@dataclass(frozen=True, slots=True)
class StandingReason:
    """The reason as told last; None for times where nobody told any."""

    reason: Reason
    first_told_at: datetime | None
    last_told_at: datetime | None

    def finding(
        self,
        kind: CaseKind,
        severity: Severity,
        journey: Journey,
        policy: Policy,
        now: datetime,
        facts: Mapping[str, Fact] = MappingProxyType({}),
    ) -> Finding:
        """That it stands, with what else is to be said of it."""
        last_told_at = self.last_told_at
        return Finding(
            kind=kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=self.first_told_at or journey.last_told_as_of(now),
            side=self.reason.side,
            facts={
                **facts,
                "reported_at": last_told_at.isoformat() if last_told_at else None,
                "status": journey.status.value,
            },
        )


def standing_reason(journey: Journey, reasons: Collection[Reason]) -> StandingReason | None:
    """The latest of these reasons, unless the shipment got further after it was told, or its
    journey is over."""
    if journey.is_over or journey.status in FURTHER:
        return None
    further_at: datetime | None = None
    told: list[Checkpoint] = []
    for checkpoint in journey.checkpoints:
        if checkpoint.status in FURTHER:
            if further_at is None or checkpoint.occurred_at > further_at:
                further_at = checkpoint.occurred_at
        elif checkpoint.reason in reasons:
            told.append(checkpoint)
    # Of what is told for the same moment the status is that furthest along: it still stands.
    standing = [one for one in told if further_at is None or one.occurred_at >= further_at]
    if standing:
        last = max(standing, key=_order_of_telling)
        first = min(standing, key=_order_of_telling)
        if last.reason is not None:
            return StandingReason(last.reason, first.occurred_at, last.occurred_at)
    if journey.reason is not None and journey.reason in reasons:
        heard_at = journey.last_heard_at
        return StandingReason(journey.reason, heard_at, heard_at)
    return None


def _order_of_telling(checkpoint: Checkpoint) -> tuple[datetime, str]:
    # Of two at the same instant the reason decides, so that the order they come in does not.
    return checkpoint.occurred_at, checkpoint.reason or ""
