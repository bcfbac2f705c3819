from bot.alerts.pace import EDITS_IN_A_BURST, SECONDS_BETWEEN_EDITS, Pace
from storage.vocabulary import OutboxMethod


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_channel_that_was_just_told_something_waits_a_second_and_others_go_on() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    pace.spoke(OutboxMethod.POST, "C1")
    assert set(pace.waiting_lanes()) == {"C1"}
    stopwatch.seconds += 1.1
    assert set(pace.waiting_lanes()) == set()


def test_a_429_holds_the_channel_for_as_long_as_slack_says() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    pace.hold(OutboxMethod.POST, "C1", 30)
    stopwatch.seconds += 29
    assert set(pace.waiting_lanes()) == {"C1"}
    assert OutboxMethod.POST in pace.allowance()
    stopwatch.seconds += 2
    assert not pace.waiting_lanes()


def test_a_429_on_an_edit_holds_all_edits_and_no_post() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    pace.hold(OutboxMethod.EDIT, "edit:1", 10)
    assert OutboxMethod.EDIT not in pace.allowance()
    assert OutboxMethod.POST in pace.allowance()
    assert OutboxMethod.REPLY in pace.allowance()
    stopwatch.seconds += 10
    assert OutboxMethod.EDIT in pace.allowance()


def test_edits_come_in_short_bursts_and_earn_their_way_back() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    for number in range(EDITS_IN_A_BURST):
        assert pace.edits_allowed() >= 1
        pace.spoke(OutboxMethod.EDIT, f"edit:{number}")
    assert pace.edits_allowed() == 0
    stopwatch.seconds += SECONDS_BETWEEN_EDITS * 2.5
    assert pace.edits_allowed() == 2
