from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.pace import EDITS_IN_A_BURST, SECONDS_BETWEEN_EDITS, Pace, Said
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
        assert pace.allowance().get(OutboxMethod.EDIT, 0) >= 1
        pace.spoke(OutboxMethod.EDIT, f"edit:{number}")
    assert pace.allowance().get(OutboxMethod.EDIT, 0) == 0
    stopwatch.seconds += SECONDS_BETWEEN_EDITS * 2.5
    assert pace.allowance().get(OutboxMethod.EDIT, 0) == 2


def test_a_post_that_was_a_little_late_is_made_up_for_by_the_next() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    said = 0
    for _ in range(240):  # a minute, looked at four times a second
        if "C1" not in pace.waiting_lanes():
            pace.spoke(OutboxMethod.POST, "C1")
            said += 1
        stopwatch.seconds += 0.25
    assert 57 <= said <= 60


def test_a_channel_that_was_quiet_for_long_gets_no_flood() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    stopwatch.seconds += 3600
    pace.spoke(OutboxMethod.POST, "C1")
    assert set(pace.waiting_lanes()) == {"C1"}


def test_all_channels_together_get_no_more_than_slack_allows_in_a_minute() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    said = 0
    for _ in range(240):
        for _ in range(pace.allowance().get(OutboxMethod.POST, 0)):
            pace.spoke(OutboxMethod.POST, f"C{said}")
            said += 1
        stopwatch.seconds += 0.25
    assert 270 <= said <= 300


def test_looking_into_histories_keeps_to_its_own_limit() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    looks = 0
    for _ in range(240):
        looks += pace.may_look()
        stopwatch.seconds += 0.25
    assert 45 <= looks <= 50
    assert OutboxMethod.EDIT in pace.allowance()


def test_what_another_process_said_in_a_channel_is_kept_in_mind() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    pace.heed([Said(OutboxMethod.POST, "C1", 0.6), Said(OutboxMethod.POST, "C1", 0.0)])
    assert set(pace.waiting_lanes()) == {"C1"}
    stopwatch.seconds += 1.1
    pace.heed([Said(OutboxMethod.POST, "C1", 1.7), Said(OutboxMethod.POST, "C1", 1.1)])
    assert not pace.waiting_lanes()


def test_all_processes_together_edit_at_the_pace_of_one() -> None:
    stopwatch = Stopwatch()
    pace = Pace(stopwatch)
    pace.heed([Said(OutboxMethod.EDIT, f"edit:{each}", 0.0) for each in range(3)])
    assert pace.allowance()[OutboxMethod.EDIT] == EDITS_IN_A_BURST - 3
    pace.spoke(OutboxMethod.EDIT, "edit:9")
    assert OutboxMethod.EDIT not in pace.allowance()


@given(
    waits=st.lists(st.floats(0.0, 5.0), max_size=80),
    methods=st.lists(st.sampled_from(list(OutboxMethod)), min_size=80, max_size=80),
)
def test_to_hear_of_what_one_said_oneself_changes_nothing(
    waits: list[float], methods: list[OutboxMethod]
) -> None:
    stopwatch = Stopwatch()
    hearing, deaf = Pace(stopwatch), Pace(stopwatch)
    said: list[tuple[float, OutboxMethod]] = []
    for wait, method in zip(waits, methods, strict=False):
        stopwatch.seconds += wait
        ago = [(stopwatch.seconds - at, one) for at, one in said]
        hearing.heed(Said(one, "C1", seconds) for seconds, one in ago if seconds < 60)
        assert hearing.allowance() == deaf.allowance()
        assert hearing.waiting_lanes() == deaf.waiting_lanes()
        if method in deaf.allowance() and "C1" not in deaf.waiting_lanes():
            for pace in (hearing, deaf):
                pace.spoke(method, "C1")
            said.append((stopwatch.seconds, method))
