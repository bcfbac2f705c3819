"""The clock is an argument: whoever needs the time is given one of these."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the present instant, aware UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)


class SimulatedClock:
    """Time that starts at `start` when the system's clock shows `since`, and runs `speed` times
    as fast. Two processes given the same three values agree on the time."""

    def __init__(
        self, start: datetime, since: datetime, speed: float, clock: Clock = system_clock
    ) -> None:
        self.start = start
        self.since = since
        self.speed = speed
        self._clock = clock

    def __call__(self) -> datetime:
        return self.start + (self._clock() - self.since) * self.speed


class MovableClock:
    """Stands still until it is moved: for tests and for replaying history."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> None:
        self.now += step
