"""The figures behind a scorecard, counted by the database. Days are local to the destination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, or_, select
from sqlmodel import Session, col

from storage.tables import Measurement, Shipment, SourceHealth
from storage.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Days:
    """Both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PunctualityCount:
    on_time: int
    delivered_or_due: int
    promised: int
    """All of the cohort, also those neither delivered nor due yet."""
    unknown: int
    """Said to be delivered, but not when: left out of the count."""


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """One length, in seconds, for each shipment delivered whose order time is known."""

    seconds: Sequence[float]
    unknown: int
    """Delivered, but without an order time, or with one after the delivery."""


@dataclass(frozen=True, slots=True)
class MissedShipment:
    shipment_id: int
    tracking_number: str
    order_reference: str | None
    destination: str | None
    destination_zone: str | None
    ordered_at: datetime | None
    promised_at: datetime | None
    delivered_at: datetime | None
    """None: not delivered by then."""


@dataclass(frozen=True, slots=True)
class MeasuredPart:
    metric: str
    source_key: str
    days: Days
    numerator: float
    denominator: float
    measured_at: datetime


def punctuality(session: Session, partner_key: str, days: Days, now: datetime) -> PunctualityCount:
    """Of the shipments promised on these days, as they stood at `now`."""
    row = session.execute(
        select(
            _count(_judged(now) & _on_time(now)),
            _count(_judged(now)),
            func.count(),
            _count(_delivery_time_unknown()),
        ).where(_promised_in(partner_key, days))
    ).one()
    return PunctualityCount(*(int(count) for count in row))


def late(
    session: Session, partner_key: str, days: Days, now: datetime, limit: int | None
) -> list[MissedShipment]:
    """The misses behind `punctuality`: the undelivered first, then by promise, oldest first."""
    undelivered_first = case((_delivered(now), 1), else_=0)
    return _shipments(
        session,
        now,
        [_promised_in(partner_key, days), _judged(now), ~_on_time(now)],
        [undelivered_first, col(Shipment.promised_at)],
        limit,
    )


def cycle_times(session: Session, partner_key: str, days: Days, now: datetime) -> CycleTimes:
    """Of the shipments delivered on these days."""
    rows = session.execute(
        select(col(Shipment.ordered_at), col(Shipment.delivered_at)).where(
            _delivered_in(partner_key, days, now)
        )
    ).all()
    seconds = [
        (delivered_at - ordered_at).total_seconds()
        for ordered_at, delivered_at in rows
        if ordered_at is not None and ordered_at <= delivered_at
    ]
    return CycleTimes(seconds, unknown=len(rows) - len(seconds))


def delivered(
    session: Session, partner_key: str, days: Days, now: datetime
) -> list[MissedShipment]:
    """Those behind `cycle_times`."""
    return _shipments(
        session,
        now,
        [
            _delivered_in(partner_key, days, now),
            col(Shipment.ordered_at) <= col(Shipment.delivered_at),
        ],
    )


def measured(
    session: Session,
    partner_key: str,
    days: Days,
    now: datetime,
    metric: str | None = None,
) -> list[MeasuredPart]:
    """All that was measured by `now` for spans lying within these days, the longest span first."""
    wanted = [
        col(Measurement.partner_key) == partner_key,
        col(Measurement.period_start) >= days.first,
        col(Measurement.period_end) <= days.last,
        col(Measurement.measured_at) <= now,
    ]
    if metric is not None:
        wanted.append(col(Measurement.metric) == metric)
    rows = session.execute(
        select(
            col(Measurement.metric),
            col(Measurement.source_key),
            col(Measurement.period_start),
            col(Measurement.period_end),
            col(Measurement.numerator),
            col(Measurement.denominator),
            col(Measurement.measured_at),
        ).where(*wanted)
    )
    parts = [
        MeasuredPart(name, source, Days(first, last), numerator, denominator, measured_at)
        for name, source, first, last, numerator, denominator, measured_at in rows
    ]
    return sorted(
        parts,
        key=lambda part: (
            part.metric,
            part.source_key,
            -(part.days.last - part.days.first).days,
            part.days.first,
        ),
    )


def last_heard(session: Session, partner_key: str, days: Days, now: datetime) -> datetime | None:
    """How old the shipments' data is: the last success of the source that was heard least
    recently, of those that follow shipments promised or delivered on these days."""
    sources = (
        select(col(Shipment.source_key))
        .where(
            or_(
                _promised_in(partner_key, days),
                _delivered_in(partner_key, days, now),
            )
        )
        .distinct()
    )
    oldest: datetime | None = session.execute(
        select(func.min(col(SourceHealth.last_success_at))).where(
            col(SourceHealth.source_key).in_(sources)
        )
    ).scalar_one()
    return oldest


def _promised_in(partner_key: str, days: Days) -> ColumnElement[bool]:
    return and_(
        col(Shipment.partner_key) == partner_key,
        col(Shipment.promised_on).between(days.first, days.last),
        col(Shipment.promised_at).is_not(None),
        col(Shipment.status) != Status.CANCELLED,
    )


def _delivered_in(partner_key: str, days: Days, now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Shipment.partner_key) == partner_key,
        col(Shipment.delivered_on).between(days.first, days.last),
        col(Shipment.status) != Status.CANCELLED,
        _delivered(now),
    )


def _delivered(now: datetime) -> ColumnElement[bool]:
    return and_(col(Shipment.delivered_at).is_not(None), col(Shipment.delivered_at) <= now)


def _delivery_time_unknown() -> ColumnElement[bool]:
    return and_(col(Shipment.status) == Status.DELIVERED, col(Shipment.delivered_at).is_(None))


def _judged(now: datetime) -> ColumnElement[bool]:
    return and_(or_(_delivered(now), col(Shipment.promised_at) <= now), ~_delivery_time_unknown())


def _on_time(now: datetime) -> ColumnElement[bool]:
    return and_(_delivered(now), col(Shipment.delivered_at) <= col(Shipment.promised_at))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _shipments(
    session: Session,
    now: datetime,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[SQLColumnExpression[Any]] = (),
    limit: int | None = None,
) -> list[MissedShipment]:
    rows = session.execute(
        select(
            col(Shipment.id),
            col(Shipment.tracking_number),
            col(Shipment.order_reference),
            col(Shipment.destination),
            col(Shipment.destination_zone),
            col(Shipment.ordered_at),
            col(Shipment.promised_at),
            case((_delivered(now), col(Shipment.delivered_at)), else_=None),
        )
        .where(*conditions)
        .order_by(*order, col(Shipment.id))
        .limit(limit)
    )
    return [MissedShipment(*row) for row in rows]
