"""Figures that carry their weight: numerator, denominator, sample and age. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.scorecards.catalogue import Kpi, Unit
from bot.scorecards.periods import Period

Z_95 = 1.959964  # standard normal quantile of a two-sided 95% interval


@dataclass(frozen=True, slots=True)
class Rate:
    """Never with a denominator of 0: that is unknown, and no Rate at all."""

    numerator: float
    denominator: float
    as_of: datetime | None = None
    """The age of the data; None where no source has said."""

    @property
    def value(self) -> float:
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Beside a mean; in the unit of its KPI."""

    median: float
    ninetieth: float
    """The 90th percentile."""


class Standing(StrEnum):
    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"
    NO_TARGET = "no_target"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Figure:
    """One KPI of one partner in one period."""

    kpi: Kpi
    rate: Rate | None
    """None: unknown, which is neither 0 nor 100%."""
    target: float | None = None
    minimum_sample: int = 1
    previous: Rate | None = None
    """The period before."""
    interval: Interval | None = None
    spread: Spread | None = None
    left_out: int = 0
    """Shipments that could not be counted because something is not known of them."""
    pending: int = 0
    """Shipments of the period that are neither delivered nor due yet."""

    @property
    def standing(self) -> Standing:
        if self.rate is None:
            return Standing.UNKNOWN
        if self.target is None:
            return Standing.NO_TARGET
        if self.rate.denominator < self.minimum_sample:
            return Standing.TOO_FEW
        return Standing.MET if self.kpi.meets(self.rate.value, self.target) else Standing.MISSED


@dataclass(frozen=True, slots=True)
class Scorecard:
    partner_key: str
    partner_name: str
    zone: str
    period: Period
    now: datetime
    is_over: bool
    """The period; until then its figures are "so far"."""
    figures: Sequence[Figure]


def wilson(successes: float, trials: float) -> Interval:
    """The 95% score interval of a proportion: E. B. Wilson, "Probable inference, the law of
    succession, and statistical inference", JASA 22 (1927), equation for the limits of p.

    Raises ValueError where there were no trials, or more successes than trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"no proportion: {successes} of {trials}")
    share = successes / trials
    square = Z_95**2
    scale = 1 + square / trials
    centre = (share + square / (2 * trials)) / scale
    reach = Z_95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / scale
    return Interval(low=max(0.0, centre - reach), high=min(1.0, centre + reach))


def interval_of(kpi: Kpi, rate: Rate | None) -> Interval | None:
    """For rates alone, and only where the figures are those of a proportion of a count."""
    if kpi.unit is not Unit.RATE or rate is None:
        return None
    if not 0 <= rate.numerator <= rate.denominator:
        return None
    return wilson(rate.numerator, rate.denominator)


def spread_of(values: Sequence[float]) -> Spread | None:
    """Percentiles interpolate between the values, the extremes included."""
    if not values:
        return None
    if len(values) == 1:
        return Spread(values[0], values[0])
    return Spread(
        median=statistics.median(values),
        ninetieth=statistics.quantiles(values, n=10, method="inclusive")[-1],
    )
