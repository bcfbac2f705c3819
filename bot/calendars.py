"""When somebody works: working days and hours in their own zone, with the holidays of the place."""

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

_NO_TIME = timedelta()
_FIRST_YEAR = 1970  # nobody works before: sentinel dates such as 0001-01-01 cost nothing
_LAST_YEAR = 2199  # every hour counts after: sentinel dates such as 9999-12-31 still add up
_EARLIEST = datetime(2, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class _Year:
    """The working periods of one local year, oldest first, in UTC."""

    days: tuple[date, ...]
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    worked_by_close: tuple[timedelta, ...]
    """Working time from the year's start to the close of each period."""

    @property
    def total(self) -> timedelta:
        return self.worked_by_close[-1] if self.worked_by_close else _NO_TIME

    def worked_by(self, instant: datetime) -> timedelta:
        index = bisect_right(self.opens, instant) - 1
        if index < 0:
            return _NO_TIME
        still_open = self.closes[index] - instant
        worked = self.worked_by_close[index]
        return worked - still_open if still_open > _NO_TIME else worked

    def moment_of(self, worked: timedelta) -> datetime:
        """The first instant by which that much was worked, which is at most the total."""
        index = bisect_left(self.worked_by_close, worked)
        return self.closes[index] - (self.worked_by_close[index] - worked)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Instants in are aware, in any zone; instants out are aware UTC.

    A day on which the clocks change has its true length. `closes` at 00:00 is the end of the day,
    so that 00:00 to 00:00 is round the clock.
    """

    zone: ZoneInfo
    working_weekdays: frozenset[int] = frozenset(range(5))
    """Monday is 0."""
    opens: time = time(8)
    closes: time = time(18)
    country: str | None = None
    """ISO code whose public holidays nobody works on; None knows no holidays."""
    subdivision: str | None = None
    closed_on: frozenset[date] = frozenset()
    open_on: frozenset[date] = frozenset()
    """Worked in spite of weekend or holiday; `closed_on` is stronger."""
    cut_off: time | None = None
    """What is ordered before it on a working day is dispatched the same day."""
    _years: dict[int, _Year] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.working_weekdays:
            raise ValueError("a calendar needs at least one working day a week")
        if self.closes != _MIDNIGHT and self.opens >= self.closes:
            raise ValueError(f"closes at {self.closes}, which is not after opening at {self.opens}")
        if self.cut_off is not None and _MIDNIGHT != self.closes < self.cut_off:
            raise ValueError(f"cut-off at {self.cut_off}, which is after closing at {self.closes}")

    def is_working(self, instant: datetime) -> bool:
        """From the moment of opening until just before the moment of closing."""
        instant, year = self._place(instant)
        if year < _FIRST_YEAR:
            return False
        if year > _LAST_YEAR:
            return True
        periods = self._year(year)
        index = bisect_right(periods.opens, instant) - 1
        return index >= 0 and instant < periods.closes[index]

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Zero where the end is not after the start."""
        if end <= start:
            return _NO_TIME
        first_year, worked_at_start = self._worked(start)
        last_year, worked_at_end = self._worked(end)
        whole_years = (self._year(year).total for year in range(first_year, last_year))
        return sum(whole_years, worked_at_end) - worked_at_start

    def add_working_time(self, start: datetime, working_time: timedelta) -> datetime:
        """The first instant at which that much working time has gone by since the start.

        Raises ValueError for a negative time.
        """
        if working_time < _NO_TIME:
            raise ValueError(f"{working_time} is negative")
        if working_time == _NO_TIME:
            return start.astimezone(UTC)
        year, worked = self._worked(start)
        wanted = worked + working_time
        while year <= _LAST_YEAR:
            periods = self._year(year)
            if wanted <= periods.total:
                return periods.moment_of(wanted)
            wanted -= periods.total
            year += 1
        return later(self.start_of_day(date(_LAST_YEAR + 1, 1, 1)), wanted)

    def next_working_instant(self, instant: datetime) -> datetime:
        """The instant itself if somebody works then, else the next opening."""
        if self.is_working(instant):
            return instant.astimezone(UTC)
        instant, year = self._place(instant)
        for later_year in range(max(year, _FIRST_YEAR), _LAST_YEAR + 1):
            opens = self._year(later_year).opens
            index = bisect_left(opens, instant)
            if index < len(opens):
                return opens[index]
        return self.start_of_day(date(_LAST_YEAR + 1, 1, 1))

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the start's local day, up to and including the end's: what is due on
        Friday and done on Monday is one working day late."""
        first, last = self.local_date(start), self.local_date(end)
        if last <= first:
            return 0
        between = range(max(first.year, _FIRST_YEAR), min(last.year, _LAST_YEAR) + 1)
        return sum(
            bisect_right(days, last) - bisect_right(days, first)
            for days in (self._year(year).days for year in between)
        )

    def dispatch_due(self, ordered_at: datetime) -> datetime | None:
        """When what was ordered then is to be on its way: at the close of that working day if it
        was ordered before the cut-off, else of the next one. None without a cut-off.

        Midnight sharp is how a date without a time arrives: it may have been ordered at any hour
        of that day, and so after the cut-off.
        """
        if self.cut_off is None:
            return None
        instant, year = self._place(ordered_at)
        day = self.local_date(instant)
        for later_year in range(max(year, _FIRST_YEAR), _LAST_YEAR + 1):
            periods = self._year(later_year)
            for index in range(bisect_left(periods.days, day), len(periods.days)):
                closing = periods.closes[index]
                if periods.days[index] > day or self._is_in_time(instant, day, closing):
                    return min(closing, self.end_of_day(periods.days[index]))
        return later(instant, timedelta(days=1))

    def is_working_day(self, day: date) -> bool:
        if day in self.closed_on:
            return False
        if day in self.open_on:
            return True
        return day.weekday() in self.working_weekdays and day not in self._holidays(day.year)

    def next_working_day(self, day: date) -> date:
        """The first working day after this one."""
        return self.local_date(self.next_working_instant(self.start_of_day(day + timedelta(1))))

    def local_date(self, instant: datetime) -> date:
        instant = min(max(instant.astimezone(UTC), _EARLIEST), _LATEST)
        return instant.astimezone(self.zone).date()

    def start_of_day(self, day: date) -> datetime:
        """Midnight, or the first moment after it where the clocks skip midnight."""
        return datetime.combine(day, _MIDNIGHT, self.zone).astimezone(UTC)

    def end_of_day(self, day: date) -> datetime:
        """The last second: what a promise given as a date means."""
        return self.start_of_day(day + timedelta(days=1)) - timedelta(seconds=1)

    def _is_in_time(self, ordered_at: datetime, day: date, closing: datetime) -> bool:
        """Before the cut-off of that working day, which ends at `closing`."""
        if self.cut_off is None or ordered_at == self.start_of_day(day):
            return False
        # Where the clocks show the hour of the cut-off twice, the later one counts.
        first = datetime.combine(day, self.cut_off.replace(fold=0), self.zone)
        cut_off = max(first.astimezone(UTC), first.replace(fold=1).astimezone(UTC))
        return ordered_at < min(cut_off, closing)

    def _place(self, instant: datetime) -> tuple[datetime, int]:
        """The instant in UTC, and its local year."""
        instant = min(max(instant.astimezone(UTC), _EARLIEST), _LATEST)
        return instant, instant.astimezone(self.zone).year

    def _worked(self, instant: datetime) -> tuple[int, timedelta]:
        """A year, and the working time from its start to the instant."""
        instant, year = self._place(instant)
        if year < _FIRST_YEAR:
            return _FIRST_YEAR, _NO_TIME
        if year > _LAST_YEAR:
            horizon = self.start_of_day(date(_LAST_YEAR + 1, 1, 1))
            return _LAST_YEAR + 1, instant - horizon
        return year, self._year(year).worked_by(instant)

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = self._work_out(year)
        return known

    def _work_out(self, year: int) -> _Year:
        days, opens, closes, worked_by_close = [], [], [], []
        worked = _NO_TIME
        for day in _days_of(year):
            if self.is_working_day(day):
                opening, closing = self._period(day)
                # A day that the zone skips, or an hour that the change of clocks swallows.
                if opening < closing:
                    worked += closing - opening
                    days.append(day)
                    opens.append(opening)
                    closes.append(closing)
                    worked_by_close.append(worked)
        return _Year(tuple(days), tuple(opens), tuple(closes), tuple(worked_by_close))

    def _period(self, day: date) -> tuple[datetime, datetime]:
        # Where the clocks skip the hour of opening, it opens when they have gone on: with fold=1
        # it would be before, which may be the day before.
        opening = datetime.combine(day, self.opens.replace(fold=0), self.zone).astimezone(UTC)
        end = self.start_of_day(day + timedelta(days=1))
        if self.closes == _MIDNIGHT:
            return opening, end
        # Where the clocks show the hour of closing twice, the later one counts.
        first = datetime.combine(day, self.closes.replace(fold=0), self.zone)
        closing = max(first.astimezone(UTC), first.replace(fold=1).astimezone(UTC))
        return opening, min(closing, end)

    def _holidays(self, year: int) -> frozenset[date]:
        if self.country is None:
            return frozenset()
        return _public_holidays(self.country, self.subdivision, year)


def later(instant: datetime, by: timedelta) -> datetime:
    """The sum, or the end of time where a sentinel such as 9999-12-31 would overflow."""
    try:
        return instant + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    with warnings.catch_warnings():
        # Of years too far off for its moon to be known, such as India's, the fixed ones remain.
        warnings.filterwarnings("ignore", "Requested Holidays are available only from")
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    for offset in range((date(year + 1, 1, 1) - first).days):
        yield first + timedelta(days=offset)
