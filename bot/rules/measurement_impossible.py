"""Measurement impossible: a figure that cannot be so: no number, a denominator of 0 or less, less
than nothing, a rate over 100%, or a jump that no volume explains.

Severity: a warning; a mere notice where nothing was counted out of nothing, 0 / 0.

Clears: a figure for the same period that can be so.

Turn: the partner's, as a carrier, who has to correct or confirm it.

Test: for jumps, see bot/rules/measurement_jumps.py.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from bot.rules.finding import Finding
from bot.rules.measured_figure import MeasuredFigure, measurement_subject, period_key
from bot.rules.measurement_jumps import COMPARED_WITH, ratio_jumps, share_jumps
from bot.scorecards.catalogue import Kpi, Unit
from storage.vocabulary import CaseKind, Severity, Side

_SAME_LENGTH = timedelta(days=3)  # February and March are periods of one kind
# Rates by name, whose numerator is yet no part of their denominator.
_MAY_BE_OVER_100_PERCENT = frozenset({"cost_share", "claims_cost_share", "claims_rate"})
_CANNOT_BE_NEGATIVE = frozenset({Unit.RATE, Unit.HOURS, Unit.DAYS})


class Fault(StrEnum):
    """Why a figure cannot be so; the first that holds is told."""

    NO_NUMBER = "no_number"
    DENOMINATOR_NEGATIVE = "denominator_negative"
    DENOMINATOR_ZERO = "denominator_zero"
    NUMERATOR_NEGATIVE = "numerator_negative"
    OVER_100_PERCENT = "over_100_percent"
    JUMP = "jump"


def judge_impossible(
    partner_key: str, kpi: Kpi, measured: Sequence[MeasuredFigure]
) -> Iterator[Finding]:
    """Of figures in the order of time. One for each period at most: where two sources are at fault,
    of the first by name."""
    told: set[str] = set()
    possible: dict[str, list[MeasuredFigure]] = {}
    for one in measured:
        of_source = possible.setdefault(one.source_key, [])
        fault, previous = _fault(kpi, one), None
        if fault is None:
            previous = _jumped_from(kpi, one, of_source)
            fault = Fault.JUMP if previous else None
            of_source.append(one)
        subject = measurement_subject(partner_key, kpi.name, one.period_start, one.period_end)
        if fault is not None and subject not in told:
            told.add(subject)
            yield _impossible_finding(kpi, one, fault, previous, subject)


def _impossible_finding(
    kpi: Kpi, figure: MeasuredFigure, fault: Fault, previous: MeasuredFigure | None, subject: str
) -> Finding:
    is_nothing_of_nothing = fault is Fault.DENOMINATOR_ZERO and figure.numerator == 0
    return Finding(
        kind=CaseKind.MEASUREMENT_IMPOSSIBLE,
        subject=subject,
        severity=Severity.INFO if is_nothing_of_nothing else Severity.WARNING,
        since=figure.measured_at,
        side=Side.CARRIER,
        facts={
            "metric": kpi.name,
            "period": period_key(figure.period_start, figure.period_end),
            "period_start": figure.period_start.isoformat(),
            "period_end": figure.period_end.isoformat(),
            "source": figure.source_key,
            "why": fault.value,
            "numerator": _plain(figure.numerator),
            "denominator": _plain(figure.denominator),
            "previous_numerator": previous.numerator if previous else None,
            "previous_denominator": previous.denominator if previous else None,
        },
    )


def _fault(kpi: Kpi, figure: MeasuredFigure) -> Fault | None:
    """What is wrong with it by itself."""
    if not (math.isfinite(figure.numerator) and math.isfinite(figure.denominator)):
        return Fault.NO_NUMBER
    if figure.denominator < 0:
        return Fault.DENOMINATOR_NEGATIVE
    if figure.denominator == 0:
        return Fault.DENOMINATOR_ZERO
    if figure.numerator < 0 and kpi.unit in _CANNOT_BE_NEGATIVE:
        return Fault.NUMERATOR_NEGATIVE
    if _is_part_of_whole(kpi) and figure.numerator > figure.denominator:
        return Fault.OVER_100_PERCENT
    return None


def _is_part_of_whole(kpi: Kpi) -> bool:
    return kpi.unit is Unit.RATE and kpi.name not in _MAY_BE_OVER_100_PERCENT


def _jumped_from(
    kpi: Kpi, figure: MeasuredFigure, possible: Sequence[MeasuredFigure]
) -> MeasuredFigure | None:
    """The figure before it, if it jumps from it and from the history; `possible` are those of its
    source, in the order of time."""
    length = figure.period_end - figure.period_start
    comparable = (
        one
        for one in reversed(possible)
        if one.period_end < figure.period_start
        and abs(one.period_end - one.period_start - length) <= _SAME_LENGTH
    )
    before = list(islice(comparable, COMPARED_WITH))[::-1]
    is_jump = share_jumps if _is_part_of_whole(kpi) else ratio_jumps
    history = [(one.numerator, one.denominator) for one in before]
    return before[-1] if is_jump((figure.numerator, figure.denominator), history) else None


def _plain(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None
