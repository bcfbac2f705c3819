"""Measurement missing: a figure that a term of the contract needs has not come for a period, or not
for all of its days, by the end of the last working day that was left for it.

Severity: a warning; critical 5 working days after it was due.

Clears: figures for every day of the period. That is how one that comes late ends.

Turn: the partner's, as a carrier.

It is due the given working days after the period has ended and settled. What we compute from
shipments ourselves is never missing.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.calendars import WorkingCalendar, later
from bot.rules.finding import Finding, Verdict
from bot.rules.measured_figure import MeasuredFigure, measurement_subject, period_key
from bot.scorecards.catalogue import Kpi
from bot.scorecards.periods import Period
from storage.vocabulary import CaseKind, Severity, Side

CRITICAL_AFTER_WORKING_DAYS: Final = 5

_DAY = timedelta(days=1)
_LAG_CHECKED_EVERY = timedelta(minutes=30)


def judge_missing(
    *,
    partner_key: str,
    kpi: Kpi,
    period: Period,
    measured: Iterable[MeasuredFigure],
    settle: timedelta,
    due_within_working_days: int,
    calendar: WorkingCalendar,
    now: datetime,
    heard_until: datetime | None,
) -> Verdict:
    """Of one period; `heard_until` is up to when the source has told all it knew."""
    lacking = _lacking_days(period, measured)
    if not lacking:
        return Verdict()
    as_of = now if heard_until is None else min(now, heard_until)
    due_at = _due_at(period, settle, due_within_working_days, calendar)
    critical_at = _end_of_working_day_after(due_at, CRITICAL_AFTER_WORKING_DAYS, calendar)
    changes_at = next((_just_after(one) for one in (due_at, critical_at) if as_of <= one), None)
    if changes_at is not None and changes_at <= now:
        changes_at = later(now, _LAG_CHECKED_EVERY)
    if as_of <= due_at:
        return Verdict(look_again_at=changes_at)
    severity = Severity.CRITICAL if as_of > critical_at else Severity.WARNING
    return Verdict(_missing(partner_key, kpi, period, lacking, due_at, severity), changes_at)


def _due_at(
    period: Period, settle: timedelta, working_days: int, calendar: WorkingCalendar
) -> datetime:
    settled_at = later(calendar.end_of_day(period.end), settle)
    return _end_of_working_day_after(settled_at, working_days, calendar)


def _end_of_working_day_after(
    instant: datetime, working_days: int, calendar: WorkingCalendar
) -> datetime:
    day = calendar.local_date(instant)
    for _ in range(working_days):
        day = calendar.next_working_day(day)
    return calendar.end_of_day(day)


def _just_after(instant: datetime) -> datetime:
    return later(instant, timedelta(microseconds=1))


def _lacking_days(period: Period, measured: Iterable[MeasuredFigure]) -> list[date]:
    """Those of the period that no figure covers, in order."""
    lacking = {period.start + _DAY * day for day in range((period.end - period.start).days + 1)}
    for one in measured:
        first, last = max(one.period_start, period.start), min(one.period_end, period.end)
        lacking.difference_update(first + _DAY * day for day in range((last - first).days + 1))
    return sorted(lacking)


def _missing(
    partner_key: str,
    kpi: Kpi,
    period: Period,
    lacking: Sequence[date],
    due_at: datetime,
    severity: Severity,
) -> Finding:
    return Finding(
        kind=CaseKind.MEASUREMENT_MISSING,
        subject=measurement_subject(partner_key, kpi.name, period.start, period.end),
        severity=severity,
        since=due_at,
        side=Side.CARRIER,
        facts={
            "metric": kpi.name,
            "period": period_key(period.start, period.end),
            "period_start": period.start.isoformat(),
            "period_end": period.end.isoformat(),
            "due_at": due_at.isoformat(),
            "days_missing": len(lacking),
            "days": (period.end - period.start).days + 1,
            "missing_from": lacking[0].isoformat(),
        },
    )
