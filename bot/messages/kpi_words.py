"""Figures and targets as people read them; a figure never without what it was counted from."""

from bot.messages import text
from bot.scorecards.catalogue import BAND_TOLERANCE, Better, Kpi, Unit
from bot.scorecards.figures import Figure, Interval, Rate

_UNIT_WORD = {Unit.HOURS: "hours", Unit.DAYS: "days"}


def figure(kpi: Kpi, rate: Rate | None, target: float | None = None) -> str:
    """`82.4% (14 of 17)`, `41.3 days on average (12 counted)`, `unknown`.

    Next to a target that it would look equal to, it gets a decimal more.
    """
    if rate is None:
        return "unknown"
    if kpi.unit.is_per_cent:
        counted = f"({text.number(rate.numerator)} of {text.number(rate.denominator)})"
        return f"{_share_beside(rate.value, target)} {counted}"
    if kpi.unit is Unit.RATIO:
        counted = f"({text.number(rate.numerator)} to {text.number(rate.denominator)})"
        return f"{text.number(rate.value)} {counted}"
    counted = f"({text.number(rate.denominator)} counted)"
    return f"{amount(kpi, rate.value)} on average {counted}"


def amount(kpi: Kpi, value: float) -> str:
    """A bare value in its unit."""
    if kpi.unit.is_per_cent:
        return text.percentage(value)
    if kpi.unit is Unit.RATIO:
        return text.number(value)
    return f"{text.number(round(value, 1))} {_UNIT_WORD[kpi.unit]}"


def target(kpi: Kpi, value: float) -> str:
    """`at least 95%`, `at most 48 hours`, `80% to 100%`."""
    if kpi.better is Better.BAND:
        low, high = value - BAND_TOLERANCE, value + BAND_TOLERANCE
        return f"{amount(kpi, low)} to {amount(kpi, high)}"
    bound = "at least" if kpi.better is Better.HIGHER else "at most"
    return f"{bound} {amount(kpi, value)}"


def interval(value: Interval) -> str:
    return f"95% interval {text.percentage(value.low)} to {text.percentage(value.high)}"


def change(shown: Figure) -> str | None:
    """Against the period before: `up from 79.1% (34 of 43)`."""
    if shown.previous is None:
        return None
    before = figure(shown.kpi, shown.previous)
    if shown.rate is None:
        return f"was {before}"
    difference = shown.rate.value - shown.previous.value
    if abs(difference) < 1e-9:  # floats of the same figure
        return f"unchanged from {before}"
    return f"{'up' if difference > 0 else 'down'} from {before}"


def _share_beside(value: float, beside: float | None) -> str:
    shown = text.percentage(value)
    if beside is None or value == beside or shown != text.percentage(beside):
        return shown
    return f"{value * 100:.3f}".rstrip("0").rstrip(".") + "%"
