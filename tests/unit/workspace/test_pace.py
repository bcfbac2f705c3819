"""However the posts come, Slack takes a burst, then one a second, and says how long to wait."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.workspace.errors import SlackError
from bot.workspace.pace import Pace
from bot.workspace.setup import PaceSetup

BURST = 3


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(pace: Pace, channel: str) -> int | None:
    """None if the post was taken, else the seconds to wait."""
    try:
        pace.take_post(channel)
    except SlackError as refusal:
        return int(refusal.headers["Retry-After"])
    return None


@given(st.lists(st.floats(min_value=0, max_value=5), min_size=1, max_size=60))
def test_no_stretch_of_time_takes_more_than_the_burst_and_one_a_second(
    pauses: list[float],
) -> None:
    clock = Clock()
    pace = Pace(PaceSetup(post_burst=BURST), clock)
    posted: list[float] = []
    for pause in pauses:
        clock.now += pause
        if taken(pace, "C1") is None:
            posted.append(clock.now)
    for start, earlier in enumerate(posted):
        for end in range(start, len(posted)):
            assert end - start + 1 <= BURST + (posted[end] - earlier) + 1e-6


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=30))
@example([0.0, 0.0, 0.0, 0.35585163123355695, *[0.0] * 6])
def test_who_waits_as_long_as_told_is_taken(pauses: list[float]) -> None:
    clock = Clock()
    pace = Pace(PaceSetup(post_burst=1, workspace_posts_per_minute=5), clock)
    for pause in pauses:
        clock.now += pause
        wait = taken(pace, "C1")
        if wait is not None:
            clock.now += wait
            assert taken(pace, "C1") is None


def test_the_whole_workspace_has_a_share_of_its_own() -> None:
    clock = Clock()
    pace = Pace(PaceSetup(workspace_posts_per_minute=3), clock)
    assert [taken(pace, f"C{number}") for number in range(4)] == [None, None, None, 60]
    clock.now = 60.0
    assert taken(pace, "C3") is None


def test_tiers_hold_for_each_method_by_itself() -> None:
    clock = Clock()
    pace = Pace(PaceSetup(), clock)
    for _ in range(50):
        pace.take_call("chat.update", 3)
    with pytest.raises(SlackError, match="ratelimited"):
        pace.take_call("chat.update", 3)
    pace.take_call("chat.delete", 3)
    assert dict(pace.refused) == {"chat.update": 1}
