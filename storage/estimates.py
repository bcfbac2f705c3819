"""What carriers said of the time of delivery, over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, SQLModel

from storage.bulk import BulkSelect
from storage.tables import Estimate


class ToldEstimate(NamedTuple):
    shipment_id: int
    said_at: datetime
    estimated_at: datetime


_TOLD = BulkSelect(
    SQLModel.metadata.tables[str(Estimate.__tablename__)],
    ToldEstimate._fields,
    ToldEstimate._make,
    key="shipment_id",
    order_by=("shipment_id", "said_at"),
)


def of_shipments(
    session: Session, shipment_ids: Sequence[int]
) -> Mapping[int, Sequence[ToldEstimate]]:
    """Oldest first; a shipment without any is left out."""
    found: defaultdict[int, list[ToldEstimate]] = defaultdict(list)
    for estimate in _TOLD.execute(session, shipment_ids):
        found[estimate.shipment_id].append(estimate)
    return found
