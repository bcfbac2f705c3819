"""Term breached: a term of the contract, missed over its window on a sufficient sample.

Severity: a warning; critical where it misses by a lot, which is, where more is better, a rate ten
points below its target, any other figure a tenth of it; where less is better, half as much again
as the target; where there is a band, as far outside of it as the band is wide.

Clears: a later correction that meets the target; somebody who resolves it, since a month that is
over can't be mended; and by itself once nothing has been done about it, and no figure of it has
changed, for 35 days: its review is over, and the scorecard keeps it.

Turn: the partner's, as a carrier.

Exactly the target is kept. Below the minimum sample, and where the denominator is 0, there is too
little to judge by, and nothing is found.
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.rules.finding import Fact, Finding
from bot.scorecards.catalogue import BAND_TOLERANCE, Better
from bot.scorecards.periods import Period, month_of
from storage.vocabulary import CaseKind, Severity, Side

# Longer than from one monthly review to the next, and than a month is the last one that is judged:
# what was left alone is not found again.
LEFT_ALONE_FOR = timedelta(days=35)

_TEN_POINTS = Fraction(1, 10)
_A_TENTH = Fraction(1, 10)
_A_HALF = Fraction(1, 2)


def judge_term(
    *,
    partner_key: str,
    metric: str,
    target: float,
    minimum_sample: float,
    better: Better,
    period_start: date,
    period_end: date,
    numerator: float,
    denominator: float,
    zone: ZoneInfo,
    now: datetime,
) -> Finding | None:
    """`period_end` is the last day in `zone`, included; the window is over by `now`."""
    if not (math.isfinite(numerator) and math.isfinite(denominator)):
        return None
    if denominator <= 0 or denominator < minimum_sample:
        return None
    wanted = _exactly(target)
    missed_by = _missed_by(_exactly(numerator) / _exactly(denominator), wanted, better)
    if missed_by <= 0:
        return None
    is_missed_by_a_lot = missed_by >= _a_lot(wanted, better)
    day_after = datetime.combine(period_end + timedelta(days=1), time(), zone)
    return Finding(
        kind=CaseKind.TERM_BREACHED,
        subject=breach_subject(partner_key, metric, month_of(period_start)),
        severity=Severity.CRITICAL if is_missed_by_a_lot else Severity.WARNING,
        since=min(day_after, now).astimezone(UTC),
        side=Side.CARRIER,
        facts={
            "metric": metric,
            "period": f"{period_start:%Y-%m}",
            "period_start": period_start.isoformat(),
            "period_end": period_end.isoformat(),
            "numerator": numerator,
            "denominator": denominator,
            "misses": _misses(numerator, denominator, wanted, better),
            "target": target,
            "better": better.value,
            "minimum_sample": minimum_sample,
        },
    )


def breach_subject(partner_key: str, metric: str, period: Period) -> str:
    return f"term:{partner_key}:{metric}:{period.start:%Y-%m}"


def _exactly(figure: float) -> Fraction:
    """What was written: 0.95 is 19/20, and not the binary number next to it."""
    return Fraction(str(figure))


def _missed_by(figure: Fraction, wanted: Fraction, better: Better) -> Fraction:
    """At most 0 where the target is kept."""
    match better:
        case Better.HIGHER:
            return wanted - figure
        case Better.LOWER:
            return figure - wanted
        case Better.BAND:
            return abs(figure - wanted) - _exactly(BAND_TOLERANCE)


def _a_lot(wanted: Fraction, better: Better) -> Fraction:
    match better:
        case Better.HIGHER:
            return _TEN_POINTS if wanted <= 1 else wanted * _A_TENTH
        case Better.LOWER:
            return wanted * _A_HALF
        case Better.BAND:
            return _exactly(BAND_TOLERANCE)


def _misses(numerator: float, denominator: float, wanted: Fraction, better: Better) -> Fact:
    """How many, where the figure counts those that were good; else None."""
    counts_the_good = better is Better.HIGHER and wanted <= 1 and numerator <= denominator
    return denominator - numerator if counts_the_good else None
