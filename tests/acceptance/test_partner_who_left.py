"""A partner is taken out of the book, and its people still read along in its channel."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.workspace import Workspace
from storage.database import Database
from tests.acceptance.rig import Rig, running, story_book


@pytest.fixture
async def without_brightwater(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        await rig.has_late_shipment("brightwater", "BW-1001")
        await rig.has_late_shipment("kestrel", "KP-1001")
    book = story_book(orders_folder)
    staying = tuple(partner for partner in book.partners if partner.key != "brightwater")
    book = book.model_copy(update={"partners": staying})
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


@pytest.mark.parametrize(
    "line",
    [
        "/exceptions",
        "/exceptions kestrel",
        "/shipment KP-1001",
        "/shipment KP-1002",
        "/scorecard kestrel",
        "/escalate KP-1001 where is it?",
        "/tallyman mutes",
        "/tallyman health",
        "/tallyman mute kestrel for 3 days: strike",
        "/tallyman mute lane Hamburg to Lago for 3 days: strike",
    ],
)
async def test_its_channel_shows_nobody_else(without_brightwater: Rig, line: str) -> None:
    rig = without_brightwater
    answer = await rig.asks("marco", "brightwater", line)
    said = f"{answer.text}\n{answer.says}".replace(line.partition(" ")[2], "…")
    assert "Kestrel" not in said
    assert "KP-1001" not in said
    assert "orders" not in said
    assert "*Hamburg → Lagos*" not in said


async def test_nothing_of_anybody_else_can_be_muted_there(without_brightwater: Rig) -> None:
    rig = without_brightwater
    await rig.asks("marco", "brightwater", "/tallyman mute late for 3 days: strike")
    assert "KP-1001" in (await rig.asks("marco", "ops", "/exceptions")).says
    assert "Nothing" in (await rig.asks("marco", "ops", "/tallyman mutes")).says


async def test_a_form_for_a_mute_is_not_even_opened_there(without_brightwater: Rig) -> None:
    rig = without_brightwater
    marco = rig.person("marco")
    await marco.types("brightwater", "/tallyman mute")
    await rig.workspace.until(lambda: marco.views and "no longer in the book" in marco.view.says)


async def test_a_question_in_its_channel_is_answered_with_its_own_alone(
    without_brightwater: Rig,
) -> None:
    rig = without_brightwater
    nils = rig.person("nils")
    await nils.mentions("brightwater", "shipment BW-1001")
    asked = rig.channel("brightwater").last
    await rig.workspace.until(lambda: asked.thread)
    assert "BW-1001" in asked.thread[-1].says
