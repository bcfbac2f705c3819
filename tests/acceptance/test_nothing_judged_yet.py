"""A key is wrong, a folder is not there: until every source was read once, nothing is judged."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.book.models import Book, FolderEntry
from bot.clock import MovableClock
from bot.workspace import Workspace
from storage.database import Database
from tests.acceptance.rig import Rig, running, story_book

JUDGED = "Nothing is judged"


@pytest.fixture
def book(orders_folder: Path) -> Book:
    """One folder of the two that it names is not there."""
    story = story_book(orders_folder)
    gone = FolderEntry(key="parcels", kind="folder", path=orders_folder / "gone")
    return story.model_copy(update={"sources": (*story.sources, gone)})


@pytest.fixture
async def rig(
    sqlite_database: Database,
    orders_folder: Path,
    workspace: Workspace,
    clock: MovableClock,
    book: Book,
) -> AsyncIterator[Rig]:
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


async def test_whoever_asks_what_is_open_is_not_told_that_all_is_well(rig: Rig) -> None:
    answer = await rig.asks("marco", "ops", "/exceptions")
    assert JUDGED in answer.says
    assert "Still to be read: parcels" in answer.says
    assert "No open cases are known yet." in answer.says
    assert "Nothing to do" not in answer.says


async def test_nor_are_those_who_see_no_source(rig: Rig) -> None:
    answer = await rig.asks("marco", "kestrel", "/exceptions")
    assert JUDGED in answer.says
    assert "No open cases of Kestrel Parcel are known yet." in answer.says
    assert "parcels" not in answer.says


async def test_what_a_person_opened_is_listed_below_it(rig: Rig) -> None:
    await rig.asks("marco", "ops", "/escalate kestrel trucks are missing")
    answer = await rig.asks("marco", "ops", "/exceptions")
    assert JUDGED in answer.says
    assert "1 open case" in answer.says


async def test_home_says_so_too(rig: Rig) -> None:
    marco = rig.person("marco")
    await marco.opens_home()
    await rig.workspace.until(lambda: marco.home)
    assert marco.home is not None
    assert JUDGED in marco.home.says
    assert "Nothing to do" not in marco.home.says
