"""The calendar months that scorecards and terms go by, and what people call them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})\s*[-/. ]\s*(?P<month>\w+)")
_MONTH_FIRST = re.compile(r"(?P<month>\w+)\s*[-/., ]\s*(?P<year>\d{4})")
_SHORTEST_NAME = 3  # letters: "jun" from "jul"


class UnknownPeriod(ValueError):
    """Says what was not understood, and what would be."""

    def __init__(self, subject: str, complaint: str, today: date) -> None:
        """`subject` may hold what was typed, as it was typed."""
        self.subject = subject
        self.complaint = f"{complaint} Try {_examples(today)}."
        super().__init__(f"{subject} {self.complaint}")


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of the partner, both ends included."""

    start: date
    end: date
    label: str

    @property
    def key(self) -> str:
        """Such as `2014-06`; `parse_period` reads it back."""
        return f"{self.start:%Y-%m}"

    def previous(self) -> "Period":
        return month_of(self.start - timedelta(days=1))

    def following(self) -> "Period":
        return month_of(self.end + timedelta(days=1))

    def is_over(self, today: date) -> bool:
        return today > self.end


def month_of(day: date) -> Period:
    last = calendar.monthrange(day.year, day.month)[1]
    return Period(
        start=day.replace(day=1),
        end=day.replace(day=last),
        label=f"{MONTHS[day.month - 1]} {day.year}",
    )


def parse_period(text: str, today: date) -> Period:
    """`today` is the partner's. A month without a year is the latest that has begun.

    Raises UnknownPeriod, with what to type instead.
    """
    words = " ".join(text.casefold().split())
    if words in {"", "this month", "month", "now", "current", "current month"}:
        return month_of(today)
    if words in {"last month", "last", "previous", "previous month"}:
        return month_of(today).previous()
    period = _named_month(words, today)
    if period is None:
        shown = words if len(words) <= 40 else words[:39] + "…"
        raise UnknownPeriod(f"“{shown}”", "is not a month that I know.", today)
    if period.start > today:
        day = f"{today.day} {MONTHS[today.month - 1]} {today.year}"
        raise UnknownPeriod(period.label, f"has not begun yet: today is {day}.", today)
    return period


def _examples(today: date) -> str:
    """Months that have begun by then."""
    last = month_of(today).previous()
    name = last.label.casefold()
    short = name[:_SHORTEST_NAME]
    return f"`{last.key}`, `{name}`, `{short}`, `last month` or `this month`"


def _named_month(words: str, today: date) -> Period | None:
    for shape in (_YEAR_FIRST, _MONTH_FIRST):
        match = shape.fullmatch(words)
        if match:
            month = _month_number(match["month"])
            year = int(match["year"])
            return month_of(date(year, month, 1)) if month and year else None
    month = None if words.isdigit() else _month_number(words)
    if month is None:
        return None
    year = today.year if month <= today.month else today.year - 1
    return month_of(date(year, month, 1))


def _month_number(word: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,2}", word):
        return int(word) if 1 <= int(word) <= len(MONTHS) else None
    if len(word) < _SHORTEST_NAME:
        return None
    if word == "sept":
        return 9
    for number, name in enumerate(MONTHS, start=1):
        if name.casefold().startswith(word):
            return number
    return None
