from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.calendars import WorkingCalendar, later

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",  # changes its clocks at midnight
    "America/Nuuk",  # skips the last hour of a day
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # skipped a whole day in 2011
    "Pacific/Honolulu",
    "UTC",
)


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def office() -> WorkingCalendar:
    """Monday to Friday, 8 to 18, in Bavaria."""
    return WorkingCalendar(BERLIN, country="DE", subdivision="BY")


def test_friday_evening_to_monday_morning_is_two_working_hours(office: WorkingCalendar) -> None:
    friday_17 = berlin(2026, 11, 20, 17)
    monday_9 = berlin(2026, 11, 23, 9)
    assert office.working_time_between(friday_17, monday_9) == timedelta(hours=2)
    assert office.add_working_time(friday_17, timedelta(hours=2)) == monday_9


def test_a_working_day_ends_at_closing_and_not_at_the_next_opening(
    office: WorkingCalendar,
) -> None:
    monday_8 = berlin(2026, 11, 23, 8)
    assert office.add_working_time(monday_8, timedelta(hours=10)) == berlin(2026, 11, 23, 18)


def test_instants_out_are_utc_whatever_goes_in(office: WorkingCalendar) -> None:
    monday_9 = berlin(2026, 11, 23, 9)
    for out in (
        office.add_working_time(monday_9, timedelta()),
        office.add_working_time(monday_9, timedelta(hours=1)),
        office.next_working_instant(monday_9),
        office.next_working_instant(berlin(2026, 11, 22)),
        office.start_of_day(date(2026, 11, 23)),
    ):
        assert out.tzinfo is UTC


def test_holidays_of_the_state_count_and_those_of_its_neighbours_do_not() -> None:
    all_saints = date(2027, 11, 1)  # a Monday, kept in Bavaria and not in Berlin
    assert not WorkingCalendar(BERLIN, country="DE", subdivision="BY").is_working_day(all_saints)
    assert WorkingCalendar(BERLIN, country="DE", subdivision="BE").is_working_day(all_saints)
    assert WorkingCalendar(BERLIN).is_working_day(all_saints)


def test_days_closed_and_open_by_the_book_win_over_week_and_holiday() -> None:
    calendar = WorkingCalendar(
        BERLIN,
        country="DE",
        closed_on=frozenset({date(2026, 11, 23)}),
        open_on=frozenset({date(2026, 11, 22), date(2026, 12, 25)}),
    )
    assert not calendar.is_working_day(date(2026, 11, 23))
    assert calendar.is_working_day(date(2026, 11, 22))
    assert calendar.is_working_day(date(2026, 12, 25))


def test_opening_belongs_to_the_day_and_closing_does_not(office: WorkingCalendar) -> None:
    assert not office.is_working(berlin(2026, 11, 23, 7, 59))
    assert office.is_working(berlin(2026, 11, 23, 8))
    assert office.is_working(berlin(2026, 11, 23, 17, 59))
    assert not office.is_working(berlin(2026, 11, 23, 18))


def test_days_on_which_the_clocks_change_have_their_true_length() -> None:
    around_the_clock = WorkingCalendar(BERLIN, frozenset(range(7)), time(0), time(0))

    def length(day: date) -> timedelta:
        start = around_the_clock.start_of_day(day)
        end = around_the_clock.start_of_day(day + timedelta(days=1))
        return around_the_clock.working_time_between(start, end)

    assert length(date(2026, 3, 28)) == timedelta(hours=24)
    assert length(date(2026, 3, 29)) == timedelta(hours=23)
    assert length(date(2026, 10, 25)) == timedelta(hours=25)


def test_a_night_shift_over_the_change_of_clocks_is_longer_or_shorter() -> None:
    night = WorkingCalendar(BERLIN, frozenset(range(7)), time(1), time(5))
    spring = night.working_time_between(berlin(2026, 3, 29), berlin(2026, 3, 30))
    autumn = night.working_time_between(berlin(2026, 10, 25), berlin(2026, 10, 26))
    assert (spring, autumn) == (timedelta(hours=3), timedelta(hours=5))


def test_an_hour_that_the_clocks_skip_is_not_worked() -> None:
    skipped = WorkingCalendar(BERLIN, frozenset(range(7)), time(2), time(3))
    worked = skipped.working_time_between(berlin(2026, 3, 29), berlin(2026, 3, 30))
    assert worked == timedelta()


def test_a_day_that_the_zone_skips_is_no_working_day() -> None:
    apia = WorkingCalendar(ZoneInfo("Pacific/Apia"), frozenset(range(7)))
    start = datetime(2011, 12, 29, 12, tzinfo=apia.zone)
    end = datetime(2011, 12, 31, 12, tzinfo=apia.zone)
    assert apia.working_days_between(start, end) == 1


def test_nobody_works_between_christmas_and_new_year() -> None:
    closed = frozenset(date(2026, 12, day) for day in range(24, 32))
    calendar = WorkingCalendar(BERLIN, country="DE", closed_on=closed)
    back_at = berlin(2027, 1, 4, 8)  # 1 January is a holiday, then comes a weekend
    assert calendar.next_working_instant(berlin(2026, 12, 23, 18)) == back_at
    assert calendar.next_working_day(date(2026, 12, 23)) == date(2027, 1, 4)


def test_what_is_due_on_friday_and_done_on_monday_is_one_working_day_late(
    office: WorkingCalendar,
) -> None:
    friday_night = office.end_of_day(date(2026, 11, 20))
    assert office.working_days_between(friday_night, berlin(2026, 11, 22, 23)) == 0
    assert office.working_days_between(friday_night, berlin(2026, 11, 23, 0, 1)) == 1
    assert office.working_days_between(friday_night, berlin(2026, 11, 27, 12)) == 5


def test_the_end_of_a_day_is_its_last_second(office: WorkingCalendar) -> None:
    assert office.end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)


def test_sentinel_dates_neither_crash_nor_take_forever(office: WorkingCalendar) -> None:
    beginning = datetime.min.replace(tzinfo=UTC)
    end = datetime.max.replace(tzinfo=UTC)
    day = timedelta(days=1)
    assert office.add_working_time(end, day) <= end
    assert office.add_working_time(beginning, day) > datetime(1970, 1, 1, tzinfo=UTC)
    assert office.working_time_between(beginning, end) > timedelta(days=1_000_000)
    assert office.working_days_between(beginning, end) > 50_000
    assert not office.is_working(beginning)
    assert later(end, day) == end


def test_years_whose_moving_holidays_nobody_knows_yet_have_the_fixed_ones() -> None:
    india = WorkingCalendar(ZoneInfo("Asia/Kolkata"), frozenset(range(7)), country="IN")
    assert not india.is_working_day(date(2060, 1, 26))
    assert india.is_working_day(date(2060, 1, 27))


def test_a_calendar_without_a_working_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one working day"):
        WorkingCalendar(BERLIN, frozenset())
    with pytest.raises(ValueError, match="not after opening"):
        WorkingCalendar(BERLIN, opens=time(18), closes=time(8))


@pytest.fixture
def warehouse() -> WorkingCalendar:
    """As the office, and what is ordered before 14:00 leaves the same day."""
    return WorkingCalendar(BERLIN, country="DE", subdivision="BY", cut_off=time(14))


@pytest.mark.parametrize(
    ("ordered", "due"),
    [
        (berlin(2026, 11, 23, 13, 20), berlin(2026, 11, 23, 18)),  # a Monday
        (berlin(2026, 11, 23, 14), berlin(2026, 11, 24, 18)),  # the cut-off itself is too late
        (berlin(2026, 11, 23, 3), berlin(2026, 11, 23, 18)),  # in the night before
        (berlin(2026, 11, 27, 15), berlin(2026, 11, 30, 18)),  # Friday afternoon, then Monday
        (berlin(2026, 11, 28, 9), berlin(2026, 11, 30, 18)),  # a Saturday
        (berlin(2026, 12, 24, 13), berlin(2026, 12, 24, 18)),
        (berlin(2026, 12, 24, 15), berlin(2026, 12, 28, 18)),  # Christmas, then a weekend
        (berlin(2026, 12, 31, 15), berlin(2027, 1, 4, 18)),  # New Year, then a weekend
        (berlin(2027, 11, 1, 9), berlin(2027, 11, 2, 18)),  # All Saints, kept in Bavaria
    ],
)
def test_what_is_ordered_before_the_cut_off_leaves_the_same_working_day(
    warehouse: WorkingCalendar, ordered: datetime, due: datetime
) -> None:
    assert warehouse.dispatch_due(ordered) == due


def test_the_cut_off_is_one_of_local_time_before_and_after_the_clocks_change(
    warehouse: WorkingCalendar,
) -> None:
    before = datetime(2026, 10, 23, 11, 59, tzinfo=UTC)  # 13:59 on a Friday, in summer time
    after = datetime(2026, 10, 26, 12, 59, tzinfo=UTC)  # 13:59 on the Monday after
    assert warehouse.dispatch_due(before) == datetime(2026, 10, 23, 16, tzinfo=UTC)
    assert warehouse.dispatch_due(after) == datetime(2026, 10, 26, 17, tzinfo=UTC)


def test_an_order_known_by_its_date_alone_may_have_come_after_the_cut_off(
    warehouse: WorkingCalendar,
) -> None:
    assert warehouse.dispatch_due(berlin(2026, 11, 23)) == berlin(2026, 11, 24, 18)


def test_where_the_day_ends_at_midnight_it_is_due_before_the_day_is_over() -> None:
    round_the_clock = WorkingCalendar(BERLIN, opens=time(0), closes=time(0), cut_off=time(22))
    due = round_the_clock.dispatch_due(berlin(2026, 11, 23, 21))
    assert due == berlin(2026, 11, 23, 23, 59) + timedelta(seconds=59)


def test_without_a_cut_off_no_dispatch_is_due(office: WorkingCalendar) -> None:
    assert office.dispatch_due(berlin(2026, 11, 23, 9)) is None


def test_a_cut_off_when_nobody_works_any_more_is_refused() -> None:
    with pytest.raises(ValueError, match="after closing"):
        WorkingCalendar(BERLIN, cut_off=time(19))


def test_orders_of_sentinel_dates_neither_crash_nor_take_forever(
    warehouse: WorkingCalendar,
) -> None:
    for sentinel in (datetime.min, datetime(1900, 1, 1), datetime.max):  # noqa: DTZ001, DTZ901
        assert warehouse.dispatch_due(sentinel.replace(tzinfo=UTC)) is not None


def test_time_does_not_run_backwards(office: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="negative"):
        office.add_working_time(berlin(2026, 1, 1), timedelta(seconds=-1))
    assert office.working_time_between(
        berlin(2026, 11, 23, 12), berlin(2026, 11, 23, 9)
    ) == timedelta(0)


def test_equal_calendars_are_one_key_whatever_they_were_asked(office: WorkingCalendar) -> None:
    other = WorkingCalendar(BERLIN, country="DE", subdivision="BY")
    other.is_working(berlin(2026, 1, 1))
    assert len({office, other}) == 1


# Laws


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    days = st.dates(date(2005, 1, 1), date(2035, 12, 31))
    opens = draw(st.times())
    closes = draw(st.times().filter(lambda closes: closes == time(0) or closes > opens))
    return WorkingCalendar(
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        working_weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        opens=opens,
        closes=closes,
        country=draw(st.sampled_from((None, "DE", "US", "IN"))),
        closed_on=draw(st.frozensets(days, max_size=5)),
        open_on=draw(st.frozensets(days, max_size=5)),
    )


def _part_of_the_day(part: float, closes: time) -> time:
    until = timedelta(hours=closes.hour, minutes=closes.minute) or timedelta(hours=23, minutes=59)
    minutes = int(until * part / timedelta(minutes=1))
    return time(minutes // 60, minutes % 60)


_A_FEW = (
    WorkingCalendar(BERLIN, country="DE", subdivision="BY"),
    WorkingCalendar(ZoneInfo("America/Havana"), frozenset(range(7)), time(0), time(0)),
    WorkingCalendar(ZoneInfo("America/Nuuk"), frozenset(range(7)), time(0), time(23, 30)),
    WorkingCalendar(ZoneInfo("Pacific/Apia"), frozenset(range(7)), time(0), time(0)),
)
calendars_with_cut_off = st.builds(
    lambda calendar, part: replace(calendar, cut_off=_part_of_the_day(part, calendar.closes)),
    calendars(),
    st.floats(0, 1),
)
some_calendar = st.sampled_from(_A_FEW) | calendars()
instants = st.datetimes(
    datetime(2010, 1, 1),  # noqa: DTZ001
    datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
working_times = st.timedeltas(timedelta(0), timedelta(hours=500))


@settings(deadline=None)
@given(some_calendar, instants, working_times)
def test_working_time_added_is_working_time_passed(
    calendar: WorkingCalendar, start: datetime, working_time: timedelta
) -> None:
    end = calendar.add_working_time(start, working_time)
    assert end >= start
    assert calendar.working_time_between(start, end) == working_time


@settings(deadline=None)
@given(some_calendar, instants, working_times)
def test_it_is_the_first_such_instant(
    calendar: WorkingCalendar, start: datetime, working_time: timedelta
) -> None:
    end = calendar.add_working_time(start, working_time)
    before = end - timedelta(microseconds=1)
    assert end == start or calendar.working_time_between(start, before) < working_time


@settings(deadline=None)
@given(some_calendar, st.lists(instants, min_size=3, max_size=3))
def test_working_time_adds_up_and_is_never_negative(
    calendar: WorkingCalendar, points: list[datetime]
) -> None:
    start, middle, end = sorted(points)
    first = calendar.working_time_between(start, middle)
    second = calendar.working_time_between(middle, end)
    assert first >= timedelta(0)
    assert second >= timedelta(0)
    assert first + second == calendar.working_time_between(start, end)
    assert first + second <= end - start


@settings(deadline=None)
@given(some_calendar, instants, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_more_time_is_never_less_working_time(
    calendar: WorkingCalendar, start: datetime, step: timedelta
) -> None:
    day = timedelta(days=1)
    assert calendar.working_time_between(start, start + day) <= calendar.working_time_between(
        start, start + day + step
    )


@settings(deadline=None)
@given(some_calendar, instants)
def test_the_next_working_instant_is_worked_and_nothing_before_it_is(
    calendar: WorkingCalendar, instant: datetime
) -> None:
    opening = calendar.next_working_instant(instant)
    assert calendar.is_working(opening)
    assert calendar.working_time_between(instant, opening) == timedelta(0)


@settings(deadline=None)
@given(some_calendar, instants, st.timedeltas(timedelta(0), timedelta(days=60)))
@example(  # opens at a midnight that the clocks skip
    WorkingCalendar(ZoneInfo("America/Havana"), frozenset({6}), time(0, 0, fold=1), time(0)),
    datetime(2013, 3, 2, 5, tzinfo=UTC),
    timedelta(days=7),
)
def test_a_working_day_is_counted_once(
    calendar: WorkingCalendar, start: datetime, length: timedelta
) -> None:
    end = start + length
    first, last = calendar.local_date(start), calendar.local_date(end)
    counted_by_hand = sum(
        calendar.working_time_between(calendar.start_of_day(day), calendar.start_of_day(after))
        > timedelta(0)
        for day, after in (
            (first + timedelta(days=offset), first + timedelta(days=offset + 1))
            for offset in range(1, (last - first).days + 1)
        )
    )
    assert calendar.working_days_between(start, end) == counted_by_hand


@settings(deadline=None)
@given(calendars_with_cut_off, instants)
def test_dispatch_is_due_when_a_working_day_closes_and_at_most_one_working_day_later(
    calendar: WorkingCalendar, ordered_at: datetime
) -> None:
    due = calendar.dispatch_due(ordered_at)
    assert due is not None
    assert due > ordered_at
    assert calendar.is_working(due - timedelta(microseconds=1))
    assert calendar.working_days_between(ordered_at, due) <= 1
    closing = due + timedelta(seconds=1) if calendar.closes == time(0) else due
    assert not calendar.is_working(closing) or calendar.opens == time(0)


@settings(deadline=None)
@given(
    calendars_with_cut_off, instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=9))
)
def test_what_is_ordered_later_is_never_due_earlier(
    calendar: WorkingCalendar, ordered_at: datetime, step: timedelta
) -> None:
    first, second = calendar.dispatch_due(ordered_at), calendar.dispatch_due(ordered_at + step)
    assert first is not None
    assert second is not None
    is_date_alone = ordered_at == calendar.start_of_day(calendar.local_date(ordered_at))
    assert first <= second or is_date_alone
