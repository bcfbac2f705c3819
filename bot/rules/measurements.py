"""Judges all figures of one partner and metric: what is missing, and what cannot be so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendars import WorkingCalendar
from bot.rules.finding import Finding
from bot.rules.measured_figure import MeasuredFigure
from bot.rules.measurement_impossible import judge_impossible
from bot.rules.measurement_missing import judge_missing
from bot.scorecards.catalogue import Origin, kpi_named
from bot.scorecards.periods import Period


@dataclass(frozen=True, slots=True)
class MeasurementJudgement:
    findings: tuple[Finding, ...]
    look_again_at: datetime | None
    """The next moment at which they may change though no figure comes."""


def judge_measurements(
    *,
    partner_key: str,
    metric: str,
    expected: Sequence[Period],
    measured: Sequence[MeasuredFigure],
    settle: timedelta,
    due_within_working_days: int,
    calendar: WorkingCalendar,
    now: datetime,
    heard_until: datetime | None = None,
) -> MeasurementJudgement:
    """`expected` are the periods of a term in force; `measured` also those before them, to compare
    with. `heard_until` is up to when the source has told all it knew."""
    kpi = kpi_named(metric)
    known = sorted((one for one in measured if one.measured_at <= now), key=_order)
    findings = list(judge_impossible(partner_key, kpi, known))
    moments = [one.measured_at for one in measured if one.measured_at > now]
    for period in expected if kpi.origin is Origin.MEASURED else ():
        verdict = judge_missing(
            partner_key=partner_key,
            kpi=kpi,
            period=period,
            measured=known,
            settle=settle,
            due_within_working_days=due_within_working_days,
            calendar=calendar,
            now=now,
            heard_until=heard_until,
        )
        if verdict.finding is not None:
            findings.append(verdict.finding)
        if verdict.look_again_at is not None:
            moments.append(verdict.look_again_at)
    return MeasurementJudgement(tuple(findings), min(moments, default=None))


def _order(figure: MeasuredFigure) -> tuple[date, date, str]:
    return figure.period_start, figure.period_end, figure.source_key
