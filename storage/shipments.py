"""Shipments: finding them as people name them, and reading them with their journeys."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, func, or_, select
from sqlmodel import Session, SQLModel, col

from storage.bulk import BulkSelect
from storage.statements import in_batches, is_among
from storage.tables import Shipment
from storage.vocabulary import Status

FOUND_AT_MOST = 20
SUGGESTED_AT_MOST = 3
CANDIDATES = 400  # for each way of looking: enough to choose from, little to compare
LONGEST_NUMBER = 100  # characters
_HELD_IN_COMMON = 4  # characters at either end that a misspelt number still has right
SelectOf = TypeVar("SelectOf", bound=Select[*tuple[Any, ...]])
_FINAL = [status.value for status in Status if status.is_final]


class JudgedShipment(NamedTuple):
    """What of a shipment is judged."""

    id: int
    partner_key: str
    source_key: str
    status: str
    service: str | None
    reason: str | None
    announced_at: datetime | None
    ordered_at: datetime | None
    ship_by: datetime | None
    first_scan_at: datetime | None
    last_scan_at: datetime | None
    promised_at: datetime | None
    estimated_at: datetime | None
    delivered_at: datetime | None
    value: float | None
    quantity: float | None
    delivered_quantity: float | None
    mode: str | None
    priority: str | None
    is_return: bool | None
    destination_zone: str | None
    created_at: datetime


class ShownShipment(NamedTuple):
    """What of a shipment its card shows."""

    id: int
    tracking_number: str
    carrier: str | None
    service: str | None
    order_reference: str | None
    origin: str | None
    destination: str | None
    destination_zone: str | None
    ordered_at: datetime | None
    ship_by: datetime | None
    value: float | None
    currency: str | None
    quantity: float | None
    promised_at: datetime | None
    promise_basis: str | None
    estimated_at: datetime | None
    status: str
    reason: str | None
    announced_at: datetime | None
    first_scan_at: datetime | None
    delivered_at: datetime | None


_SHOWN = BulkSelect(
    SQLModel.metadata.tables[str(Shipment.__tablename__)],
    ShownShipment._fields,
    ShownShipment._make,
    key="id",
)
_BY_IDS = select(Shipment).where(is_among(col(Shipment.id), "ids"))
_JUDGED = BulkSelect(
    SQLModel.metadata.tables[str(Shipment.__tablename__)],
    JudgedShipment._fields,
    JudgedShipment._make,
    key="id",
)


def get(session: Session, shipment_id: int) -> Shipment | None:
    return session.get(Shipment, shipment_id)


def by_ids(session: Session, shipment_ids: Sequence[int]) -> dict[int, Shipment]:
    """In the order of the ids; unknown ids are left out."""
    found: dict[int | None, Shipment] = {}
    for batch in in_batches(shipment_ids):
        for shipment in session.scalars(_BY_IDS, {"ids": batch}):
            found[shipment.id] = shipment
    return {each: found[each] for each in shipment_ids if each in found}


def ids_of_source(session: Session, shipment_ids: Sequence[int], source_key: str) -> list[int]:
    """Those of them that this source tells of."""
    found: list[int] = []
    for batch in in_batches(shipment_ids):
        found.extend(
            session.scalars(
                select(col(Shipment.id))
                .where(col(Shipment.id).in_(batch), col(Shipment.source_key) == source_key)
                .order_by(col(Shipment.id))
            )
        )
    return found


def judged_by_ids(session: Session, shipment_ids: Sequence[int]) -> list[JudgedShipment]:
    """In no order, as plain data; unknown ids are left out."""
    return _JUDGED.execute(session, shipment_ids)


def shown_by_ids(session: Session, shipment_ids: Sequence[int]) -> list[ShownShipment]:
    """In no order, as plain data; unknown ids are left out."""
    return _SHOWN.execute(session, shipment_ids)


def find(session: Session, text: str, partner_key: str | None) -> list[Shipment]:
    """By tracking number or order reference, however it is spelt: case, spaces and dashes aside.

    Several may match; those still under way first. Numbers that are spelt alike but for case
    outdo those that are only like it. `partner_key` None looks at all partners.
    """
    text = text.strip()[:LONGEST_NUMBER].replace("\0", "")
    if not _folded(text):
        return []
    spellings = {text, text.upper(), text.lower(), _folded(text), _folded(text).upper()}
    exact = or_(
        col(Shipment.tracking_number).in_(spellings), col(Shipment.order_reference).in_(spellings)
    )
    found = session.scalars(_search(exact, partner_key)).all()
    if not found:
        # No index knows every spelling: this reads all numbers, and only when nothing else helps.
        anyhow = or_(
            _folded_column(col(Shipment.tracking_number)) == _folded(text),
            _folded_column(col(Shipment.order_reference)) == _folded(text),
        )
        found = session.scalars(_search(anyhow, partner_key)).all()
    return list(found)


def nearest(session: Session, text: str, partner_key: str | None) -> list[str]:
    """Numbers and order references that look like a misspelt one, the likest first."""
    wanted = _folded(text.strip()[:LONGEST_NUMBER].replace("\0", ""))
    if not wanted:
        return []
    candidates: dict[str, str] = {}
    for column in (col(Shipment.tracking_number), col(Shipment.order_reference)):
        folded = _folded_column(column)
        for alike in (
            folded.startswith(wanted[:_HELD_IN_COMMON], autoescape=True),
            folded.endswith(wanted[-_HELD_IN_COMMON:], autoescape=True),
        ):
            numbers = session.scalars(
                _within(select(column).where(alike), partner_key)
                .order_by(func.abs(func.length(column) - len(wanted)), col(Shipment.id).desc())
                .limit(CANDIDATES)
            )
            candidates.update({_folded(number): number for number in numbers if number})
    likest = get_close_matches(wanted, list(candidates), n=SUGGESTED_AT_MOST, cutoff=0.6)
    return [candidates[number] for number in likest]


def open_of_partner(session: Session, partner_key: str, limit: int = 100) -> list[Shipment]:
    """Still under way; the most pressing promise first, those without one last."""
    return list(
        session.scalars(
            select(Shipment)
            .where(col(Shipment.partner_key) == partner_key, col(Shipment.status).not_in(_FINAL))
            .order_by(
                col(Shipment.promised_at).is_(None),
                col(Shipment.promised_at),
                col(Shipment.id),
            )
            .limit(limit)
        )
    )


def count_by_status(session: Session, partner_key: str | None) -> dict[Status, int]:
    rows = session.execute(
        _within(select(col(Shipment.status), func.count()), partner_key).group_by(
            col(Shipment.status)
        )
    )
    return {Status(status): count for status, count in rows}


def recent_lanes(
    session: Session, partner_key: str | None, looked_at: int
) -> list[tuple[str, str]]:
    """From where to where, as the orders of the latest shipments say: the busiest first."""
    latest = (
        _within(select(col(Shipment.origin), col(Shipment.destination)), partner_key)
        .where(col(Shipment.origin).is_not(None), col(Shipment.destination).is_not(None))
        .order_by(col(Shipment.id).desc())
        .limit(looked_at)
        .subquery()
    )
    rows = session.execute(
        select(latest.c.origin, latest.c.destination)
        .group_by(latest.c.origin, latest.c.destination)
        .order_by(func.count().desc(), latest.c.origin, latest.c.destination)
    )
    return [(origin, destination) for origin, destination in rows]


def _search(condition: ColumnElement[bool], partner_key: str | None) -> Select[Shipment]:
    return (
        _within(select(Shipment).where(condition), partner_key)
        .order_by(col(Shipment.status).in_(_FINAL), col(Shipment.id).desc())
        .limit(FOUND_AT_MOST)
    )


def _within(statement: SelectOf, partner_key: str | None) -> SelectOf:
    if partner_key is None:
        return statement
    return statement.where(col(Shipment.partner_key) == partner_key)


def _folded(text: str) -> str:
    return text.replace(" ", "").replace("-", "").lower()


def _folded_column(column: SQLColumnExpression[Any]) -> ColumnElement[str]:
    return func.lower(func.replace(func.replace(column, " ", ""), "-", ""), type_=String())
