"""From a partner's entry to the calendar that its clocks run by."""

from typing import get_args

from bot.book.models import PartnerEntry, Weekday
from bot.calendars import WorkingCalendar

_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def calendar_of(partner: PartnerEntry) -> WorkingCalendar:
    """Remembers the years that it was asked about: keep it, rather than ask for another."""
    entry = partner.calendar
    return WorkingCalendar(
        zone=partner.zone,
        working_weekdays=frozenset(_WEEKDAYS.index(day) for day in entry.working_days),
        opens=entry.opens,
        closes=entry.closes,
        country=entry.country,
        subdivision=entry.subdivision,
        closed_on=frozenset(entry.closed_on),
        open_on=frozenset(entry.open_on),
    )
