"""From a partner's entry to the calendar that its clocks run by."""

from functools import lru_cache
from typing import get_args
from zoneinfo import ZoneInfo

from bot.book.fields import Weekday
from bot.book.models import Book, CalendarEntry, PartnerEntry
from bot.calendars import WorkingCalendar

_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def calendar_of(partner: PartnerEntry) -> WorkingCalendar:
    return _calendar(partner.calendar, partner.zone)


def calendar_for(book: Book, partner_key: str | None) -> WorkingCalendar:
    """The partner's; the book's own for what concerns no partner of the book."""
    for partner in book.partners:
        if partner.key == partner_key:
            return calendar_of(partner)
    return _calendar(book.calendar, ZoneInfo(book.time_zone))


@lru_cache(maxsize=1024)
def _calendar(entry: CalendarEntry, zone: ZoneInfo) -> WorkingCalendar:
    """One for each that is written in books: it remembers the years that it was asked about."""
    return WorkingCalendar(
        zone=zone,
        working_weekdays=frozenset(_WEEKDAYS.index(day) for day in entry.working_days),
        opens=entry.opens,
        closes=entry.closes,
        cut_off=entry.cut_off,
        country=entry.country,
        subdivision=entry.subdivision,
        closed_on=frozenset(entry.closed_on),
        open_on=frozenset(entry.open_on),
    )
