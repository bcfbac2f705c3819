from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import WorkingCalendar
from bot.rules.policy import Policy, Thresholds

Times = Callable[[str], datetime]


@pytest.fixture
def at() -> Times:
    """`at("Mon 09:00")` is the Monday of a week without holidays, in Berlin; `at("Mon+1 09:00")`
    is a week later."""

    def instant(text: str) -> datetime:
        day, clock = text.split()
        name, _, weeks = day.partition("+")
        days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(name) + 7 * int(weeks or 0)
        hour, minute = clock.split(":")
        local = datetime(2026, 11, 9, int(hour), int(minute), tzinfo=ZoneInfo("Europe/Berlin"))
        return (local + timedelta(days=days)).astimezone(UTC)

    return instant


@pytest.fixture
def policy() -> Policy:
    """What is built in; Monday to Friday, 8 to 18, in Berlin."""
    return Policy(Thresholds(), WorkingCalendar(ZoneInfo("Europe/Berlin"), country="DE"))
