"""The whole assistant, against a workspace on this machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.listener.async_listener import AsyncCustomListener

from bot.clock import MovableClock
from bot.workspace import Workspace
from storage.database import Database
from tests.acceptance.rig import START, WITHIN_SECONDS, Rig, running, story_setup


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bolt gives a handler up after three seconds; no story depends on how fast its machine is."""
    unhurried = property(lambda _: WITHIN_SECONDS, lambda _, __: None)
    monkeypatch.setattr(AsyncCustomListener, "ack_timeout", unhurried, raising=False)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
def orders_folder(tmp_path: Path) -> Path:
    """What the source `orders` of the rig's book reads: shipments.csv and the like."""
    folder = tmp_path / "orders"
    folder.mkdir()
    return folder


@pytest.fixture
async def workspace(clock: MovableClock) -> AsyncIterator[Workspace]:
    async with Workspace(story_setup(), clock=clock) as workspace:
        yield workspace


@pytest.fixture
async def rig(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        yield rig
