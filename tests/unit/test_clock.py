"""A clock that runs fast for a while, and what waits meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SimulatedClock, SystemClock, lasting

YEAR_AGO = datetime(2025, 6, 2, tzinfo=UTC)
DAY_IN_A_SECOND = 86_400.0


def _fast_until(until: datetime | None) -> SimulatedClock:
    return SimulatedClock(YEAR_AGO, SystemClock()(), DAY_IN_A_SECOND, until)


def test_a_pause_of_the_world_is_long_on_a_fast_clock() -> None:
    pause = lasting(_fast_until(None), 60)
    assert pause == pytest.approx(timedelta(days=60), abs=timedelta(days=30))


def test_a_pause_that_outlasts_the_fast_time_is_over_when_the_world_says_so() -> None:
    soon = YEAR_AGO + timedelta(days=10)
    clock = _fast_until(soon)
    assert clock.after(60) <= soon + timedelta(seconds=60)
    assert clock.after(-60) < YEAR_AGO


def test_a_pause_begun_after_the_fast_time_lasts_as_long_as_it_says() -> None:
    clock = _fast_until(YEAR_AGO - timedelta(days=1))
    assert lasting(clock, 60) == pytest.approx(timedelta(seconds=60), abs=timedelta(seconds=30))
