"""What a rule sees of a shipment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.calendars import later
from storage.vocabulary import Reason, Side, Status

OPEN_STATUSES = frozenset(status for status in Status if not status.is_final)
"""In which something is still expected of a shipment."""

SCAN_STATUSES = frozenset(status for status in Status if status.is_scan)
"""In which the goods themselves were seen."""

UNSEEN_STATUSES = OPEN_STATUSES - SCAN_STATUSES
"""In which they may be anywhere: announced, unknown, or no longer tracked."""

LAG_CHECKED_EVERY = timedelta(minutes=30)

NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""`heard_until` of what its source is only just telling of: the rest of it may be on its way."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    occurred_at: datetime
    status: Status
    reason: Reason | None = None
    text: str | None = None
    location: str | None = None
    estimated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the carrier said at a time of the time of delivery."""

    said_at: datetime
    estimated_at: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """A shipment and its checkpoints, oldest first."""

    shipment_id: int
    partner_key: str
    status: Status
    service: str | None = None
    reason: Reason | None = None
    announced_at: datetime | None = None
    ordered_at: datetime | None = None
    ship_by: datetime | None = None
    first_scan_at: datetime | None = None
    last_scan_at: datetime | None = None
    promised_at: datetime | None = None
    estimated_at: datetime | None = None
    delivered_at: datetime | None = None
    value: float | None = None
    quantity: float | None = None
    delivered_quantity: float | None = None
    mode: str | None = None
    """How it travels, as the order names it: air, ocean, truck."""
    priority: str | None = None
    """The customer's: `high` raises the severity of what is late."""
    is_return: bool = False
    """It was sent to come back: from the customer to the warehouse."""
    destination_zone: str | None = None
    checkpoints: Sequence[Checkpoint] = ()
    estimates: Sequence[Estimate] = ()
    heard_until: datetime | None = None
    """Up to when its source has told all it knew; None where that is not in question. What
    should have happened after it may have happened: silence about it proves nothing."""

    @property
    def is_over(self) -> bool:
        return self.delivered_at is not None or self.status not in OPEN_STATUSES

    @property
    def was_never_scanned(self) -> bool:
        return self.first_scan_at is None and self.status not in SCAN_STATUSES

    @property
    def last_heard_at(self) -> datetime | None:
        """The last scan; where none is known, when it was announced or ordered."""
        return self.last_scan_at or self.first_scan_at or self.announced_at or self.ordered_at

    def silent_as_of(self, now: datetime) -> datetime:
        """Up to when silence means that nothing happened. A rule that concludes something from
        silence concludes what was so then, and not what seems so now."""
        if self.heard_until is None or now <= self.heard_until:
            return now
        return self.heard_until

    def last_told_as_of(self, now: datetime) -> datetime:
        """Of what is so, and nobody knows since when: the last time at which that was heard."""
        return now if self.heard_until == NOTHING_YET else self.silent_as_of(now)

    def look_again_at(self, moment: datetime, now: datetime) -> datetime:
        """For a rule that waits for silence to reach that moment, and has not seen it do so: the
        moment itself, or where it is past and its source lags behind, half an hour from now."""
        return moment if moment > now else later(now, LAG_CHECKED_EVERY)

    def latest(self, is_such: Callable[[Checkpoint], bool]) -> Checkpoint | None:
        """Of several such at one moment it is always the same one."""
        return max(filter(is_such, self.checkpoints), key=_order_of_telling, default=None)

    def standing_since(self, is_such: Callable[[Checkpoint], bool]) -> datetime | None:
        """Since when the latest checkpoints, without one between, are such; None where the last
        one isn't."""
        others = (one.occurred_at for one in self.checkpoints if not is_such(one))
        broken_at = max(others, default=None)
        return min(
            (
                one.occurred_at
                for one in self.checkpoints
                if is_such(one) and (broken_at is None or one.occurred_at >= broken_at)
            ),
            default=None,
        )

    @property
    def turn(self) -> Side:
        """Who acts next. Where nobody else is known to be in the way, whoever carries it."""
        if self.was_never_scanned:
            return Side.SHIPPER
        if self.status is Status.AVAILABLE_FOR_PICKUP:
            return Side.CONSIGNEE
        return turn_after(self.reason)


def _order_of_telling(checkpoint: Checkpoint) -> tuple[datetime, str, str, str, str]:
    return (
        checkpoint.occurred_at,
        checkpoint.status,
        checkpoint.reason or "",
        checkpoint.location or "",
        checkpoint.text or "",
    )


def turn_after(reason: Reason | None) -> Side:
    """Whoever the reason is on the side of; a carrier that gives none has to say more."""
    if reason is None or reason.side is Side.UNKNOWN:
        return Side.CARRIER
    return reason.side
