"""What a digest counts. What a mute holds back is counted apart: nobody was told of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select
from sqlmodel import Session, col

from storage.cases import WORST_FIRST
from storage.tables import Case, Shipment
from storage.vocabulary import CaseKind, CaseState, Severity, Status

SelectOf = TypeVar("SelectOf", bound=Select[*tuple[Any, ...]])

_FINAL = [status.value for status in Status if status.is_final]


@dataclass(frozen=True, slots=True)
class OpenCount:
    partner_key: str | None
    severity: Severity
    open: int
    untaken: int
    """Of those, how many nobody has."""


@dataclass(frozen=True, slots=True)
class PromisedCount:
    under_way: int
    in_trouble: int
    """Of those, how many have an open case."""


def open_counts(session: Session, partner_keys: Collection[str] | None) -> list[OpenCount]:
    """By partner and severity. None: of all partners, and of none."""
    untaken = func.sum(case((col(Case.state) == CaseState.OPEN, 1), else_=0))
    rows = session.execute(
        _of(partner_keys, select(col(Case.partner_key), col(Case.severity), func.count(), untaken))
        .where(_is_open(), ~_is_held_back())
        .group_by(col(Case.partner_key), col(Case.severity))
    )
    return [OpenCount(key, Severity(severity), *counts) for key, severity, *counts in rows]


def opened_since(
    session: Session, partner_keys: Collection[str] | None, since: datetime
) -> dict[str | None, int]:
    """By partner; be they resolved by now."""
    return _counted(session, partner_keys, and_(col(Case.opened_at) > since, ~_is_held_back()))


def resolved_since(
    session: Session, partner_keys: Collection[str] | None, since: datetime
) -> dict[str | None, int]:
    """By partner; those that came back are left out."""
    return _counted(
        session,
        partner_keys,
        and_(
            col(Case.state) == CaseState.RESOLVED,
            col(Case.resolved_at) > since,
            ~_is_held_back(),
        ),
    )


def held_back(session: Session, partner_keys: Collection[str] | None) -> int:
    """How many open cases mutes keep from being told."""
    return session.scalars(
        _of(partner_keys, select(func.count())).where(_is_open(), _is_held_back())
    ).one()


def worst_open(session: Session, partner_keys: Collection[str] | None, limit: int) -> list[Case]:
    statement = _of(partner_keys, select(Case)).where(_is_open(), ~_is_held_back())
    return list(session.scalars(statement.order_by(*WORST_FIRST).limit(limit)))


def promised_on(session: Session, partner_keys: Collection[str], day: date) -> PromisedCount:
    """Of the shipments that should arrive on that day, where they are delivered."""
    under_way, in_trouble = session.execute(
        select(func.count(distinct(col(Shipment.id))), func.count(distinct(col(Case.shipment_id))))
        .select_from(Shipment)
        .outerjoin(
            Case,
            and_(col(Case.shipment_id) == col(Shipment.id), _is_open(), ~_is_held_back()),
        )
        .where(_arrives_on(partner_keys, day))
    ).one()
    return PromisedCount(under_way, in_trouble)


def cases_of_promised_on(
    session: Session, partner_keys: Collection[str], day: date, limit: int
) -> list[Case]:
    """The open cases of those shipments, worst first."""
    return list(
        session.scalars(
            select(Case)
            .join(Shipment, col(Case.shipment_id) == col(Shipment.id))
            .where(_arrives_on(partner_keys, day), _is_open(), ~_is_held_back())
            .order_by(*WORST_FIRST)
            .limit(limit)
        )
    )


def sources_in_trouble(session: Session) -> list[str]:
    """The subjects of the open cases about sources."""
    return list(
        session.scalars(
            select(col(Case.subject))
            .distinct()
            .where(_is_open(), col(Case.kind).in_([CaseKind.SOURCE_FAILING, CaseKind.SOURCE_STALE]))
            .order_by(col(Case.subject))
        )
    )


def _counted(
    session: Session, partner_keys: Collection[str] | None, condition: ColumnElement[bool]
) -> dict[str | None, int]:
    rows = session.execute(
        _of(partner_keys, select(col(Case.partner_key), func.count()))
        .where(condition)
        .group_by(col(Case.partner_key))
    )
    return {key: count for key, count in rows}


def _of(partner_keys: Collection[str] | None, statement: SelectOf) -> SelectOf:
    if partner_keys is None:
        return statement.select_from(Case)
    return statement.select_from(Case).where(col(Case.partner_key).in_(sorted(partner_keys)))


def _is_open() -> ColumnElement[bool]:
    return col(Case.state) != CaseState.RESOLVED


def _is_held_back() -> ColumnElement[bool]:
    return and_(col(Case.alert_id).is_(None), col(Case.muted_by).is_not(None))


def _arrives_on(partner_keys: Collection[str], day: date) -> ColumnElement[bool]:
    return and_(
        col(Shipment.partner_key).in_(sorted(partner_keys)),
        col(Shipment.promised_on) == day,
        col(Shipment.delivered_at).is_(None),
        col(Shipment.status).not_in(_FINAL),
    )
