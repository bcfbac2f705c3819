"""KPI figures that a source measured, kept as numerator and denominator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlmodel import Session, SQLModel, col

from storage.statements import in_batches, upsert
from storage.tables import Measurement

_TABLE = SQLModel.metadata.tables["measurement"]
_KEY = ("partner_key", "metric", "period_start", "period_end", "source_key")

MeasurementKey = tuple[str, str, date, date, str]
"""Partner, metric, first and last day of the period, source."""


@dataclass(frozen=True, slots=True)
class Measured:
    partner_key: str
    metric: str
    period_start: date
    period_end: date
    source_key: str
    numerator: float
    denominator: float
    measured_at: datetime

    @property
    def key(self) -> MeasurementKey:
        return (
            self.partner_key,
            self.metric,
            self.period_start,
            self.period_end,
            self.source_key,
        )


def upsert_many(session: Session, measured: Sequence[Measured]) -> None:
    """The newer measurement of the same figure wins; of equally new ones, the greater."""
    insert = upsert(session, _TABLE)
    new = insert.excluded
    same_age = _TABLE.c.measured_at == new.measured_at
    statement = insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={name: new[name] for name in ("numerator", "denominator", "measured_at")},
        where=or_(
            _TABLE.c.measured_at < new.measured_at,
            and_(same_age, _TABLE.c.numerator < new.numerator),
            and_(
                same_age,
                _TABLE.c.numerator == new.numerator,
                _TABLE.c.denominator < new.denominator,
            ),
        ),
    )
    rows = [
        {
            "partner_key": m.partner_key,
            "metric": m.metric,
            "period_start": m.period_start,
            "period_end": m.period_end,
            "source_key": m.source_key,
            "numerator": m.numerator,
            "denominator": m.denominator,
            "measured_at": m.measured_at,
        }
        for m in sorted(measured, key=lambda m: m.key)
    ]
    for batch in in_batches(rows):
        session.execute(statement, batch)


def of_partners(session: Session, partner_keys: Sequence[str]) -> dict[MeasurementKey, Measurement]:
    found: dict[MeasurementKey, Measurement] = {}
    for row in session.scalars(
        select(Measurement).where(col(Measurement.partner_key).in_(partner_keys))
    ):
        key = (row.partner_key, row.metric, row.period_start, row.period_end, row.source_key)
        found[key] = row
    return found


def of_metric(
    session: Session, partner_key: str, metric: str, limit: int = 24
) -> list[Measurement]:
    """The latest periods of one metric, the latest first."""
    return list(
        session.scalars(
            select(Measurement)
            .where(col(Measurement.partner_key) == partner_key, col(Measurement.metric) == metric)
            .order_by(
                col(Measurement.period_end).desc(),
                col(Measurement.period_start).desc(),
                col(Measurement.source_key),
            )
            .limit(limit)
        )
    )
