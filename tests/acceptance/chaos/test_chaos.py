"""Killed at random moments, while Slack does all that it can do wrong: nothing is lost, and
nothing is said twice.

CHAOS_ROUNDS makes it longer, CHAOS_SEED another one.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from bot.clock import SimulatedClock
from bot.workspace import ChannelSetup, PersonSetup, Workspace, WorkspaceSetup
from storage.database import Database
from tests.acceptance.chaos.bot_process import (
    PARTNERS,
    BotProcess,
    Instructions,
    channel_of,
    processes,
)
from tests.acceptance.chaos.hurry import MINUTE_IN_A_SECOND, hurried_seconds
from tests.acceptance.chaos.truth import Verdict, judge
from tests.acceptance.chaos.unrest import Unrest
from tests.acceptance.processes import MANIFEST

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "8"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))


def setup() -> WorkspaceSetup:
    """Slack's own limits: what hurries is the time."""
    return WorkspaceSetup(
        manifest=MANIFEST,
        people=(PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh"),),
        channels=(
            *(
                ChannelSetup(id=channel_of(key), name=key, members=("U0OLIVIA",))
                for key in PARTNERS
            ),
            ChannelSetup(id="C0OPS", name="ops", members=("U0OLIVIA",)),
        ),
    )


@asynccontextmanager
async def unrest(database: Database, folder: Path) -> AsyncIterator[Unrest]:
    since = datetime.now(UTC)
    clock = SimulatedClock(since, since, MINUTE_IN_A_SECOND)
    async with Workspace(setup(), clock=clock, monotonic=hurried_seconds) as workspace:
        instructions = Instructions(
            database_url=database.url.render_as_string(hide_password=False),
            folder=folder,
            api_url=workspace.api_url,
            bot_token=workspace.setup.bot_token,
            app_token=workspace.setup.app_token,
            since=since,
        )
        yield Unrest(instructions, workspace, database, Random(SEED))  # noqa: S311


async def test_one_that_is_killed_again_and_again_says_everything_once(
    sqlite_database: Database, orders_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with unrest(sqlite_database, orders_folder) as storm:
        with processes(storm.instructions, 1) as victims:
            await survives(storm, victims, capsys)


async def test_three_on_one_database_of_which_one_is_killed_say_everything_once(
    postgres_database: Database, orders_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with unrest(postgres_database, orders_folder) as storm:
        with processes(storm.instructions, 3) as three:
            await survives(storm, three[:1], capsys)


async def survives(
    storm: Unrest, victims: Sequence[BotProcess], capsys: pytest.CaptureFixture[str]
) -> None:
    began = monotonic()
    await storm.rage(ROUNDS, victims)
    raged = monotonic()
    try:
        await storm.calm()
    finally:
        verdict = await storm.database.read(judge, storm.workspace, storm.instructions.book())
        with capsys.disabled():
            print(f"\n{summary(storm, verdict)}; calm {monotonic() - raged:.0f} s after")  # noqa: T201
            print(f"{raged - began:.0f} s of it: {storm.workspace.faults.struck}")  # noqa: T201
            print(f"too fast for Slack: {dict(storm.workspace.office.pace.refused)}")  # noqa: T201
    assert verdict.is_clean, verdict


def summary(storm: Unrest, verdict: Verdict) -> str:
    calls = storm.workspace.calls
    return (
        f"chaos on {storm.database.url.get_backend_name()}: {ROUNDS} rounds, seed {SEED}, "
        f"{storm.kills} kills, {verdict.messages} messages ({verdict.groups} of groups, "
        f"{verdict.files} files), "
        f"{sum(times for name, times in calls.items() if name != '429')} calls, "
        f"{calls['429']} answers of 429, {calls['chat.delete']} taken back, "
        f"{len(verdict.lost)} lost, {len(verdict.doubled)} doubled, "
        f"{len(verdict.untrue)} untrue, {verdict.dead} dead"
    )
