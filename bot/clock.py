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

    def after(self, seconds: float) -> datetime:
        """What it shows when so many seconds of the world have passed: leases and pauses between
        processes are the world's, whatever the speed of the clock."""
        ...


class SystemClock:
    speed = 1.0

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    def after(self, seconds: float) -> datetime:
        return self() + timedelta(seconds=seconds)


class SimulatedClock:
    """Time that starts at `start` when the system's clock shows `since` and runs `speed` times as
    fast; from `until` on it goes on at its usual pace. Processes given the same values agree."""

    def __init__(
        self, start: datetime, since: datetime, speed: float, until: datetime | None = None
    ) -> None:
        self.start = start
        self.since = since
        self.until = until
        self._speed = speed
        self._system = SystemClock()

    @property
    def speed(self) -> float:
        return 1.0 if self.until is not None and self() >= self.until else self._speed

    def __call__(self) -> datetime:
        return self._shows_at(self._system())

    def after(self, seconds: float) -> datetime:
        return self._shows_at(self._system.after(seconds))

    def _shows_at(self, system: datetime) -> datetime:
        passed = system - self.since
        now = self.start + passed * self._speed
        if self.until is None or now < self.until:
            return now
        until = max(self.until, self.start)
        return until + passed - (until - self.start) / self._speed


class MovableClock:
    """Stands still until it is moved: for tests and for replaying history."""

    speed = 1.0

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> None:
        self.now += step

    def after(self, seconds: float) -> datetime:
        return self.now + timedelta(seconds=seconds)


def lasting(clock: Clock, seconds: float) -> timedelta:
    """As long as so many seconds of the world, from now on."""
    return clock.after(seconds) - clock()
