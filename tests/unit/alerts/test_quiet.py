"""When only what is critical is said."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.quiet import quiet_until
from bot.book.calendar import calendar_for
from bot.book.models import Book, CalendarEntry, FolderEntry, PartnerEntry
from bot.book.telling import QuietHoursEntry
from storage.vocabulary import PartnerKind

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = QuietHoursEntry.model_validate({"from": "19:00", "to": "07:00"})
ZONES = (
    "Europe/Berlin",
    "America/Havana",  # changes its clocks at midnight
    "America/Nuuk",  # skips the last hour of a day
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # changes by half an hour
    "UTC",
)


def book(
    nights: QuietHoursEntry | None = NIGHTS, *, zone: str = "Europe/Berlin", **partner: object
) -> Book:
    kestrel = PartnerEntry.model_validate(
        {
            "key": "kestrel",
            "name": "Kestrel Parcel",
            "kind": PartnerKind.CARRIER,
            "time_zone": zone,
            "calendar": CalendarEntry(country="DE", subdivision="BY"),
            "channel": "C0KESTREL",
            "account_manager": "U0ANNA",
            **partner,
        }
    )
    return Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        quiet_hours=nights,
        partners=(kestrel,),
        sources=(FolderEntry(key="orders", kind="folder", path=Path("orders")),),
    )


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_an_evening_is_quiet_until_the_morning_and_a_working_day_is_not() -> None:
    assert quiet_until(book(), "kestrel", berlin(6, 16, 18, 59)) is None
    assert quiet_until(book(), "kestrel", berlin(6, 16, 19)) == berlin(6, 17, 7)
    assert quiet_until(book(), "kestrel", berlin(6, 17, 6, 59)) == berlin(6, 17, 7)
    assert quiet_until(book(), "kestrel", berlin(6, 17, 7)) is None


def test_friday_evening_is_quiet_until_monday_morning() -> None:
    friday_evening, monday = berlin(6, 19, 20), berlin(6, 22, 7)
    assert quiet_until(book(), "kestrel", friday_evening) == monday
    assert quiet_until(book(), "kestrel", berlin(6, 20, 12)) == monday


def test_a_holiday_is_quiet_in_the_middle_of_the_week() -> None:
    corpus_christi = berlin(6, 4, 12)
    assert quiet_until(book(), "kestrel", corpus_christi) == berlin(6, 5, 7)
    closed = CalendarEntry(closed_on=(date(2026, 6, 17),))
    assert quiet_until(book(calendar=closed), "kestrel", berlin(6, 16, 21)) == berlin(6, 18, 7)


def test_a_book_may_say_that_days_off_are_days_like_any_other() -> None:
    every_day = NIGHTS.model_copy(update={"days_off": False})
    saturday = berlin(6, 20, 12)
    assert quiet_until(book(every_day), "kestrel", saturday) is None
    assert quiet_until(book(every_day), "kestrel", berlin(6, 19, 20)) == berlin(6, 20, 7)


def test_hours_that_do_not_cross_midnight() -> None:
    siesta = QuietHoursEntry.model_validate({"from": "12:00", "to": "14:30", "days_off": False})
    assert quiet_until(book(siesta), "kestrel", berlin(6, 16, 11, 59)) is None
    assert quiet_until(book(siesta), "kestrel", berlin(6, 16, 12)) == berlin(6, 16, 14, 30)
    assert quiet_until(book(siesta), "kestrel", berlin(6, 16, 22)) is None


def test_a_partner_has_hours_of_its_own_or_none_at_all() -> None:
    midnight = berlin(6, 17, 0)
    early = QuietHoursEntry.model_validate({"from": "22:00", "to": "05:00"})
    assert quiet_until(book(quiet_hours=early), "kestrel", midnight) == berlin(6, 17, 5)
    assert quiet_until(book(quiet_hours="off"), "kestrel", midnight) is None
    assert quiet_until(book(None, quiet_hours=early), "kestrel", midnight) == berlin(6, 17, 5)
    assert quiet_until(book(None), "kestrel", midnight) is None


def test_what_concerns_no_partner_goes_by_the_book() -> None:
    utc_book = book(quiet_hours="off")
    assert quiet_until(utc_book, None, datetime(2026, 6, 16, 20, tzinfo=UTC)) == datetime(
        2026, 6, 17, 7, tzinfo=UTC
    )
    assert (
        quiet_until(utc_book, "gone from the book", datetime(2026, 6, 16, 12, tzinfo=UTC)) is None
    )


def test_the_night_in_which_the_clocks_change_ends_when_they_show_the_hour() -> None:
    every_day = NIGHTS.model_copy(update={"days_off": False})
    for evening in (berlin(3, 28, 22), berlin(10, 24, 22)):
        until = quiet_until(book(every_day), "kestrel", evening)
        assert until is not None
        assert until.astimezone(BERLIN).time() == time(7)
        assert until.astimezone(BERLIN).date() == evening.date() + timedelta(days=1)


def test_an_hour_that_the_clocks_show_twice_is_one_quiet_time() -> None:
    until_half_past_two = QuietHoursEntry.model_validate(
        {"from": "22:00", "to": "02:30", "days_off": False}
    )
    ends = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second 02:30
    for hour in (0, 1):
        at = datetime(2026, 10, 25, hour, 15, tzinfo=UTC)
        assert quiet_until(book(until_half_past_two), "kestrel", at) == ends


# -- laws --------------------------------------------------------------------

hours = st.times().map(lambda t: t.replace(second=0, microsecond=0))
quiet_hours = (
    st.tuples(hours, hours, st.booleans())
    .filter(lambda given: given[0] != given[1])
    .map(
        lambda given: QuietHoursEntry.model_validate(
            {"from": given[0], "to": given[1], "days_off": given[2]}
        )
    )
)
instants = st.timedeltas(timedelta(0), timedelta(days=4 * 365)).map(
    lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + passed
)


@given(quiet_hours, st.sampled_from(ZONES), instants, st.floats(0, 1, exclude_max=True))
def test_the_end_is_not_quiet_and_all_before_it_is(
    nights: QuietHoursEntry, zone: str, now: datetime, share: float
) -> None:
    written = book(nights, zone=zone)
    until = quiet_until(written, "kestrel", now)
    if until is None:
        return
    assert until > now
    assert until.tzinfo is UTC
    assert quiet_until(written, "kestrel", until) is None
    before = min(now + (until - now) * share, until - timedelta.resolution)
    assert quiet_until(written, "kestrel", before) == until


@given(quiet_hours, st.sampled_from(ZONES), instants)
def test_it_is_quiet_when_the_clocks_there_say_so(
    nights: QuietHoursEntry, zone: str, now: datetime
) -> None:
    local = now.astimezone(ZoneInfo(zone))
    if any(
        (now + step).astimezone(ZoneInfo(zone)).utcoffset() != local.utcoffset()
        for step in (timedelta(days=-1), timedelta(days=1))
    ):
        return  # the clocks change: told above
    written = book(nights, zone=zone)
    if nights.from_ < nights.to:
        is_night = nights.from_ <= local.time() < nights.to
    else:
        is_night = local.time() >= nights.from_ or local.time() < nights.to
    calendar = calendar_for(written, "kestrel")
    is_off = nights.days_off and not calendar.is_working_day(local.date())
    assert (quiet_until(written, "kestrel", now) is not None) == (is_night or is_off)


@pytest.mark.parametrize("zone", ZONES)
def test_somebody_can_always_be_told_within_a_week_and_a_holiday(zone: str) -> None:
    nights = QuietHoursEntry.model_validate({"from": "00:01", "to": "00:00"})
    until = quiet_until(book(nights, zone=zone), "kestrel", datetime(2026, 6, 15, 8, tzinfo=UTC))
    assert until is not None
    assert until - datetime(2026, 6, 15, 8, tzinfo=UTC) < timedelta(days=10)
