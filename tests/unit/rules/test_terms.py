from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.finding import Finding
from bot.rules.terms import judge_term
from bot.scorecards.catalogue import Better
from storage.vocabulary import CaseKind, Severity

NOW = datetime(2014, 7, 2, 6, tzinfo=UTC)


def june(
    numerator: float,
    denominator: float,
    *,
    target: float = 0.95,
    minimum_sample: float = 1,
    better: Better = Better.HIGHER,
    now: datetime = NOW,
) -> Finding | None:
    return judge_term(
        partner_key="acme",
        metric="on_time_delivery",
        target=target,
        minimum_sample=minimum_sample,
        better=better,
        period_start=date(2014, 6, 1),
        period_end=date(2014, 6, 30),
        numerator=numerator,
        denominator=denominator,
        zone=ZoneInfo("Europe/Amsterdam"),
        now=now,
    )


def test_a_month_below_its_target_is_a_breach_with_its_numbers() -> None:
    finding = june(14, 17)
    assert finding is not None
    assert finding.kind is CaseKind.TERM_BREACHED
    assert finding.subject == "term:acme:on_time_delivery:2014-06"
    assert finding.since == datetime(2014, 6, 30, 22, tzinfo=UTC)  # midnight in Amsterdam
    assert finding.facts == {
        "metric": "on_time_delivery",
        "period": "2014-06",
        "period_start": "2014-06-01",
        "period_end": "2014-06-30",
        "numerator": 14,
        "denominator": 17,
        "misses": 3,
        "target": 0.95,
        "better": "higher",
        "minimum_sample": 1,
    }


def test_exactly_the_target_is_kept() -> None:
    assert june(19, 20) is None
    assert june(18, 20) is not None
    # 0.95 * 100 is more than 95 in binary, 0.07 * 100 more than 7: neither may breach a contract.
    assert june(95, 100) is None
    assert june(7, 100, target=0.07, better=Better.LOWER) is None


def test_below_the_minimum_sample_it_is_too_few_to_judge() -> None:
    assert june(0, 9, minimum_sample=10) is None
    assert june(0, 10, minimum_sample=10) is not None


@pytest.mark.parametrize("denominator", [0, -5, float("nan"), float("inf")])
def test_what_cannot_be_a_denominator_is_not_judged(denominator: float) -> None:
    assert june(0, denominator) is None


def test_missing_by_ten_points_is_critical() -> None:
    just_below, far_below = june(86, 100), june(85, 100)
    assert just_below is not None
    assert far_below is not None
    assert just_below.severity is Severity.WARNING
    assert far_below.severity is Severity.CRITICAL


def test_where_less_is_better_more_is_a_breach() -> None:
    hours = {"target": 48.0, "better": Better.LOWER}
    assert june(48 * 20, 20, **hours) is None  # type: ignore[arg-type]
    slow = june(60 * 20, 20, **hours)  # type: ignore[arg-type]
    very_slow = june(72 * 20, 20, **hours)  # type: ignore[arg-type]
    assert slow is not None
    assert very_slow is not None
    assert (slow.severity, very_slow.severity) == (Severity.WARNING, Severity.CRITICAL)
    assert slow.facts["misses"] is None


def test_a_band_is_missed_on_either_side() -> None:
    assert june(85, 100, target=0.9, better=Better.BAND) is None
    assert june(80, 100, target=0.9, better=Better.BAND) is None
    assert june(79, 100, target=0.9, better=Better.BAND) is not None
    assert june(101, 100, target=0.9, better=Better.BAND) is not None


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 1000))
def test_it_is_missed_exactly_when_the_numerator_is_below_its_share(
    denominator: int, numerator: int, per_mille: int
) -> None:
    is_missed = june(numerator, denominator, target=per_mille / 1000) is not None
    assert is_missed == (numerator * 1000 < per_mille * denominator)


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(0, 500))
def test_a_day_later_the_same_numbers_say_the_same(denominator: int, numerator: int) -> None:
    later = datetime(2014, 7, 9, 6, tzinfo=UTC)
    assert june(numerator, denominator) == june(numerator, denominator, now=later)
