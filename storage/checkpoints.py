"""What happened to a shipment, oldest first. Written by ingest alone: see bot.ingest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from storage.bulk import BulkSelect
from storage.statements import in_batches
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
    return of_shipments(session, [shipment_id]).get(shipment_id, [])


def of_shipments(session: Session, shipment_ids: Sequence[int]) -> dict[int, list[Checkpoint]]:
    """By shipment, oldest first; a shipment without any is left out."""
    found: dict[int, list[Checkpoint]] = {}
    for batch in in_batches(shipment_ids):
        for checkpoint in session.scalars(
            select(Checkpoint)
            .where(col(Checkpoint.shipment_id).in_(batch))
            .order_by(*_OLDEST_FIRST)
        ):
            found.setdefault(checkpoint.shipment_id, []).append(checkpoint)
    return found


def told_of_shipments(
    session: Session, shipment_ids: Sequence[int]
) -> Mapping[int, Sequence[ToldCheckpoint]]:
    """The same as plain data, many times as quickly."""
    found: defaultdict[int, list[ToldCheckpoint]] = defaultdict(list)
    for checkpoint in _TOLD.execute(session, shipment_ids):
        found[checkpoint.shipment_id].append(checkpoint)
    return found


def latest(session: Session, shipment_id: int, limit: int) -> list[Checkpoint]:
    """The last ones, oldest first."""
    newest_first = session.scalars(
        select(Checkpoint)
        .where(col(Checkpoint.shipment_id) == shipment_id)
        .order_by(col(Checkpoint.occurred_at).desc(), col(Checkpoint.fingerprint).desc())
        .limit(limit)
    ).all()
    return list(reversed(newest_first))


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Checkpoint)).one()
