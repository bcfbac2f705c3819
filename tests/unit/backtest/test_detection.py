"""What was found of what was put in."""

from datetime import timedelta

from bot.backtest.detection import TOLD_LATE, UNEXPLAINED, as_markdown, detection

TROUBLES = [
    {
        "tracking_number": number,
        "trouble": "stalled",
        "kind": "no_scan",
        "knowable_at": "2026-03-04T10:00:00+00:00",
    }
    for number in ("TM1", "TM2")
]


def alert(number: str, kind: str, at: str = "2026-03-04T12:00:00+00:00") -> dict[str, str]:
    return {"tracking_number": number, "kind": kind, "event": "opened", "at": at}


def test_a_trouble_is_found_by_its_own_kind_and_the_first_time_counts() -> None:
    found = detection(
        TROUBLES,
        frozenset(),
        [
            alert("TM1", "no_scan"),
            alert("TM1", "no_scan", "2026-03-05T12:00:00+00:00"),
            alert("TM2", "lost"),
        ],
    )
    stalled = found.by_trouble["stalled"]
    assert stalled.put_in == 2
    assert stalled.delays == [timedelta(hours=2)]
    assert found.others == {("lost", "follows from: stalled"): 1}


def test_what_has_no_cause_is_called_unexplained() -> None:
    found = detection([], frozenset({"TM3"}), [alert("TM3", "no_scan"), alert("TM4", "no_scan")])
    assert found.others == {("no_scan", TOLD_LATE): 1, ("no_scan", UNEXPLAINED): 1}


def test_a_trouble_that_was_not_found_has_no_delay() -> None:
    lines = list(as_markdown(detection(TROUBLES, frozenset(), [])))
    assert "| stalled | 2 | 0 | – | – | – |" in lines
