"""When only what is critical is said: nights, and the days that a partner's calendar has off."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bot.book.calendar import calendar_for
from bot.book.models import Book
from bot.book.telling import QuietHoursEntry
from bot.calendars import WorkingCalendar
from storage.tables import Case
from storage.vocabulary import CaseState, Severity

_DAY = timedelta(days=1)


def quiet_until(book: Book, partner_key: str | None, now: datetime) -> datetime | None:
    """When it may be said what is not critical: None where it may be said now, else the end of
    the quiet time, which is not quiet itself. By the partner's zone and calendar; by the book's
    for what concerns no partner of the book."""
    hours = _quiet_hours(book, partner_key)
    if hours is None:
        return None
    calendar = calendar_for(book, partner_key)
    until = now.astimezone(UTC)
    while (later := _end_of_stretch(hours, calendar, until)) is not None:
        until = later
    return until if until > now else None


def may_not_wait(case: Case) -> bool:
    """It is critical, or somebody asked for an answer: quiet hours don't hold it back."""
    return case.severity == Severity.CRITICAL or case.state == CaseState.ESCALATED


def _quiet_hours(book: Book, partner_key: str | None) -> QuietHoursEntry | None:
    for partner in book.partners:
        if partner.key == partner_key and partner.quiet_hours is not None:
            return None if partner.quiet_hours == "off" else partner.quiet_hours
    return book.quiet_hours


def _end_of_stretch(
    hours: QuietHoursEntry, calendar: WorkingCalendar, instant: datetime
) -> datetime | None:
    """The end of a night or a day off that the instant is in."""
    for start, end in _stretches(hours, calendar, calendar.local_date(instant)):
        if start <= instant < end:
            return end
    return None


def _stretches(
    hours: QuietHoursEntry, calendar: WorkingCalendar, today: date
) -> Iterator[tuple[datetime, datetime]]:
    """Those that touch the day."""
    for evening in (today - _DAY, today):
        morning = evening if hours.from_ < hours.to else evening + _DAY
        yield (
            min(_shown(evening, hours.from_, calendar)),
            max(_shown(morning, hours.to, calendar)),
        )
    if hours.days_off and not calendar.is_working_day(today):
        yield calendar.start_of_day(today), calendar.start_of_day(today + _DAY)


def _shown(day: date, hour: time, calendar: WorkingCalendar) -> tuple[datetime, datetime]:
    """When the clocks show it: twice where they are put back."""
    first = datetime.combine(day, hour, calendar.zone)
    return first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)
