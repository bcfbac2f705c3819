"""A channel is archived, and the fallback too: what could not be said holds up nothing new."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.book.telling import GroupingEntry
from bot.clock import MovableClock
from bot.workspace import Workspace
from storage import outbox
from storage.database import Database
from tests.acceptance.rig import Rig, running, story_book

TOGETHER = GroupingEntry(wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0)


@pytest.fixture
async def rig(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    book = story_book(orders_folder).model_copy(update={"grouping": TOGETHER})
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


async def test_what_comes_up_after_the_channel_was_mended_is_said_in_it(rig: Rig) -> None:
    for channel in ("C0KESTREL", "C0OPS"):
        rig.workspace.upheavals.archive(channel)
    await rig.hears(rig.shipment("kestrel", "KP-1", timedelta(days=-1)))
    await rig.tick()
    [dead] = await rig.database.read(outbox.list_dead)
    assert dead.last_error == "is_archived"
    for channel in ("C0KESTREL", "C0OPS"):
        rig.workspace.upheavals.unarchive(channel)

    await rig.hears(rig.shipment("kestrel", "KP-2", timedelta(days=-1)))
    await rig.tick()

    assert "KP-2" in rig.channel("kestrel").last.says
    assert "KP-1" not in rig.channel("kestrel").told()

    assert dead.id is not None
    await rig.database.run(outbox.retry, dead.id, rig.clock())
    await rig.tick()
    assert "KP-1" in rig.channel("ops").last.says
    assert await rig.database.read(outbox.count_waiting) == 0
