"""Shipments, checkpoints and ETAs as ingest reads and writes them: whole pages at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel

from storage.bulk import BulkInsert, Prepared, Row, json_text
from storage.statements import in_batches, is_among, is_sqlite
from storage.tables import Checkpoint, Estimate, Shipment

_SHIPMENT = SQLModel.metadata.tables[str(Shipment.__tablename__)]
_CHECKPOINT = SQLModel.metadata.tables[str(Checkpoint.__tablename__)]
_ESTIMATE = SQLModel.metadata.tables[str(Estimate.__tablename__)]
_INGEST_LOCK = 4_117_304_251  # any number that nothing else takes


@dataclass(slots=True)
class StoredShipment:
    """A row of `shipment`, as plain data that may be changed before it is written."""

    partner_key: str
    tracking_number: str
    source_key: str
    status: str
    created_at: datetime
    changed_at: datetime
    id: int = 0
    source_reference: str | None = None
    carrier: str | None = None
    service: str | None = None
    order_reference: str | None = None
    origin: str | None = None
    destination: str | None = None
    destination_zone: str | None = None
    ordered_at: datetime | None = None
    ship_by: datetime | None = None
    value: float | None = None
    currency: str | None = None
    quantity: float | None = None
    mode: str | None = None
    priority: str | None = None
    account: str | None = None
    item: str | None = None
    is_return: bool | None = None
    order_as_of: datetime | None = None
    promised_at: datetime | None = None
    promised_on: date | None = None
    promise_basis: str | None = None
    promise_as_of: datetime | None = None
    estimated_at: datetime | None = None
    tracking_as_of: datetime | None = None
    reported_status: str | None = None
    reason: str | None = None
    announced_at: datetime | None = None
    first_scan_at: datetime | None = None
    last_checkpoint_at: datetime | None = None
    last_scan_at: datetime | None = None
    delivered_quantity: float | None = None
    delivered_at: datetime | None = None
    delivered_on: date | None = None
    provenance: dict[str, Any] | None = None


class StoredCheckpoint(NamedTuple):
    """A row of `checkpoint`, but for the shipment it belongs to."""

    occurred_at: datetime
    fingerprint: str
    status: str
    reason: str | None
    raw_code: str | None
    raw_text: str | None
    location: str | None
    estimated_at: datetime | None
    quantity: float | None
    source_key: str
    recorded_at: datetime


class StoredEstimate(NamedTuple):
    """A row of `estimate`, but for the shipment it belongs to."""

    said_at: datetime
    estimated_at: datetime
    estimated_on: date | None


_SHIPMENT_COLUMNS = tuple(column.name for column in _SHIPMENT.columns)
_CHECKPOINT_COLUMNS = ("shipment_id", *StoredCheckpoint._fields)
_ESTIMATE_COLUMNS = ("shipment_id", *StoredEstimate._fields)

_BY_NUMBERS = Prepared(
    select(*(_SHIPMENT.c[each.name] for each in fields(StoredShipment)))
    .where(is_among(_SHIPMENT.c.tracking_number, "numbers"))
    .order_by(_SHIPMENT.c.id)
)
_CHECKPOINTS_OF = Prepared(
    select(*(_CHECKPOINT.c[name] for name in _CHECKPOINT_COLUMNS)).where(
        is_among(_CHECKPOINT.c.shipment_id, "shipments")
    )
)
_ESTIMATES_OF = Prepared(
    select(*(_ESTIMATE.c[name] for name in _ESTIMATE_COLUMNS)).where(
        is_among(_ESTIMATE.c.shipment_id, "shipments")
    )
)
_LAST_ID = select(func.max(_SHIPMENT.c.id))
_ADD_SHIPMENTS = BulkInsert(_SHIPMENT, _SHIPMENT_COLUMNS, lambda insert: insert)
_CHANGE_SHIPMENTS = BulkInsert(
    _SHIPMENT,
    _SHIPMENT_COLUMNS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={
            name: insert.excluded[name]
            for name in _SHIPMENT_COLUMNS
            if name not in ("id", "created_at")
        },
    ),
)
_WRITE_CHECKPOINTS = BulkInsert(
    _CHECKPOINT,
    _CHECKPOINT_COLUMNS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["shipment_id", "occurred_at", "fingerprint"],
        set_={
            name: insert.excluded[name]
            for name in ("reason", "estimated_at", "quantity", "source_key", "recorded_at")
        },
    ),
)
_WRITE_ESTIMATES = BulkInsert(
    _ESTIMATE,
    _ESTIMATE_COLUMNS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["shipment_id", "said_at"],
        set_={name: insert.excluded[name] for name in ("estimated_at", "estimated_on")},
    ),
)
_but_provenance = attrgetter(*_SHIPMENT_COLUMNS[:-1])  # the last one


def take_turn(session: Session) -> None:
    """Until the transaction ends, nobody else ingests: two pages about one shipment, merged at
    the same time, would each miss what the other brought. SQLite's write lock does the same."""
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _INGEST_LOCK})


def by_numbers(session: Session, numbers: Sequence[str]) -> list[StoredShipment]:
    """All shipments with these tracking numbers, of whatever partner, by id."""
    found: list[StoredShipment] = []
    for batch in in_batches(list(numbers)):
        rows = _BY_NUMBERS.execute(session, numbers=batch)
        found.extend(StoredShipment(*row) for row in rows)
    return found


def checkpoints_of(
    session: Session, shipment_ids: Sequence[int]
) -> defaultdict[int, list[StoredCheckpoint]]:
    found: defaultdict[int, list[StoredCheckpoint]] = defaultdict(list)
    for batch in in_batches(shipment_ids):
        rows = _CHECKPOINTS_OF.execute(session, shipments=batch)
        for shipment_id, *values in rows:
            found[shipment_id].append(StoredCheckpoint(*values))
    return found


def estimates_of(
    session: Session, shipment_ids: Sequence[int]
) -> defaultdict[int, list[StoredEstimate]]:
    found: defaultdict[int, list[StoredEstimate]] = defaultdict(list)
    for batch in in_batches(shipment_ids):
        rows = _ESTIMATES_OF.execute(session, shipments=batch)
        for shipment_id, *values in rows:
            found[shipment_id].append(StoredEstimate(*values))
    return found


def give_ids(session: Session, shipments: Sequence[StoredShipment]) -> None:
    """Ids for new shipments, in their order, before they are written."""
    if not shipments:
        return
    if is_sqlite(session):
        last = session.scalar(_LAST_ID) or 0
        ids: Sequence[int] = range(last + 1, last + 1 + len(shipments))
    else:
        sequence = func.nextval(func.pg_get_serial_sequence("shipment", "id"))
        many = func.generate_series(1, len(shipments)).table_valued("value")
        ids = session.scalars(select(sequence).select_from(many)).all()
    for shipment, shipment_id in zip(shipments, ids, strict=True):
        shipment.id = shipment_id


def add_shipments(session: Session, shipments: Sequence[StoredShipment]) -> None:
    """New ones, with their ids given."""
    _ADD_SHIPMENTS.execute(session, _shipment_rows(shipments))


def change_shipments(session: Session, shipments: Sequence[StoredShipment]) -> None:
    _CHANGE_SHIPMENTS.execute(session, _shipment_rows(shipments))


def _shipment_rows(shipments: Sequence[StoredShipment]) -> list[Row]:
    return [(*_but_provenance(each), json_text(each.provenance)) for each in shipments]


def write_checkpoints(
    session: Session, checkpoints: Mapping[int, Sequence[StoredCheckpoint]]
) -> None:
    """By the id of their shipment. One that is there already is overwritten."""
    # In the order in which the table is kept, which is quickest to write.
    rows: list[Row] = [
        (shipment_id, *checkpoint)
        for shipment_id in sorted(checkpoints)
        for checkpoint in sorted(checkpoints[shipment_id])
    ]
    _WRITE_CHECKPOINTS.execute(session, rows)


def write_estimates(session: Session, estimates: Mapping[int, Sequence[StoredEstimate]]) -> None:
    """By the id of their shipment. What was said at the same time is overwritten."""
    rows: list[Row] = [
        (shipment_id, *estimate)
        for shipment_id in sorted(estimates)
        for estimate in estimates[shipment_id]
    ]
    _WRITE_ESTIMATES.execute(session, rows)
