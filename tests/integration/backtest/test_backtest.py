"""A history replayed: what would have been said, when, and how rightly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.backtest.files import HistoryRefused
from bot.backtest.hindsight import Outcome as Became
from bot.backtest.results import Results
from bot.backtest.running import Window, backtest
from storage.vocabulary import CaseKind, OutboxMethod
from tests.integration.backtest.conftest import replay_in

Row = Mapping[str, str]
NO_NEWS = [{"tracking_number": "TM0", "occurred_at": "2026-03-02T07:00Z", "status": "in_transit"}]
"""Of a shipment that nobody announced: the file has a line, and nothing follows from it."""


class Replayed(Protocol):
    def __call__(
        self,
        shipments: Sequence[Row],
        checkpoints: Sequence[Row],
        *,
        window: Window | None = None,
    ) -> "Outcome": ...


class Outcome(Protocol):
    @property
    def results(self) -> Results: ...

    def of(self, tracking_number: str) -> list[tuple[str, str, str]]: ...


def order(number: str = "TM1", **facts: str) -> Row:
    return {
        "tracking_number": number,
        "partner": "Halden Express",
        "ordered_at": "2026-03-02T08:00Z",
        "promised_at": "2026-03-06T18:00Z",
        **facts,
    }


def scan(at: str, status: str = "in_transit", number: str = "TM1", **facts: str) -> Row:
    return {"tracking_number": number, "occurred_at": at, "status": status, **facts}


def test_a_late_delivery_is_said_an_hour_after_its_promise_and_taken_back_when_it_comes(
    replayed: Replayed,
) -> None:
    outcome = replayed(
        [order()],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-06T21:05Z", "delivered"),
        ],
    )
    assert outcome.of("TM1") == [
        ("2026-03-06T19:00:00+00:00", "opened", "promise_passed"),
        ("2026-03-06T21:30:00+00:00", "resolved", "promise_passed"),
    ]
    said = Counter({one.method: count for one, count in outcome.results.messages.items()})
    assert said == {OutboxMethod.POST: 1, OutboxMethod.REPLY: 1, OutboxMethod.EDIT: 1}
    assert outcome.results.outcomes == {Became.LATE: 1}
    assert outcome.results.recall.value == 0  # it was said when it was too late
    assert outcome.results.kinds[CaseKind.PROMISE_PASSED].right == 1


def test_what_is_said_in_the_file_of_alerts_is_plain_text_that_rings_nobody(tmp_path: Path) -> None:
    scans = [scan(f"2026-03-0{day}T09:00Z", number="TM&1") for day in (3, 5, 6, 8)]
    outcome = replay_in(tmp_path, [order("TM&1")], scans)
    (opened, worse) = [each for each in outcome.alerts if each.kind == "promise_passed"]
    assert (opened.event, worse.event, worse.severity) == ("opened", "changed", "critical")
    assert opened.detail.startswith("T-1 Halden Express, TM&1: 1 hour past its promise")
    assert worse.detail.startswith("Now critical: ")
    assert "<@" not in opened.detail + worse.detail


def test_a_slipped_eta_announces_the_delay_before_it_happens(replayed: Replayed) -> None:
    outcome = replayed(
        [order()],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-04T18:00Z", eta="2026-03-07T18:00Z"),
            scan("2026-03-06T12:00Z"),
            scan("2026-03-07T15:00Z", "delivered"),
        ],
    )
    assert ("2026-03-04T18:00:00+00:00", "opened", "eta_past_promise") in outcome.of("TM1")
    assert str(outcome.results.recall) == "100.0% (1/1)"
    assert outcome.results.lead_times == [timedelta(days=2)]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Asia/Kolkata", "UTC", "Pacific/Pago_Pago"])
def test_an_eta_on_the_promised_day_is_no_delay_wherever_that_day_ends(
    replayed: Replayed, zone: str
) -> None:
    outcome = replayed(
        [order(promised_at="2026-03-05", destination_zone=zone)],
        [
            scan("2026-03-03T09:00Z", eta="2026-03-05"),
            scan("2026-03-04T09:00Z", eta="2026-03-06"),
            scan("2026-03-05T08:00Z", "delivered"),
        ],
    )
    assert [(at, event) for at, event, _ in outcome.of("TM1")] == [
        ("2026-03-04T09:00:00+00:00", "opened"),
        ("2026-03-05T08:00:00+00:00", "resolved"),
    ]


def test_an_announcement_whose_shipment_came_in_time_was_wrong(replayed: Replayed) -> None:
    outcome = replayed(
        [order()],
        [
            scan("2026-03-03T09:00Z", eta="2026-03-09T12:00Z"),
            scan("2026-03-05T10:00Z", "delivered"),
        ],
        window=Window(None, date(2026, 3, 7)),
    )
    figures = outcome.results.kinds[CaseKind.ETA_PAST_PROMISE]
    assert (figures.cases, figures.wrong) == (1, 1)
    assert str(outcome.results.precision) == "0.0% (0/1)"
    assert outcome.results.recall.value is None


def test_what_is_recorded_late_is_known_late(replayed: Replayed) -> None:
    """Delivered in time, but nobody knew: so it was said, and wrongly."""
    outcome = replayed(
        [order()],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-06T10:00Z", "delivered", recorded_at="2026-03-07T08:00Z"),
        ],
    )
    assert outcome.of("TM1") == [
        ("2026-03-06T19:00:00+00:00", "opened", "promise_passed"),
        ("2026-03-07T08:00:00+00:00", "resolved", "promise_passed"),
    ]
    assert outcome.results.kinds[CaseKind.PROMISE_PASSED].wrong == 1


def test_what_is_known_when_it_is_judged_waits_for_no_reading(replayed: Replayed) -> None:
    """Judged at 19:20, between two readings: that it arrived in time was recorded at 19:15."""
    outcome = replayed(
        [order(promised_at="2026-03-06T18:20Z")],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-06T18:10Z", "delivered", recorded_at="2026-03-06T19:15Z"),
        ],
    )
    assert outcome.of("TM1") == []


def test_on_the_last_day_too_what_is_known_when_it_is_judged_counts(replayed: Replayed) -> None:
    """The next reading would be after the last day that is reported."""
    outcome = replayed(
        [order(promised_at="2026-03-06T22:50Z")],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-06T22:45Z", "delivered", recorded_at="2026-03-06T23:40Z"),
            scan("2026-03-09T09:00Z", number="TM2"),
        ],
        window=Window(None, date(2026, 3, 6)),
    )
    assert outcome.of("TM1") == []


def test_what_was_not_known_yet_when_it_was_judged_was_not_seen(replayed: Replayed) -> None:
    outcome = replayed(
        [order(promised_at="2026-03-06T18:20Z")],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-06T18:10Z", "delivered", recorded_at="2026-03-06T19:25Z"),
        ],
    )
    assert outcome.of("TM1") == [
        ("2026-03-06T19:20:00+00:00", "opened", "promise_passed"),
        ("2026-03-06T19:30:00+00:00", "resolved", "promise_passed"),
    ]


def test_silence_after_the_last_line_is_no_news_but_can_be_asked_for(replayed: Replayed) -> None:
    told = ([order()], [scan("2026-03-03T09:00Z")])
    assert replayed(*told).of("TM1") == []
    asked = replayed(*told, window=Window(None, date(2026, 3, 7)))
    opened = [kind for _, event, kind in asked.of("TM1") if event == "opened"]
    assert opened == ["no_scan", "promise_passed"]


def test_what_happened_before_the_window_is_known_but_not_reported(replayed: Replayed) -> None:
    outcome = replayed(
        [order()],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-09T10:00Z", "delivered"),
        ],
        window=Window(date(2026, 3, 8), None),
    )
    assert outcome.of("TM1") == [
        ("2026-03-09T10:00:00+00:00", "resolved", "promise_passed"),
    ]


def test_news_before_the_order_wait_for_it(replayed: Replayed) -> None:
    outcome = replayed(
        [order(ordered_at="2026-03-04T08:00Z")],
        [scan("2026-03-03T09:00Z"), scan("2026-03-05T10:00Z", "delivered")],
        window=Window(None, date(2026, 3, 7)),
    )
    assert outcome.of("TM1") == []
    assert outcome.results.outcomes == {Became.IN_TIME: 1}


def test_what_is_shipped_a_week_after_its_order_was_not_announced_before(
    replayed: Replayed,
) -> None:
    outcome = replayed(
        [order(ordered_at="2026-02-20T08:00Z", shipped_at="2026-03-02T12:00Z")],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-05T09:00Z"),
            scan("2026-03-06T10:00Z", "delivered"),
        ],
    )
    assert outcome.of("TM1") == []


def test_that_a_carrier_no_longer_tracks_it_is_no_sight_of_it(replayed: Replayed) -> None:
    """Neither is it on its way then, nor was it scanned again."""
    outcome = replayed(
        [order(), order("TM2"), order("TM3", ship_by="2026-03-03T12:00Z")],
        [
            scan("2026-03-02T10:00Z", "label_created"),
            scan("2026-03-05T17:00Z", "expired"),
            scan("2026-03-02T10:00Z", number="TM2"),
            scan("2026-03-05T17:00Z", "expired", number="TM2"),
            scan("2026-03-02T10:00Z", "label_created", number="TM3"),
            scan("2026-03-05T17:00Z", "expired", number="TM3"),
        ],
        window=Window(None, date(2026, 3, 6)),
    )
    opened = {number: outcome.of(number)[:1] for number in ("TM1", "TM2", "TM3")}
    assert opened == {
        "TM1": [("2026-03-04T10:00:00+00:00", "opened", "never_picked_up")],
        "TM2": [("2026-03-04T14:00:00+00:00", "opened", "no_scan")],
        "TM3": [("2026-03-03T14:00:00+00:00", "opened", "not_dispatched")],
    }
    assert [event for number in opened for _, event, _ in outcome.of(number)].count("resolved") == 0


def test_an_order_that_tells_by_when_it_is_to_leave_is_known_by_then(replayed: Replayed) -> None:
    """Without a time of ordering: nobody sets a day after it has passed."""
    outcome = replayed(
        [order(ordered_at="", ship_by="2026-03-03T12:00Z")],
        [scan("2026-03-05T09:00Z"), scan("2026-03-06T10:00Z", "delivered")],
    )
    assert outcome.of("TM1") == [
        ("2026-03-03T14:00:00+00:00", "opened", "not_dispatched"),
        ("2026-03-05T09:00:00+00:00", "resolved", "not_dispatched"),
    ]


def test_every_line_that_is_not_taken_is_named(replayed: Replayed) -> None:
    outcome = replayed(
        [
            order(),
            order(),
            order("TM2", ordered_at="", promised_at=""),
            order("TM3", promised_at="soon"),
        ],
        [
            scan("2026-03-03T09:00Z"),
            scan("2026-03-03T09:00Z", "in_transt"),
            scan("2026-03-03T09:00Z", number="TM9"),
            scan("2026-03-05T15:00Z", "delivered"),
        ],
    )
    places = {rejected.place: rejected.reason for rejected in outcome.results.set_aside}
    assert set(places) == {
        "shipments.csv:3",
        "shipments.csv:4",
        "shipments.csv:5",
        "checkpoints.csv:3",
        "checkpoints.csv:4",
    }
    assert "line 2" in places["shipments.csv:3"]
    assert "did you mean in_transit?" in places["checkpoints.csv:3"]
    assert outcome.results.counts.set_aside == 5
    assert outcome.results.counts.shipments == 1
    assert outcome.results.counts.checkpoints == 2


def test_a_mistyped_year_is_set_aside_and_does_not_make_the_history_last_for_decades(
    replayed: Replayed,
) -> None:
    numbers = [f"TM{number}" for number in range(60)]
    outcome = replayed(
        [order(number) for number in numbers],
        [
            *(scan("2026-03-03T09:00Z", number=number) for number in numbers),
            scan("2052-03-04T09:00Z", "delivered", number="TM7"),
        ],
    )
    assert outcome.results.end.year == 2026
    assert outcome.results.counts.checkpoints == len(numbers)
    (rejected,) = outcome.results.set_aside
    assert rejected.place == "checkpoints.csv:62"
    assert "2052-03-04" in rejected.reason


def test_a_mistyped_year_of_shipping_is_set_aside_too(replayed: Replayed) -> None:
    numbers = [f"TM{number}" for number in range(60)]
    outcome = replayed(
        [
            *(order(number) for number in numbers),
            order("TM60", shipped_at="2052-03-04T09:00Z"),
        ],
        [scan("2026-03-03T09:00Z", number=number) for number in numbers],
    )
    assert outcome.results.end.year == 2026
    assert outcome.results.counts.shipments == len(numbers)
    assert [rejected.place for rejected in outcome.results.set_aside] == ["shipments.csv:62"]


def test_two_partners_are_told_in_channels_of_their_own(replayed: Replayed) -> None:
    outcome = replayed(
        [order(), order("TM2", partner="Orbis")],
        [
            scan("2026-03-03T09:00Z", "lost"),
            scan("2026-03-03T09:00Z", "lost", number="TM2"),
        ],
    )
    posts = [said for said in outcome.results.messages if said.method is OutboxMethod.POST]
    assert {outcome.results.channels[said.channel] for said in posts} == {
        "Halden Express",
        "Orbis",
    }


def test_a_history_without_a_shipment_is_refused(replayed: Replayed) -> None:
    with pytest.raises(HistoryRefused, match="no shipment that could be taken"):
        replayed([order(promised_at="soon")], NO_NEWS)


def test_a_window_outside_the_history_is_refused(replayed: Replayed) -> None:
    with pytest.raises(HistoryRefused, match="the history runs from 2026-03-02 to"):
        replayed([order()], NO_NEWS, window=Window(date(2027, 1, 1), None))


def test_files_that_are_not_there_are_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        backtest(tmp_path / "none.csv", tmp_path / "none.csv")
