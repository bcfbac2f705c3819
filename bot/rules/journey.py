"""What a rule sees of a shipment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.vocabulary import Reason, Status


@dataclass(frozen=True, slots=True)
class Checkpoint:
    occurred_at: datetime
    status: Status
    reason: Reason | None = None
    text: str | None = None
    location: str | None = None
    estimated_at: datetime | None = None


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
    checkpoints: Sequence[Checkpoint] = ()
