"""The end of a mute, as people say it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mutes.ends import LONGEST, checked_end, in_zone, read_end
from bot.mutes.unclear import Part, Unclear

BERLIN = "Europe/Berlin"
MONDAY = datetime(2026, 6, 15, 8, tzinfo=UTC)  # ten o'clock in Berlin


def _end(words: str, now: datetime = MONDAY, zone: str = BERLIN) -> tuple[str, str]:
    ends_at, rest = read_end(words.split(), zone, now)
    return f"{ends_at:%d %b %H:%M}", " ".join(rest)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("for 3 days", "18 Jun 08:00"),
        ("for 3d", "18 Jun 08:00"),
        ("For 90 minutes", "15 Jun 09:30"),
        ("for an hour", "15 Jun 09:00"),
        ("for a week", "22 Jun 08:00"),
        ("for two weeks", "29 Jun 08:00"),
        ("for 1 day and 12 hours", "16 Jun 20:00"),
        ("for 1d 2h", "16 Jun 10:00"),
        ("for 1.5 hours", "15 Jun 09:30"),
        ("for a month", "15 Jul 08:00"),
        ("for 90 days", "13 Sep 08:00"),
        ("until 14:00", "15 Jun 12:00"),
        ("until 9:00", "16 Jun 07:00"),
        ("till noon", "15 Jun 10:00"),
        ("until midnight", "15 Jun 22:00"),
        ("until today 14:00", "15 Jun 12:00"),
        ("until tomorrow", "16 Jun 07:00"),
        ("until tomorrow at 2pm", "16 Jun 12:00"),
        ("until friday 14:00", "19 Jun 12:00"),
        ("until Fri, 2:30 pm", "19 Jun 12:30"),
        ("until monday", "22 Jun 07:00"),
        ("until monday 14:00", "15 Jun 12:00"),
        ("until monday 9:00", "22 Jun 07:00"),
        ("until thurs", "18 Jun 07:00"),
        ("until next week", "22 Jun 07:00"),
        ("until 2026-06-20", "20 Jun 07:00"),
        ("until 2026-06-20 14:00", "20 Jun 12:00"),
        ("until 20 june 14:00", "20 Jun 12:00"),
        ("until June 20th", "20 Jun 07:00"),
        ("until 20.6.", "20 Jun 07:00"),
        ("until 20.06.2026 14:00", "20 Jun 12:00"),
    ],
)
def test_an_end_is_understood_however_it_is_said(words: str, end: str) -> None:
    assert _end(words) == (end, "")


def test_days_and_times_are_the_partners() -> None:
    assert _end("until friday 14:00", zone="Asia/Singapore") == ("19 Jun 06:00", "")
    assert _end("until friday 14:00", zone="America/Chicago") == ("19 Jun 19:00", "")


def test_a_day_that_has_passed_this_year_is_one_of_the_next() -> None:
    december = datetime(2026, 12, 20, 8, tzinfo=UTC)
    assert _end("until 6 january", december) == ("06 Jan 08:00", "")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("for 3 days the port is closed", "the port is closed"),
        ("for 3 days 2 trucks broke down", "2 trucks broke down"),
        ("until friday 14:00 the port is closed", "the port is closed"),
        ("until tomorrow at the latest they answer", "at the latest they answer"),
    ],
)
def test_what_comes_after_the_end_is_left(words: str, reason: str) -> None:
    assert _end(words)[1] == reason


@pytest.mark.parametrize(
    "words",
    [
        "for",
        "for days",
        "for 3",
        "for 3 moons",
        "for ever",
        "until",
        "until then",
        "until friday 14",
        "until 25:00",
        "until 13pm",
        "until 2026-02-30",
        "until june 31",
        "until 31.6.",
        "until 99999999999-01-01",
    ],
)
def test_what_is_no_end_is_refused_with_examples(words: str) -> None:
    with pytest.raises(Unclear, match="`until friday 14:00`") as refused:
        _end(words)
    assert refused.value.part is Part.END
    assert refused.value.typed.startswith(words[:3])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("for 0 days", "That has passed: it is Mon 15 Jun 10:00 in Berlin."),
        ("until today 9:00", "That has passed"),
        ("until 2026-06-14", "That has passed"),
        ("for 91 days", "90 days at most: until Sun 13 Sep 10:00"),
        ("for 9999 weeks", "90 days at most"),
        ("until 2027-01-01", "90 days at most"),
    ],
)
def test_an_end_lies_ahead_and_not_too_far(words: str, why: str) -> None:
    with pytest.raises(Unclear) as refused:
        _end(words)
    assert why in refused.value.why


@pytest.mark.parametrize(
    ("words", "zone", "why"),
    [
        ("until 0001-01-01", "Asia/Tokyo", "That has passed"),
        ("until 9999-12-31 23:00", "America/Chicago", "90 days at most"),
    ],
)
def test_where_time_begins_and_ends_is_no_end_either(words: str, zone: str, why: str) -> None:
    with pytest.raises(Unclear) as refused:
        _end(words, zone=zone)
    assert why in refused.value.why


def test_an_hour_that_the_clocks_skip_is_still_an_end() -> None:
    night = datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert _end("until 2026-03-29 02:30", night) == ("29 Mar 01:30", "")


@given(st.lists(st.text(max_size=12), max_size=8))
def test_whatever_is_typed_is_an_end_ahead_or_refused(words: list[str]) -> None:
    for begin in ("for", "until"):
        try:
            ends_at, rest = read_end([begin, *words], BERLIN, MONDAY)
        except Unclear:
            continue
        assert MONDAY < ends_at <= MONDAY + LONGEST
        assert list(rest) == words[len(words) - len(rest) :]


@given(st.integers(0, 1_000_000), st.sampled_from([BERLIN, "America/Chicago", "UTC"]))
def test_an_end_is_checked_against_now_alone(minutes: int, zone: str) -> None:
    local = (MONDAY + timedelta(minutes=minutes)).replace(tzinfo=None)
    ends_at = in_zone(local, zone)
    assert checked_end(ends_at, zone, ends_at - LONGEST) == ends_at
    with pytest.raises(Unclear):
        checked_end(ends_at, zone, ends_at)
    with pytest.raises(Unclear):
        checked_end(ends_at, zone, ends_at - LONGEST - timedelta(seconds=1))
