"""A figure that a source measured, and the name of the cases about it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.scorecards.periods import month_of


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """What a source measured of one partner and metric."""

    period_start: date
    period_end: date
    """The last day, included."""
    source_key: str
    numerator: float
    denominator: float
    measured_at: datetime


def measurement_subject(partner_key: str, metric: str, start: date, end: date) -> str:
    """Such as `measurement:acme:otif:2014-06`; `2014-06-02..2014-06-08` where it is no month."""
    return f"measurement:{partner_key}:{metric}:{period_key(start, end)}"


def period_key(start: date, end: date) -> str:
    month = month_of(start)
    if (start, end) == (month.start, month.end):
        return month.key
    return f"{start.isoformat()}..{end.isoformat()}"
