"""KPI figures on their way in. The later measured outweighs; undated, only another figure does."""

from collections.abc import Sequence

from bot.cleaning import Unfit, clean_measurement
from bot.ingest.intake import Intake, place_of_figure
from bot.judging.catching_up import figures_arrived
from bot.matching import Unmatched
from bot.sources.reports import MeasurementReport
from storage import measurements
from storage.measurements import Measured, MeasurementKey
from storage.tables import Measurement


def take_figures(intake: Intake, reports: Sequence[MeasurementReport]) -> int:
    """How many are new or corrected. What they may change is judged at once."""
    measured = [
        (figure, report.measured_at is not None)
        for report in reports
        if (figure := _measured(intake, report)) is not None
    ]
    if not measured:
        return 0
    partner_keys = sorted({figure.partner_key for figure, _ in measured})
    known = measurements.of_partners(intake.session, partner_keys)
    news: dict[MeasurementKey, Measured] = {}
    for figure, is_dated in measured:
        stored = news.get(figure.key) or known.get(figure.key)
        if stored is None or _outweighs(figure, stored, is_dated):
            news[figure.key] = figure
    measurements.upsert_many(intake.session, list(news.values()))
    figures_arrived(intake.session, intake.book, news.values(), intake.now)
    return len(news)


def _measured(intake: Intake, report: MeasurementReport) -> Measured | None:
    """None for one that is set aside."""
    place = place_of_figure(report)
    partner_key = intake.matcher.named(report.partner)
    if isinstance(partner_key, Unmatched):
        intake.set_aside(place, partner_key.reason, report)
        return None
    try:
        cleaned = clean_measurement(report)
    except Unfit as unfit:
        intake.set_aside(place, str(unfit), report)
        return None
    intake.take(place)
    return Measured(
        partner_key=partner_key,
        metric=cleaned.metric,
        period_start=cleaned.period_start,
        period_end=cleaned.period_end,
        source_key=intake.source_key,
        numerator=float(cleaned.numerator),
        denominator=float(cleaned.denominator),
        measured_at=cleaned.measured_at or intake.now,
    )


def _outweighs(figure: Measured, stored: Measured | Measurement, is_dated: bool) -> bool:
    values, before = _values(figure), _values(stored)
    if not is_dated and values == before:
        return False  # the same figure again, and nothing says that it was measured again
    return (figure.measured_at, *values) > (stored.measured_at, *before)


def _values(figure: Measured | Measurement) -> tuple[float, float]:
    return figure.numerator, figure.denominator
