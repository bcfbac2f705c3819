"""`make demo`, as a newcomer sees it: real history, a real browser, and a kill in the middle."""

import asyncio
import csv
import gzip
import json
import re
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import date
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from bot.demo.company import channel_of, workspace_setup
from bot.demo.history import HISTORY_FILE
from bot.workspace import Workspace
from tests.acceptance.browsing import browser, chromium
from tests.acceptance.processes import MANIFEST, TALLYMAN, free_port

__all__ = ["browser", "chromium"]

PATIENCE = 240_000  # milliseconds; what is waited for comes within 30 s on a quiet machine
LONG_AFTER = "2013-11-10"  # what a slow machine is late with is still said in simulated time
ORGENICS = "Orgenics, Ltd"
RDC = "SCMS from RDC"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def demo(
    state_dir: Path, until: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The demo in a process of its own, and its address; killed at the end if it still runs."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        TALLYMAN,
        "demo",
        f"--port={port}",
        f"--state-dir={state_dir}",
        f"--until={until}",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while (line := (await process.stdout.readline()).decode()) and "http://" not in line:
                pass
        found = re.search(r"http://\S+", line)
        assert found is not None
        yield process, found[0].rstrip("/")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def on_time(vendor: str, first: date, last: date) -> tuple[int, int]:
    """Straight from the history's file: how many were on time, of how many that were due."""
    with gzip.open(HISTORY_FILE, "rt", encoding="utf-8") as file:
        due = [
            row
            for row in csv.DictReader(file)
            if row["vendor"] == vendor
            and first.isoformat() <= row["scheduled_on"] <= last.isoformat()
        ]
    return sum(row["delivered_on"] <= row["scheduled_on"] for row in due), len(due)


async def test_an_alert_arrives_is_acknowledged_and_the_scorecard_says_what_the_file_says(
    tmp_path: Path, browser: Browser
) -> None:
    kept, due = on_time(ORGENICS, date(2013, 9, 1), date(2013, 9, 30))
    async with demo(tmp_path / "demo", until=LONG_AFTER) as (process, url):
        page = await browser.new_page()
        await page.goto(f"{url}/#as=olivia&channel={channel_of('orgenics')}")
        async with asyncio.timeout(PATIENCE / 1000):
            while not await _acknowledges_one(page):
                pass

        # September is over and settled, and Orgenics is short of its 90%.
        breach = page.locator("[data-testid^='message-']").filter(has_text="September 2013")
        await expect(breach.first).to_contain_text(f"{kept} of {due}", timeout=PATIENCE)

        composer = page.get_by_test_id("composer")
        await composer.fill("/scorecard orgenics 2013-09")
        await composer.press("Enter")
        answer = page.locator("[data-testid^='message-']").filter(has_text="Only visible to you")
        await expect(answer.last).to_contain_text(f"{kept} of {due}", timeout=PATIENCE)
        await expect(answer.last).to_contain_text(f"{100 * kept / due:.1f}")

        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            assert await process.wait() == 0


async def _acknowledges_one(page: Page) -> bool:
    """Whether the message shows who has it: at two seconds a day, it may be over by then."""
    acknowledge = page.get_by_role("button", name="Acknowledge").first
    await expect(acknowledge).to_be_visible(timeout=PATIENCE)
    message = page.locator("[data-testid^='message-']").filter(has=acknowledge).first
    changed = page.get_by_test_id(str(await message.get_attribute("data-testid")))
    await acknowledge.click()
    button = changed.get_by_role("button", name="Acknowledge")
    await expect(button).to_have_count(0, timeout=PATIENCE)
    return "Olivia Marsh" in await changed.inner_text()


async def test_a_kill_in_the_middle_loses_no_alert_and_doubles_none(tmp_path: Path) -> None:
    state_dir = tmp_path / "demo"
    database = state_dir / "tallyman.sqlite"
    for cases_before_the_kill in (3, 12):
        async with demo(state_dir, until="2013-10-06") as (process, _):
            await until(partial(has_cases, database, cases_before_the_kill))
            process.send_signal(signal.SIGKILL)
            await process.wait()
    async with demo(state_dir, until="2013-10-06") as (process, url):
        await until(lambda: now_is(state_dir, "2013-10-06") and all_is_said(database))
        await standstill(database)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert url

    alerts = said_in_slack(await everything_said(state_dir))
    with closing(sqlite3.connect(database)) as connection:
        cases = {f"alert:{row[0]}" for row in connection.execute("SELECT alert_id FROM cases")}
        late = connection.execute(
            "SELECT count(*) FROM cases WHERE kind = 'promise_passed'"
        ).fetchone()[0]
    assert late > 10
    assert set(alerts) == cases
    assert set(alerts.values()) == {1}


@pytest.mark.parametrize("more", [[], ["--fresh"]])
async def test_a_second_demo_in_the_same_folder_is_refused_and_costs_the_first_nothing(
    tmp_path: Path, more: list[str]
) -> None:
    state_dir = tmp_path / "demo"
    async with demo(state_dir, until="2013-09-24") as (process, _):
        second = await asyncio.create_subprocess_exec(
            TALLYMAN,
            "demo",
            f"--port={free_port()}",
            f"--state-dir={state_dir}",
            *more,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaint = await second.communicate()
        assert second.returncode == 1
        assert b"stop it first" in complaint
        assert b"Traceback" not in complaint
        assert said == b""
        assert process.returncode is None
        await until(partial(has_cases, state_dir / "tallyman.sqlite", 3))


async def test_the_september_breach_of_the_distribution_centres_has_the_right_count(
    tmp_path: Path,
) -> None:
    kept, due = on_time(RDC, date(2013, 9, 1), date(2013, 9, 30))
    state_dir = tmp_path / "demo"
    async with demo(state_dir, until=LONG_AFTER) as (process, _):
        told = (
            "cases JOIN outbox ON outbox.key = 'alert:' || cases.alert_id "
            "WHERE cases.subject = 'term:rdc:on_time_delivery:2013-09' AND outbox.state = 'sent'"
        )
        database = state_dir / "tallyman.sqlite"
        await until(lambda: count(database, told) == 1)
        process.send_signal(signal.SIGTERM)
        await process.wait()
    said = [
        str(message["text"])
        for message in await everything_said(state_dir)
        if "September 2013" in json.dumps(message) and "on-time" in str(message["text"]).lower()
    ]
    in_channel_of_rdc = [text for text in said if "Regional Distribution Centers" in text]
    assert len(in_channel_of_rdc) == 1
    assert f"{kept} of {due}" in in_channel_of_rdc[0]


Condition = Callable[[], bool]


def count(database: Path, what: str) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        try:
            found: int = connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]  # noqa: S608
        except sqlite3.OperationalError:  # the tables are not there yet
            return 0
        return found


def all_is_said(database: Path) -> bool:
    owed = ("due WHERE kind = 'say_alert'", "outbox WHERE state IN ('pending', 'sending')")
    return not any(count(database, what) for what in owed)


def has_cases(database: Path, at_least: int) -> bool:
    return count(database, "cases") >= at_least


def now_is(state_dir: Path, day: str) -> bool:
    return (state_dir / "time").read_text().startswith(day)


async def until(condition: Condition, seconds: float = PATIENCE / 1000) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the demo is another process
            await asyncio.sleep(0.1)


async def standstill(database: Path) -> None:
    """History is over: what is not owed after a few ticks will not be owed."""
    for _ in range(3):
        await asyncio.sleep(1)
        await until(lambda: all_is_said(database))


async def everything_said(state_dir: Path) -> list[dict[str, object]]:
    """What Slack holds, read as any app would."""
    setup = workspace_setup(MANIFEST)
    found: list[dict[str, object]] = []
    async with (
        Workspace(setup, state_dir=state_dir / "workspace") as workspace,
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {setup.bot_token}"}) as session,
    ):
        for channel in setup.channels:
            cursor = ""
            while True:
                query = {
                    "channel": channel.id,
                    "limit": "200",
                    "include_all_metadata": "true",
                    "cursor": cursor,
                }
                address = f"{workspace.api_url}conversations.history"
                async with session.get(address, params=query) as answer:
                    page = await answer.json()
                found.extend(page["messages"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
                if not cursor:
                    break
    return found


def said_in_slack(messages: list[dict[str, object]]) -> Counter[str]:
    """How often each alert was posted, by its key."""
    keys = [
        str(metadata["event_payload"]["key"])
        for message in messages
        if isinstance(metadata := message.get("metadata"), dict)
    ]
    return Counter(key for key in keys if re.fullmatch(r"alert:\d+", key))
