"""The clock is an argument: whoever needs the time is given one of these."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, aware UTC."""

    @property
    def speed(self) -> float:
        """Seconds of this clock in a second of the system's."""
        ...

    def __call__(self) -> datetime: ...


class SystemClock:
    speed = 1.0

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """Time that starts at `start` when the system's clock shows `since`, runs `speed` times as
    fast, and stands still at `until`. Processes given the same values agree on the time."""

    def __init__(
        self, start: datetime, since: datetime, speed: float, until: datetime | None = None
    ) -> None:
        self.start = start
        self.since = since
        self.speed = speed
        self.until = until
        self._system = SystemClock()

    def __call__(self) -> datetime:
        now = self.start + (self._system() - self.since) * self.speed
        return now if self.until is None else min(now, self.until)


class MovableClock:
    """Stands still until it is moved: for tests and for replaying history."""

    speed = 1.0

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> None:
        self.now += step


def after(clock: Clock, seconds: float) -> datetime:
    """The clock's time when so many seconds of the world have passed: leases and pauses between
    processes are the world's, whatever the speed of the clock."""
    return clock() + timedelta(seconds=seconds * clock.speed)
