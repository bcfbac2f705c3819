"""Where a history goes on after its end: a year mistyped would let it last for decades."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

LONGEST_SILENCE = timedelta(days=366)
ONE_LINE_IN = 100  # may be mistyped; more than that is a history with a gap in it


def far_off_from(lines_of: Sequence[tuple[date, int]]) -> date | None:
    """The first day of what stands alone, more than a year after all else; None where nothing
    does. `lines_of` are the days on which something became known, in order, and how much."""
    all_lines = sum(count for _, count in lines_of)
    far_off: date | None = None
    lines = 0
    for (before, _), (day, count) in reversed([*pairwise(lines_of)]):
        lines += count
        if lines * ONE_LINE_IN > all_lines:
            break
        if day - before > LONGEST_SILENCE:
            far_off = day
    return far_off
