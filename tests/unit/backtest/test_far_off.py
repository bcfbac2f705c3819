"""One mistyped year must not make a history last for decades."""

from datetime import date, timedelta

from bot.backtest.far_off import far_off_from

YEAR = [(date(2025, 1, 1) + timedelta(days=day), 4) for day in range(365)]


def test_a_line_decades_later_stands_alone() -> None:
    assert far_off_from([*YEAR, (date(2052, 3, 4), 1)]) == date(2052, 3, 4)
    assert far_off_from([*YEAR, (date(2052, 3, 4), 1), (date(2095, 1, 1), 2)]) == date(2052, 3, 4)


def test_a_history_that_goes_on_after_a_gap_is_one() -> None:
    later = [(date(2028, 1, 1) + timedelta(days=day), 4) for day in range(20)]
    assert far_off_from([*YEAR, *later]) is None


def test_a_year_without_news_is_the_least() -> None:
    assert far_off_from([*YEAR, (date(2026, 12, 30), 1)]) is None


def test_where_there_is_little_nothing_stands_alone() -> None:
    assert far_off_from([(date(2025, 1, 1), 2), (date(2052, 3, 4), 1)]) is None
    assert far_off_from([(date(2025, 1, 1), 2)]) is None
    assert far_off_from([]) is None
