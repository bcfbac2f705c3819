"""What a source says, in our words, before it finds its partner and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.vocabulary import PromiseBasis, Reason, Status


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised time. A date means the end of that day where the shipment is delivered."""

    by: datetime | date
    basis: PromiseBasis


@dataclass(frozen=True, slots=True)
class CheckpointReport:
    tracking_number: str
    occurred_at: datetime
    status: Status
    reason: Reason | None = None
    raw_code: str | None = None
    raw_text: str | None = None
    location: str | None = None
    estimated_at: datetime | None = None
    estimated_on: date | None = None
    """Where the ETA is a day: its end at the destination."""
    quantity: float | None = None
    """How much of the shipment it is about, where the source counts."""
    recorded_at: datetime | None = None
    """When the source learnt of it, where it says so."""
    partner: str | None = None
    """As the source names it; None leaves it to the shipment, or to the book's matching."""


@dataclass(frozen=True, slots=True)
class ShipmentReport:
    """What is None is not known to this source, and leaves what others said untouched."""

    tracking_number: str
    as_of: datetime | None = None
    """When the source last changed it: the later report wins, in whatever order they come."""
    partner: str | None = None
    """As the source names it: a key, name or alias of the book."""
    reference: str | None = None
    """The source's own name for it, if the source can be asked about this one shipment by it."""
    is_tracked: bool = False
    """This source follows the journey and wants to be polled for it until it ends."""
    carrier: str | None = None
    service: str | None = None
    order_reference: str | None = None
    origin: str | None = None
    destination: str | None = None
    destination_zone: str | None = None
    """IANA name of the zone where it is delivered."""
    ordered_at: datetime | None = None
    ship_by: datetime | None = None
    announced_at: datetime | None = None
    promise: Promise | None = None
    estimated: datetime | date | None = None
    """The carrier's own ETA; a date means the end of that day, as with a promise."""
    status: Status | None = None
    reason: Reason | None = None
    value: float | None = None
    currency: str | None = None
    quantity: float | None = None
    mode: str | None = None
    """How it travels: air, ocean, truck."""
    priority: str | None = None
    """The customer's: `high` raises the severity of what is late."""
    account: str | None = None
    item: str | None = None
    is_return: bool | None = None
    """It was sent to come back."""


@dataclass(frozen=True, slots=True)
class MeasurementReport:
    partner: str
    metric: str
    period_start: date
    period_end: date
    """The last day, included."""
    numerator: float
    denominator: float
    measured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Bad input: where it was, why it was not taken, and how it began."""

    place: str
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Page:
    """A batch that a source brought; ingested in one transaction."""

    shipments: Sequence[ShipmentReport] = ()
    checkpoints: Sequence[CheckpointReport] = ()
    measurements: Sequence[MeasurementReport] = ()
    rejected: Sequence[Rejected] = ()
    places_read: Sequence[str] = ()
    """Files read whole: what was set aside there before and is not in `rejected` is mended."""
    cursor: dict[str, object] | None = None
    """Where to go on once this page is ingested; None leaves the cursor as it was."""
