"""Returns above normal: one account or one item sends back far more than it normally does.

Severity: a warning; critical from five times the normal on.

Clears: a window in which it is no longer so.

Turn: of an account, the consignee who sends back; of an item, the shipper who sells it.

Test: the returns of the last days against those of the days before, as two Poisson counts, exactly
and on one side: given all n returns of both, the recent ones are binomial with n and the recent
days' share of all days, and p is the probability of as many or more (Przyborowski and Wilenski,
Biometrika 31, 1940). Unlike the Poisson tail at the rate of the days before, it knows that this
rate is itself an estimate from few returns. It speaks up where p is at most 1 in 1,000 divided by
how many accounts or items were looked at together (Bonferroni), so that all of them raise a false
alarm once in 1,000 looks; and only from 5 returns on, from twice the normal on, and with at least
28 days to know the normal by.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.finding import Finding
from storage.vocabulary import CaseKind, Severity, Side

LEVEL: Final = 0.001
MINIMUM_RETURNS: Final = 5
MINIMUM_DAYS_BEFORE: Final = 28
FAR_ABOVE: Final = 2  # times the normal: with many returns a tenth more is already no chance
CRITICAL_FROM: Final = 5  # times the normal

_NEGLIGIBLE = 1e-17  # of the sum so far: a further term changes no digit of it


class ReturnsOf(StrEnum):
    ACCOUNT = "account"
    ITEM = "item"


_SIDE = {ReturnsOf.ACCOUNT: Side.CONSIGNEE, ReturnsOf.ITEM: Side.SHIPPER}


@dataclass(frozen=True, slots=True)
class ReturnsCount:
    """Returns of one account or item in the last days, and in those just before them."""

    recent: int
    recent_days: int
    before: int
    before_days: int
    """Fewer than asked for where it has not been known for so long."""

    def __post_init__(self) -> None:
        if self.recent < 0 or self.before < 0:
            raise ValueError(f"{self.recent} and {self.before} returns: none can be negative")
        if self.recent_days <= 0 or self.before_days < 0:
            raise ValueError(
                f"{self.recent_days} days against {self.before_days}: there must be some"
            )

    @property
    def expected(self) -> float:
        """By the rate of the days before; NaN where there are none."""
        if self.before_days == 0:
            return math.nan
        return self.before * self.recent_days / self.before_days

    @property
    def p(self) -> float:
        """The probability of as many or more in the recent days if nothing had changed."""
        share = self.recent_days / (self.recent_days + self.before_days)
        return upper_binomial_tail(self.recent, self.recent + self.before, share)


def judge_returns(
    *,
    partner_key: str | None,
    returns_of: ReturnsOf,
    name: str,
    count: ReturnsCount,
    looked_at: int,
    now: datetime,
) -> Finding | None:
    """`looked_at` is how many accounts or items are judged together with this one, itself
    included. Raises ValueError where it is not at least 1."""
    if looked_at < 1:
        raise ValueError(f"{looked_at} looked at together: this one is one of them")
    if count.recent < MINIMUM_RETURNS or count.before_days < MINIMUM_DAYS_BEFORE:
        return None
    expected = count.expected
    if count.recent < FAR_ABOVE * expected:
        return None
    p = count.p
    if p > LEVEL / looked_at:
        return None
    is_critical = count.recent >= CRITICAL_FROM * expected
    return Finding(
        kind=CaseKind.RETURNS_ABOVE_NORMAL,
        subject=f"returns:{partner_key or ''}:{returns_of}:{name}",
        severity=Severity.CRITICAL if is_critical else Severity.WARNING,
        since=now - timedelta(days=count.recent_days),
        side=_SIDE[returns_of],
        facts={
            "returns_of": returns_of.value,
            "name": name,
            "count": count.recent,
            "expected": round(expected, 2),
            "days": count.recent_days,
            "days_before": count.before_days,
            "p": float(f"{p:.2g}"),
        },
    )


def upper_binomial_tail(at_least: int, trials: int, share: float) -> float:
    """P(X >= at_least) of a binomial X, from 0 to 1; exact but for the rounding of floats.

    The terms shrink away from the mean, so the sum starts at the bound and goes away from it: a
    million trials cost some thousand terms, and nothing overflows.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    if at_least <= 0:
        return 1.0
    if at_least > trials or share == 0:
        return 0.0
    if share == 1:
        return 1.0
    if at_least > trials * share:
        return min(_away_from_mean(at_least, trials, share), 1.0)
    below = _away_from_mean(trials - at_least + 1, trials, 1 - share)
    return max(1.0 - below, 0.0)


def _away_from_mean(bound: int, trials: int, share: float) -> float:
    """P(X >= bound), for a bound above the mean."""
    odds = share / (1 - share)
    term, total = 1.0, 1.0
    for successes in range(bound, trials):
        term *= (trials - successes) / (successes + 1) * odds
        total += term
        if term < total * _NEGLIGIBLE:
            break
    logarithm = (
        math.lgamma(trials + 1)
        - math.lgamma(bound + 1)
        - math.lgamma(trials - bound + 1)
        + bound * math.log(share)
        + (trials - bound) * math.log1p(-share)
        + math.log(total)
    )
    return math.exp(logarithm) if logarithm < 0 else 1.0
