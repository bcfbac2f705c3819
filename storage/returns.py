"""How often goods come back, by account or by item."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from storage.tables import Shipment
from storage.vocabulary import Status

_BACK = (Status.RETURNING.value, Status.RETURNED.value, Status.DISPOSITIONED.value)


@dataclass(frozen=True, slots=True)
class Returns:
    name: str
    recent: int
    before: int


def counts(
    session: Session,
    partner_key: str,
    by: str,
    before_since: datetime,
    recent_since: datetime,
    now: datetime,
) -> list[Returns]:
    """By `account` or `item`: what was sent back, or is coming back, in the days before
    `recent_since` and since then; counted on the day it was first heard of."""
    name = {"account": col(Shipment.account), "item": col(Shipment.item)}[by]
    heard_at = func.coalesce(col(Shipment.announced_at), col(Shipment.created_at))
    is_recent = heard_at >= recent_since
    rows = session.execute(
        select(
            name.label("name"),
            func.sum(case((is_recent, 1), else_=0)).label("recent"),
            func.sum(case((is_recent, 0), else_=1)).label("before"),
        )
        .where(
            col(Shipment.partner_key) == partner_key,
            name.is_not(None),
            col(Shipment.is_return).is_(True) | col(Shipment.status).in_(_BACK),
            heard_at >= before_since,
            heard_at <= now,
        )
        .group_by(name)
        .order_by(name)
    )
    return [Returns(row.name, row.recent, row.before) for row in rows]


def first_shipment_at(session: Session, partner_key: str) -> datetime | None:
    """When the first shipment of the partner was heard of: how far back counting makes sense."""
    return session.scalar(
        select(func.min(func.coalesce(col(Shipment.announced_at), col(Shipment.created_at)))).where(
            col(Shipment.partner_key) == partner_key
        )
    )
