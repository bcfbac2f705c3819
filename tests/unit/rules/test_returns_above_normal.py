import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.finding import Finding
from bot.rules.returns_above_normal import (
    LEVEL,
    ReturnsCount,
    ReturnsOf,
    judge_returns,
    upper_binomial_tail,
)
from storage.vocabulary import CaseKind, Severity, Side

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def of_the_week(
    recent: int,
    before: int,
    *,
    before_days: int = 84,
    looked_at: int = 1,
    returns_of: ReturnsOf = ReturnsOf.ACCOUNT,
) -> Finding | None:
    return judge_returns(
        partner_key="acme",
        returns_of=returns_of,
        name="Muster & Söhne",
        count=ReturnsCount(recent, 7, before, before_days),
        looked_at=looked_at,
        now=NOW,
    )


def test_an_account_that_sends_back_four_times_as_much_is_asked_why() -> None:
    finding = of_the_week(12, 36)
    assert finding is not None
    assert finding.kind is CaseKind.RETURNS_ABOVE_NORMAL
    assert finding.subject == "returns:acme:account:Muster & Söhne"
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CONSIGNEE
    assert finding.since == NOW - timedelta(days=7)
    assert finding.facts == {
        "returns_of": "account",
        "name": "Muster & Söhne",
        "count": 12,
        "expected": 3.0,
        "days": 7,
        "days_before": 84,
        "p": 0.00022,
    }


def test_an_item_is_the_shippers_to_look_at() -> None:
    finding = of_the_week(12, 36, returns_of=ReturnsOf.ITEM)
    assert finding is not None
    assert finding.side is Side.SHIPPER


def test_five_times_the_normal_is_critical() -> None:
    # 3 a week is normal
    severities = [
        finding.severity for count in (14, 15) if (finding := of_the_week(count, 36)) is not None
    ]
    assert severities == [Severity.WARNING, Severity.CRITICAL]


def test_a_few_are_never_far_above_normal() -> None:
    assert of_the_week(4, 0) is None
    assert of_the_week(5, 0) is not None


def test_what_chance_explains_is_no_exception() -> None:
    assert of_the_week(6, 36) is None


def test_with_many_returns_a_little_more_is_no_chance_and_yet_no_exception() -> None:
    count = ReturnsCount(1_199, 7, 7_200, 84)
    assert count.p < 1e-50
    assert of_the_week(1_199, 7_200) is None
    assert of_the_week(1_200, 7_200) is not None


def test_somebody_new_has_no_normal_yet() -> None:
    assert of_the_week(50, 3, before_days=27) is None
    assert of_the_week(50, 3, before_days=28) is not None
    assert of_the_week(50, 0, before_days=0) is None
    assert math.isnan(ReturnsCount(50, 7, 0, 0).expected)


def test_looking_at_a_thousand_takes_stronger_evidence() -> None:
    assert of_the_week(12, 36, looked_at=4) is not None
    assert of_the_week(12, 36, looked_at=5) is None


@pytest.mark.parametrize("counts", [(-1, 7, 0, 84), (1, 0, 0, 84), (1, 7, -1, 84), (1, 7, 0, -1)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"negative|days"):
        ReturnsCount(*counts)


def test_nobody_looked_at_is_refused() -> None:
    with pytest.raises(ValueError, match="0 looked at"):
        of_the_week(12, 36, looked_at=0)


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 30), st.integers(1, 365))
def test_the_tail_is_the_sum_of_its_terms(
    recent: int, before: int, recent_days: int, before_days: int
) -> None:
    """Against exact fractions."""
    share = Fraction(recent_days, recent_days + before_days)
    trials = recent + before
    exact = sum(
        math.comb(trials, successes) * share**successes * (1 - share) ** (trials - successes)
        for successes in range(recent, trials + 1)
    )
    p = ReturnsCount(recent, recent_days, before, before_days).p
    assert p == pytest.approx(float(exact), rel=1e-9)


counts = st.builds(
    ReturnsCount,
    recent=st.integers(0, 10**6) | st.integers(0, 50),
    recent_days=st.integers(1, 90),
    before=st.integers(0, 10**6) | st.integers(0, 500),
    before_days=st.integers(0, 730),
)
ROUNDING = 1 + 1e-6  # what a float leaves of a logarithm of a million factorial


@settings(deadline=None)
@given(counts, st.integers(1, 1000))
def test_more_returns_never_make_p_larger_and_a_higher_normal_never_smaller(
    count: ReturnsCount, more: int
) -> None:
    more_now = ReturnsCount(count.recent + more, count.recent_days, count.before, count.before_days)
    more_before = ReturnsCount(
        count.recent, count.recent_days, count.before + more, count.before_days
    )
    assert 0 <= more_now.p <= count.p * ROUNDING
    assert count.p <= more_before.p * ROUNDING
    assert more_before.p <= 1


@settings(deadline=None)
@given(counts, st.integers(1, 10_000))
def test_what_is_found_is_rare_and_far_above_normal(count: ReturnsCount, looked_at: int) -> None:
    finding = judge_returns(
        partner_key=None,
        returns_of=ReturnsOf.ITEM,
        name="A-1",
        count=count,
        looked_at=looked_at,
        now=NOW,
    )
    if finding is not None:
        assert finding.subject == "returns::item:A-1"
        assert count.p * looked_at <= LEVEL
        assert count.recent >= 2 * count.expected


def test_in_steady_trade_false_alarms_are_as_rare_as_promised() -> None:
    """Given how many come back in all, the chance that the rule speaks up is at most its level."""
    share = 7 / 91
    for trials in (10, 50, 200, 2_000):
        alarms = [
            successes
            for successes in range(trials + 1)
            if of_the_week(successes, trials - successes) is not None
        ]
        assert upper_binomial_tail(min(alarms), trials, share) <= LEVEL


def test_large_counts_neither_overflow_nor_vanish() -> None:
    assert upper_binomial_tail(500_000, 1_000_000, 0.5) == pytest.approx(0.5, abs=1e-3)
    assert upper_binomial_tail(10**9, 10**9, 0.999999999) == pytest.approx(math.exp(-1), rel=1e-4)
    assert upper_binomial_tail(10**6, 10**6, 0.1) == 0.0
    assert upper_binomial_tail(1, 10**9, 1e-9) == pytest.approx(1 - math.exp(-1), rel=1e-4)


def test_the_ends_of_the_tail() -> None:
    assert upper_binomial_tail(0, 0, 0.5) == 1
    assert upper_binomial_tail(1, 0, 0.5) == 0
    assert upper_binomial_tail(3, 3, 1.0) == 1
    assert upper_binomial_tail(1, 3, 0.0) == 0
    for share in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="no share"):
            upper_binomial_tail(1, 3, share)
