"""What people call a month, and what they get for it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.scorecards.periods import MONTHS, UnknownPeriod, month_of, parse_period

TODAY = date(2014, 7, 2)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("", "July 2014"),
        ("   ", "July 2014"),
        ("this month", "July 2014"),
        ("last month", "June 2014"),
        ("LAST  Month", "June 2014"),
        ("2014-06", "June 2014"),
        ("2014/6", "June 2014"),
        ("06/2014", "June 2014"),
        ("june 2014", "June 2014"),
        ("2014 june", "June 2014"),
        ("Jun", "June 2014"),
        ("sept", "September 2013"),
        ("july", "July 2014"),
        ("December", "December 2013"),
        ("feb 2012", "February 2012"),
    ],
)
def test_a_month_by_any_of_its_names(typed: str, label: str) -> None:
    period = parse_period(typed, TODAY)
    assert period.label == label
    assert period.start.day == 1
    assert (period.end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "typed",
    ["banana", "2014-13", "2014-00", "0000-06", "ju", "6", "2014", "June 14 2014", "²", "٣ 2014"],
)
def test_what_is_no_month_is_answered_with_what_to_type(typed: str) -> None:
    with pytest.raises(UnknownPeriod) as raised:
        parse_period(typed, TODAY)
    assert f"“{typed.casefold()}” is not a month that I know. Try `2014-06`" in str(raised.value)


def test_a_month_that_has_not_begun_is_said_to_be_so() -> None:
    with pytest.raises(UnknownPeriod, match="August 2014 has not begun yet: today is 2 July 2014"):
        parse_period("2014-08", TODAY)


def test_what_to_type_instead_has_begun() -> None:
    with pytest.raises(UnknownPeriod, match=r"Try `2013-12`, `december 2013`, `dec`, `last month`"):
        parse_period("2014-06", date(2014, 1, 31))


def test_a_pasted_novel_is_not_echoed_whole() -> None:
    with pytest.raises(UnknownPeriod) as raised:
        parse_period("x" * 10_000, TODAY)
    assert len(str(raised.value)) < 200


def test_months_follow_each_other_over_the_new_year() -> None:
    january = month_of(date(2014, 1, 15))
    assert january.previous().label == "December 2013"
    assert january.previous().following() == january
    assert not january.is_over(date(2014, 1, 31))
    assert january.is_over(date(2014, 2, 1))


@given(some.dates(min_value=date(1990, 1, 1), max_value=TODAY))
def test_a_periods_key_and_label_are_read_back(day: date) -> None:
    period = month_of(day)
    assert parse_period(period.key, TODAY) == period
    assert parse_period(period.label, TODAY) == period


@given(some.sampled_from(MONTHS), some.dates(min_value=date(1990, 1, 1)))
def test_a_month_without_a_year_is_the_latest_that_has_begun(name: str, today: date) -> None:
    period = parse_period(name, today)
    assert period.start <= today
    assert (today - period.start).days < 366


@given(some.text(max_size=60))
def test_whatever_is_typed_gives_a_month_that_has_begun_or_help(typed: str) -> None:
    try:
        period = parse_period(typed, TODAY)
    except UnknownPeriod as unknown:
        help_given = str(unknown)
        period = month_of(TODAY)
    else:
        help_given = "Try nothing: understood"
    assert period.start <= TODAY
    assert "Try" in help_given
