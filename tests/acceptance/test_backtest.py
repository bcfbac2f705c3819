"""Before going live: a made-up history with every kind of trouble in it, through the command."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser
from typer.testing import CliRunner

from bot.backtest.parcels import Trouble
from bot.backtest.synthetic import PutIn, write
from bot.backtest.tally import ALERT_COLUMNS
from bot.backtest.troubles import TROUBLES
from bot.cli import app
from storage.vocabulary import CaseKind
from tests.acceptance.browsing import browser, chromium

__all__ = ["browser", "chromium"]

SHIPMENTS = 1_500
DAYS = 20
FOUND_WITHIN = timedelta(hours=13)
"""Of the moment from which it could be known: news wait up to 12 hours where they are told late,
10 minutes else, and half an hour for the next reading."""

BLANK_CANVASES = """() => [...document.querySelectorAll("canvas")].filter((canvas) => {
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    return !pixels.some((value) => value !== 0);
}).map((canvas) => canvas.id)"""

Alert = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ran:
    put_in: PutIn
    alerts: list[Alert]
    report: Path
    said: str

    def opened(self, tracking_number: str) -> list[Alert]:
        return [
            alert
            for alert in self.alerts
            if alert["tracking_number"] == tracking_number and alert["event"] == "opened"
        ]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("history")
    put_in = write(folder, SHIPMENTS, days=DAYS, seed=11)
    result = CliRunner().invoke(
        app,
        [
            "backtest",
            "--shipments",
            str(folder / "shipments.csv.gz"),
            "--checkpoints",
            str(folder / "checkpoints.csv.gz"),
            "--alerts-out",
            str(folder / "alerts.csv"),
            "--report",
            str(folder / "report.html"),
        ],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    with (folder / "alerts.csv").open(encoding="utf-8", newline="") as stream:
        alerts: list[Alert] = [*csv.DictReader(stream)]
    return Ran(put_in, alerts, folder / "report.html", result.output)


def test_the_history_has_every_trouble_in_it(ran: Ran) -> None:
    assert {trouble.name for trouble in ran.put_in.troubles} == set(TROUBLES)


def test_every_trouble_is_found_after_it_could_be_known_and_soon(ran: Ran) -> None:
    missed, too_early, too_late = [], [], []
    for trouble in ran.put_in.troubles:
        found_at = _found_at(ran, trouble)
        if found_at is None:
            missed.append(trouble)
        elif found_at < trouble.knowable_at:
            too_early.append((trouble, found_at))
        elif found_at > trouble.knowable_at + FOUND_WITHIN:
            too_late.append((trouble, found_at))
    assert missed == []
    assert too_early == []
    assert too_late == []


def test_on_a_healthy_shipment_nothing_is_said_but_where_its_scans_were_told_late(
    ran: Ran,
) -> None:
    troubled = {trouble.tracking_number for trouble in ran.put_in.troubles}
    told_late = set(ran.put_in.told_late)
    false_ones = [alert for alert in ran.alerts if alert["tracking_number"] not in troubled]
    unexplained = [alert for alert in false_ones if alert["tracking_number"] not in told_late]
    assert unexplained == []
    about_healthy = {alert["tracking_number"] for alert in false_ones}
    assert len(about_healthy) <= len(told_late - troubled) / 4


def test_what_else_is_said_of_a_troubled_shipment_follows_from_its_trouble(ran: Ran) -> None:
    also: dict[str, Counter[str]] = defaultdict(Counter)
    for trouble in ran.put_in.troubles:
        for alert in ran.opened(trouble.tracking_number):
            if (
                alert["kind"] != trouble.kind
                and trouble.tracking_number not in ran.put_in.told_late
            ):
                also[trouble.name][alert["kind"]] += 1
    lateness = {CaseKind.NO_SCAN, CaseKind.PROMISE_PASSED}
    follows: dict[str, set[CaseKind]] = {
        "bad address": {CaseKind.RETURNING_UNASKED},
        "refused": {CaseKind.RETURNING_UNASKED},
        "number unknown": {CaseKind.NEVER_PICKED_UP},
    }
    unexpected = {
        name: dict(kinds)
        for name, kinds in also.items()
        if set(kinds) - lateness - follows.get(name, set())
    }
    assert unexpected == {}


def test_what_was_opened_ends_and_nothing_ends_that_was_not_opened(ran: Ran) -> None:
    is_open: dict[str, bool] = {}
    for alert in ran.alerts:
        was_open = is_open.get(alert["case"], False)
        assert was_open == (alert["event"] != "opened"), alert
        is_open[alert["case"]] = alert["event"] != "resolved"


def test_the_alerts_file_has_its_columns_and_is_in_order_of_time(ran: Ran) -> None:
    assert tuple(ran.alerts[0]) == ALERT_COLUMNS
    times = [datetime.fromisoformat(alert["at"]) for alert in ran.alerts]
    assert all(time.tzinfo is not None for time in times)
    assert times == sorted(times)


def test_the_figures_are_said_with_what_they_were_counted_from(ran: Ran) -> None:
    late = sum(trouble.is_late for trouble in ran.put_in.troubles)
    assert f"/{late})" in ran.said
    assert f"{SHIPMENTS:,} shipments" in ran.said


async def test_the_page_draws_its_charts_by_itself(ran: Ran, browser: Browser) -> None:
    opened = await browser.new_page(viewport={"width": 1160, "height": 900})
    faults: list[str] = []
    asked: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    try:
        await opened.goto(ran.report.as_uri())
        await opened.select_option("#channel", index=1)
        charts = await opened.locator("canvas").count()
        blank = await opened.evaluate(BLANK_CANVASES)
    finally:
        await opened.close()
    assert charts == 4
    assert blank == []
    assert faults == []
    assert asked == [ran.report.as_uri()]


def _found_at(ran: Ran, trouble: Trouble) -> datetime | None:
    found = [
        datetime.fromisoformat(alert["at"])
        for alert in ran.opened(trouble.tracking_number)
        if alert["kind"] == trouble.kind
    ]
    return min(found, default=None)
