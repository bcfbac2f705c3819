"""What became of a shipment, and so whether a case about it was right. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.vocabulary import CaseKind, Status

FORETELL_LATENESS = frozenset(
    {
        CaseKind.NOT_DISPATCHED,
        CaseKind.NEVER_PICKED_UP,
        CaseKind.NUMBER_UNKNOWN,
        CaseKind.NO_SCAN,
        CaseKind.CARRIER_DELAY,
        CaseKind.ETA_PAST_PROMISE,
        CaseKind.WRONG_WAY,
        CaseKind.CUSTOMS_HOLD,
        CaseKind.ON_HOLD,
        CaseKind.LOST,
        CaseKind.DELIVERY_ATTEMPT_FAILED,
        CaseKind.ADDRESS_PROBLEM,
        CaseKind.REFUSED,
        CaseKind.PICKUP_EXPIRING,
        CaseKind.RETURNING_UNASKED,
    }
)
"""Kinds that say: unless somebody acts, this will not be delivered as promised."""

STATE_FACTS = frozenset(CaseKind) - FORETELL_LATENESS - {CaseKind.PROMISE_PASSED}
"""Kinds that repeat what was told, such as damage: no delivery proves them wrong."""


class Outcome(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    OPEN = "open"
    """No promise, not due by the end of the history, or cancelled."""


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Told:
    """A case, and what its shipment came to."""

    kind: CaseKind
    opened_at: datetime
    resolved_at: datetime | None
    promised_at: datetime | None
    outcome: Outcome

    @property
    def verdict(self) -> Verdict:
        if self.kind in STATE_FACTS:
            return Verdict.UNDECIDED
        match self.outcome:
            case Outcome.LATE:
                return Verdict.RIGHT
            case Outcome.IN_TIME:
                return Verdict.WRONG
            case Outcome.OPEN:
                return Verdict.UNDECIDED

    @property
    def is_announcement(self) -> bool:
        """It foretold lateness, and before the promise passed."""
        return (
            self.kind in FORETELL_LATENESS
            and self.promised_at is not None
            and self.opened_at < self.promised_at
        )


def outcome_of(
    promised_at: datetime | None,
    delivered_at: datetime | None,
    status: Status | None,
    end: datetime,
) -> Outcome:
    """As known at the end of the history. Delivered at the promised moment is in time; what comes
    back, is lost, or has simply not arrived when its promise is over, is late."""
    if promised_at is None:
        return Outcome.OPEN
    if delivered_at is not None:
        return Outcome.IN_TIME if delivered_at <= promised_at else Outcome.LATE
    if status is Status.CANCELLED or promised_at >= end:
        return Outcome.OPEN
    return Outcome.LATE
