"""What happened to a shipment, oldest first. Written by ingest alone: see bot.ingest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from storage.bulk import BulkSelect
from storage.tables import Checkpoint

_OLDEST_FIRST = (
    col(Checkpoint.shipment_id),
    col(Checkpoint.occurred_at),
    col(Checkpoint.fingerprint),
)


class ToldCheckpoint(NamedTuple):
    """What of a checkpoint is judged."""

    shipment_id: int
    occurred_at: datetime
    status: str
    reason: str | None
    raw_text: str | None
    location: str | None
    estimated_at: datetime | None


_TOLD = BulkSelect(
    SQLModel.metadata.tables["checkpoint"],
    ToldCheckpoint._fields,
    ToldCheckpoint._make,
    key="shipment_id",
    order_by=("shipment_id", "occurred_at", "fingerprint"),
)


def of_shipment(session: Session, shipment_id: int) -> list[Checkpoint]:
    """Oldest first."""
    return list(
        session.scalars(
            select(Checkpoint)
            .where(col(Checkpoint.shipment_id) == shipment_id)
            .order_by(*_OLDEST_FIRST)
        )
    )


def told_of_shipments(
    session: Session, shipment_ids: Sequence[int]
) -> Mapping[int, Sequence[ToldCheckpoint]]:
    """By shipment, oldest first, as plain data, many times as quickly; one without any has none."""
    found: defaultdict[int, list[ToldCheckpoint]] = defaultdict(list)
    for checkpoint in _TOLD.execute(session, shipment_ids):
        found[checkpoint.shipment_id].append(checkpoint)
    return found
