"""When a digest is said: daily ones on working days, weekly ones on their day of the week."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import get_args

from bot.book.fields import Weekday
from bot.digests.wanted import Digest

_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_DAY = timedelta(days=1)
_LONGEST_PAUSE = 400  # days: beyond it a calendar is closed for good


def next_time(digest: Digest, after: datetime) -> datetime:
    """The first time after this one."""
    return next(at for at in _times(digest, after, _DAY) if at > after)


def last_time(digest: Digest, until: datetime) -> datetime:
    """The last time up to this one."""
    return next(at for at in _times(digest, until, -_DAY) if at <= until)


def time_before(digest: Digest, time: datetime) -> datetime:
    """The last time before this one."""
    return last_time(digest, time - timedelta(microseconds=1))


def day_of(digest: Digest, at: datetime) -> date:
    """Where its readers are."""
    return at.astimezone(digest.zone).date()


def say_at(digest: Digest, now: datetime) -> datetime:
    """When the one that is due now is said: now, on its day. One that was missed waits for
    working hours, and is told with the next one where that comes on the same day."""
    if day_of(digest, last_time(digest, now)) == day_of(digest, now):
        return now
    working, following = digest.calendar.next_working_instant(now), next_time(digest, now)
    return following if day_of(digest, following) <= day_of(digest, working) else working


def _times(digest: Digest, start: datetime, step: timedelta) -> Iterator[datetime]:
    """Those of the start's day, and from there on or back."""
    first = day_of(digest, start)
    for steps in count():
        day = first + steps * step
        if _is_its_day(digest, day) or steps > _LONGEST_PAUSE:
            yield datetime.combine(day, digest.entry.at, digest.zone).astimezone(UTC)


def _is_its_day(digest: Digest, day: date) -> bool:
    if digest.entry.every == "week":
        return day.weekday() == _WEEKDAYS.index(digest.entry.on)
    return digest.calendar.is_working_day(day)
