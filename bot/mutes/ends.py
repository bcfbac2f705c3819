"""When a mute is to end, as people say it: `for 3 days`, `until friday 14:00`. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import text
from bot.mutes.unclear import Part, Unclear
from bot.scorecards.periods import MONTHS

LONGEST = timedelta(days=90)
OPENS = time(9)  # of a day without a time, in the partner's zone
BEGIN_AN_END = frozenset({"for", "until", "till"})
_NO_TIME = timedelta()
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_NAME = 3  # letters: "tue" from "thu", "jun" from "jul"
_SHORTENED = {"tues": 1, "thur": 3, "thurs": 3}
_EXAMPLES = "Say it as `for 3 days`, `until friday 14:00` or `until 2026-06-20 14:00`."
_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks"), timedelta(weeks=1)),
    **dict.fromkeys(("month", "months"), timedelta(days=30)),
}
_NUMBERS = {
    name: number
    for number, name in enumerate(
        ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"an": 1, "one": 1}
_LENGTH = re.compile(r"(?P<number>[0-9]{1,4}(?:\.[0-9])?)(?P<unit>[a-z]*)")
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_NUMERIC_DAY = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})?")
_DAY_OF_MONTH = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?")
_YEAR = re.compile(r"2[0-9]{3}")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?P<half>am|pm)?")
_HOUR = re.compile(r"(?P<hour>[0-9]{1,2})(?P<half>am|pm|h)")
_BARE_NUMBER = re.compile(r"[0-9]{1,4}")


def read_end(words: Sequence[str], zone: str, now: datetime) -> tuple[datetime, Sequence[str]]:
    """When it ends, and the words that come after it. `words` begin with one of BEGIN_AN_END.
    Days and times are of that zone. Raises Unclear."""
    begin, *others = (_plain(word) for word in words)
    if begin == "for":
        length, read = _length(others)
        if not read:
            raise _not_understood(words)
        ends_at = now + length
    else:
        local, read = _local_end(others, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
        if local is None:
            raise _not_understood(words)
        if _BARE_NUMBER.fullmatch("".join(others[read : read + 1])):
            raise _not_understood(words)  # such as `until friday 14`
        ends_at = in_zone(local, zone)
    return checked_end(ends_at, zone, now), words[1 + read :]


def checked_end(ends_at: datetime, zone: str, now: datetime) -> datetime:
    """Raises Unclear for what has passed, or lies too far ahead."""
    if ends_at <= now:
        here = f"{text.moment(now, zone, now)} {text.place(zone)}"
        raise Unclear(Part.END, f"That has passed: it is {here}.")
    if ends_at > now + LONGEST:
        latest = text.moment(now + LONGEST, zone, now)
        raise Unclear(
            Part.END, f"A mute lasts {LONGEST.days} days at most: until {latest} as of now."
        )
    return ends_at


def in_zone(local: datetime, zone: str) -> datetime:
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # of the first day that there is, or the last
        return local.replace(tzinfo=UTC)


def _plain(word: str) -> str:
    return word.casefold().strip(",;").rstrip(":")


def _not_understood(words: Sequence[str]) -> Unclear:
    return Unclear(Part.END, f"is no end that I understand. {_EXAMPLES}", " ".join(words[:6]))


# -- for how long ------------------------------------------------------------------------------


def _length(words: Sequence[str]) -> tuple[timedelta, int]:
    """Of as many words as tell one, and how many those are."""
    total, read = _NO_TIME, 0
    while True:
        start = read + 1 if read and words[read : read + 1] == ["and"] else read
        length, taken = _one_length(words[start:])
        if not taken:
            return total, read
        total, read = total + length, start + taken


def _one_length(words: Sequence[str]) -> tuple[timedelta, int]:
    """`3 days`, `3d`, `an hour`: how long, and of how many words; of none where it is no such."""
    if not words:
        return _NO_TIME, 0
    number, unit, taken = float(_NUMBERS.get(words[0], 0)), "", 1
    match = _LENGTH.fullmatch(words[0])
    if match:
        number, unit = float(match["number"]), match["unit"]
    if not unit and len(words) > 1:
        unit, taken = words[1], 2
    if (not match and not number) or unit not in _UNITS:
        return _NO_TIME, 0
    return number * _UNITS[unit], taken


# -- until when --------------------------------------------------------------------------------


def _local_end(words: Sequence[str], now: datetime) -> tuple[datetime | None, int]:
    """`now` and the answer are local. None where it is no day and no time."""
    day, taken = _day(words, now.date())
    at_is_said = words[taken : taken + 1] == ["at"]
    hour, of_time = _time(words[taken + at_is_said :])
    if hour is None:
        return (datetime.combine(day, OPENS), taken) if day is not None else (None, 0)
    read = taken + at_is_said + of_time
    if day is not None:
        is_coming_week = taken == 1 and day == now.date() and _weekday(words[0]) is not None
        until = datetime.combine(day, time()) + hour
        return (until + timedelta(weeks=1) if is_coming_week and until <= now else until), read
    today = datetime.combine(now.date(), time()) + hour
    return (today if today > now else today + timedelta(days=1)), read


def _day(words: Sequence[str], today: date) -> tuple[date | None, int]:
    first, second, third = (*words[:3], "", "", "")[:3]
    if first in ("today", "tomorrow"):
        return today + timedelta(days=first == "tomorrow"), 1
    if (first, second) == ("next", "week"):
        return today + timedelta(days=7 - today.weekday()), 2
    weekday = _weekday(first)
    if weekday is not None:
        return _coming(weekday, today, words[1:]), 1
    return _date(first, second, third, today)


def _coming(weekday: int, today: date, after: Sequence[str]) -> date:
    """Today itself only where a time is said, which may be still to come."""
    ahead = (weekday - today.weekday()) % 7
    has_time = _time(after[1:] if after[:1] == ["at"] else after)[0] is not None
    return today + timedelta(days=ahead if ahead or has_time else 7)


def _weekday(word: str) -> int | None:
    if word in _SHORTENED:
        return _SHORTENED[word]
    is_name = len(word) >= _SHORTEST_NAME
    return next(
        (place for place, name in enumerate(_WEEKDAYS) if is_name and word in (name, name[:3])),
        None,
    )


def _date(first: str, second: str, third: str, today: date) -> tuple[date | None, int]:
    iso = _ISO_DAY.fullmatch(first)
    if iso:
        return _made(iso["year"], iso["month"], iso["day"], 1)
    numeric = _NUMERIC_DAY.fullmatch(first)
    if numeric:
        return _in_year(numeric["day"], int(numeric["month"]), numeric["year"] or "", today, 1)
    for name, number in ((second, first), (first, second)):
        month, day = _month(name), _DAY_OF_MONTH.fullmatch(number)
        if month and day:
            has_year = _YEAR.fullmatch(third) is not None
            return _in_year(day["day"], month, third if has_year else "", today, 2 + has_year)
    return None, 0


def _in_year(day: str, month: int, year: str, today: date, taken: int) -> tuple[date | None, int]:
    """Without a year, the next such day."""
    if year:
        return _made(year, str(month), day, taken)
    this_year, _ = _made(str(today.year), str(month), day, taken)
    if this_year is not None and this_year >= today:
        return this_year, taken
    return _made(str(today.year + 1), str(month), day, taken)


def _made(year: str, month: str, day: str, taken: int) -> tuple[date | None, int]:
    try:
        return date(int(year), int(month), int(day)), taken
    except ValueError:
        return None, 0


def _month(word: str) -> int | None:
    word = word.rstrip(".")
    if len(word) < _SHORTEST_NAME:
        return None
    return next(
        (place for place, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)), None
    )


def _time(words: Sequence[str]) -> tuple[timedelta | None, int]:
    """Since the day began, and of how many words."""
    first, second = (*words[:2], "", "")[:2]
    if first in ("noon", "midnight"):
        return timedelta(hours=12 if first == "noon" else 24), 1
    if second in ("am", "pm") and not first.endswith(("am", "pm")):
        read = _clock(f"{first}{second}")
        return read, 2 if read is not None else 0
    read = _clock(first)
    return read, 1 if read is not None else 0


def _clock(word: str) -> timedelta | None:
    match = _TIME.fullmatch(word) or _HOUR.fullmatch(word)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match.groupdict().get("minute") or 0)
    if match["half"] in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    return timedelta(hours=hour, minutes=minute) if hour < 24 and minute < 60 else None
