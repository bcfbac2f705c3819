"""What all checkpoints of a shipment say together."""

from collections.abc import Iterable
from math import fsum

from bot.rules.journey import SCAN_STATUSES
from storage.journeys import StoredCheckpoint, StoredShipment
from storage.vocabulary import Status

_FURTHEST_LAST = (
    Status.NOT_FOUND,
    Status.LABEL_CREATED,
    Status.IN_TRANSIT,
    Status.OUT_FOR_DELIVERY,
    Status.AVAILABLE_FOR_PICKUP,
    Status.ON_HOLD,
    Status.ATTEMPT_FAILED,
    Status.EXPIRED,
    Status.CANCELLED,
    Status.UNDELIVERABLE,
    Status.LOST,
    Status.RETURNING,
    Status.RETURNED,
    Status.DELIVERED,
    Status.DISPOSITIONED,
)
_RANK = {status.value: rank for rank, status in enumerate(_FURTHEST_LAST)}
_SCANS = frozenset(status.value for status in SCAN_STATUSES)


def merge_journey(shipment: StoredShipment, checkpoints: Iterable[StoredCheckpoint]) -> None:
    """Takes what all checkpoints of the shipment say together. `settle` must follow."""
    first_scan, last_scan = shipment.first_scan_at, shipment.last_scan_at
    delivered, announced = shipment.delivered_at, shipment.announced_at
    last: StoredCheckpoint | None = None
    counted: list[float] = []
    for checkpoint in checkpoints:
        at, status = checkpoint.occurred_at, checkpoint.status
        if last is None or at > last.occurred_at or _is_further(checkpoint, last):
            last = checkpoint
        if status in _SCANS:
            if first_scan is None or at < first_scan:
                first_scan = at
            if last_scan is None or at > last_scan:
                last_scan = at
            if status == "delivered":
                if delivered is None or at < delivered:
                    delivered = at
                if checkpoint.quantity is not None:
                    counted.append(checkpoint.quantity)
        elif status == "label_created" and (announced is None or at < announced):
            announced = at
    shipment.first_scan_at, shipment.last_scan_at = first_scan, last_scan
    shipment.delivered_at, shipment.announced_at = delivered, announced
    shipment.delivered_quantity = fsum(counted) if counted else None
    if last is not None:
        shipment.last_checkpoint_at = last.occurred_at
        shipment.status, shipment.reason = last.status, last.reason


def _is_further(one: StoredCheckpoint, other: StoredCheckpoint) -> bool:
    return one.occurred_at == other.occurred_at and (
        (_RANK[one.status], one.reason or "") > (_RANK[other.status], other.reason or "")
    )
