"""Whether a figure jumps further than its volume explains: tests against the periods before it.

A jump is one from the history (up to 12 periods before) and from the last period too: a level that
has changed for good is asked about once.

- A share of a count: the two-proportion z-test with pooled variance, and |z| of at least 5; and the
  odds have changed at least eightfold (with half a count added to each cell, after Haldane 1956),
  because with many orders the smallest change is no chance. 95% to 70% is about that, and so is
  0.5% to 4%. At least 3 periods before.
- Anything else: the modified z-score, 0.6745 times the distance from the median in median absolute
  deviations (Iglewicz and Hoaglin 1993, who call 3.5 an outlier), of at least 6; and at least three
  times the median, or a third of it. The score shrinks with the square root of the volume where
  that is below its median: the mean of a few may lie far off. No history counts as steadier than
  2% of its median. At least 5 periods before.
"""

import math
from collections.abc import Sequence
from statistics import median
from typing import Final

COMPARED_WITH: Final = 12
SHARE_PERIODS: Final = 3
SHARE_SCORE: Final = 5.0
SHARE_ODDS: Final = 8.0
OTHER_PERIODS: Final = 5
OTHER_SCORE: Final = 6.0
OTHER_FACTOR: Final = 3.0
STEADIEST: Final = 0.02

Counted = tuple[float, float]
"""Numerator and denominator, finite, the denominator more than 0."""


def share_jumps(current: Counted, before: Sequence[Counted]) -> bool:
    """Of shares of a count, from 0 to 1; `before` in the order of time."""
    history = before[-COMPARED_WITH:]
    if len(history) < SHARE_PERIODS:
        return False
    pooled = sum(one[0] for one in history), sum(one[1] for one in history)
    return _differs(current, pooled) and _differs(current, history[-1])


def ratio_jumps(current: Counted, before: Sequence[Counted]) -> bool:
    """Of means and ratios; `before` in the order of time."""
    history = before[-COMPARED_WITH:]
    if len(history) < OTHER_PERIODS:
        return False
    values = [numerator / denominator for numerator, denominator in history]
    value, usual = current[0] / current[1], median(values)
    if not (_is_far_from(value, usual) and _is_far_from(value, values[-1])):
        return False
    spread = max(median(abs(one - usual) for one in values), STEADIEST * usual)
    volume = current[1] / median(denominator for _, denominator in history)
    score = 0.6745 * abs(value - usual) / spread * math.sqrt(min(volume, 1))
    return score >= OTHER_SCORE


def _differs(one: Counted, other: Counted) -> bool:
    return abs(_score(one, other)) >= SHARE_SCORE and _odds_ratio(one, other) >= SHARE_ODDS


def _score(one: Counted, other: Counted) -> float:
    together = (one[0] + other[0]) / (one[1] + other[1])
    variance = together * (1 - together) * (1 / one[1] + 1 / other[1])
    if variance <= 0:
        return 0.0
    return (one[0] / one[1] - other[0] / other[1]) / math.sqrt(variance)


def _odds_ratio(one: Counted, other: Counted) -> float:
    """At least 1: how many times the one's odds are the other's, or the other way round."""
    ratio = _odds(one) / _odds(other)
    return max(ratio, 1 / ratio)


def _odds(counted: Counted) -> float:
    return (counted[0] + 0.5) / (counted[1] - counted[0] + 0.5)


def _is_far_from(value: float, usual: float) -> bool:
    """Never from what is not more than 0: nothing is a multiple of it."""
    if usual <= 0:
        return False
    return value >= OTHER_FACTOR * usual or value <= usual / OTHER_FACTOR
