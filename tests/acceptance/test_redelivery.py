"""Slack hands over again what it heard no answer to: nothing is done, and nothing said, twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.workspace import Workspace
from bot.workspace.dispatch import Dispatch, Kind
from bot.workspace.json_values import JsonObject
from storage.database import Database
from storage.vocabulary import CaseState
from tests.acceptance.rig import Rig, running


@dataclass(slots=True)
class HandedOver:
    """All that the workspace hands over, to be handed over again."""

    dispatch: Dispatch
    all: list[tuple[Kind, JsonObject]] = field(default_factory=list)

    async def ask(self, kind: Kind, payload: JsonObject) -> JsonObject:
        self.all.append((kind, payload))
        return await Dispatch.ask(self.dispatch, kind, payload)

    def announce(self, payload: JsonObject) -> None:
        self.all.append(("events_api", payload))
        Dispatch.announce(self.dispatch, payload)

    async def again(self) -> JsonObject:
        """The last of it; gives what it was acknowledged with."""
        kind, payload = self.all[-1]
        return await Dispatch.ask(self.dispatch, kind, payload)


@pytest.fixture
def handed_over(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> HandedOver:
    handed_over = HandedOver(workspace.dispatch)
    monkeypatch.setattr(workspace.dispatch, "ask", handed_over.ask)
    monkeypatch.setattr(workspace.dispatch, "announce", handed_over.announce)
    return handed_over


async def _settles(rig: Rig) -> None:
    """Something that is answered after all that came before it."""
    await rig.asks("marco", "#ops", "/tallyman help")
    await rig.tick()


async def _is_acknowledged_by_olivia(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1")
    await rig.person("olivia").clicks(rig.alert("kestrel", "KP-1"), "Acknowledge")
    await rig.until_state("KP-1", CaseState.ACKNOWLEDGED)
    await rig.tick()


async def _nothing_more_is_said(rig: Rig) -> None:
    await _settles(rig)
    assert rig.person("olivia").whispers == []
    replies = [reply.says for reply in rig.alert("kestrel", "KP-1").thread]
    assert len(replies) == len(set(replies)) == 1


async def test_a_click_is_done_once(rig: Rig, handed_over: HandedOver) -> None:
    await _is_acknowledged_by_olivia(rig)
    await handed_over.again()
    await _nothing_more_is_said(rig)


async def test_also_by_the_assistant_that_was_started_again(
    sqlite_database: Database,
    orders_folder: Path,
    workspace: Workspace,
    clock: MovableClock,
    handed_over: HandedOver,
) -> None:
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        await _is_acknowledged_by_olivia(rig)
        click = handed_over.all[-1]
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        handed_over.all.append(click)
        await handed_over.again()
        await _nothing_more_is_said(rig)


@pytest.fixture
async def two_at_once(
    postgres_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    """Two assistants on one database: what people do goes to the one and the other in turn."""
    places = (postgres_database, orders_folder, workspace, clock)
    async with running(*places) as first, running(*places):
        await workspace.until(lambda: workspace.socket_mode.connections == 2)
        yield first


async def test_also_by_two_assistants_on_one_database(
    two_at_once: Rig, handed_over: HandedOver
) -> None:
    await _is_acknowledged_by_olivia(two_at_once)
    for _ in range(3):
        await handed_over.again()
    await _nothing_more_is_said(two_at_once)


async def test_a_dialogue_is_taken_once(rig: Rig, handed_over: HandedOver) -> None:
    await rig.has_late_shipment("kestrel", "KP-1")
    olivia = rig.person("olivia")
    await olivia.clicks(rig.alert("kestrel", "KP-1"), "Resolve")
    await rig.workspace.until(lambda: olivia.views and olivia.view.inputs)
    await olivia.submits(olivia.view, {"Why is it over?": "It has arrived"})
    await rig.until_state("KP-1", CaseState.RESOLVED)
    assert await handed_over.again() == {}
    await rig.tick()
    await _nothing_more_is_said(rig)


async def test_what_was_filled_in_badly_is_refused_again(rig: Rig, handed_over: HandedOver) -> None:
    await rig.has_late_shipment("kestrel", "KP-1")
    olivia = rig.person("olivia")
    await olivia.clicks(rig.alert("kestrel", "KP-1"), "Resolve")
    await rig.workspace.until(lambda: olivia.views and olivia.view.inputs)
    await olivia.submits(olivia.view, {"Why is it over?": "other"})
    for _ in range(2):
        assert "errors" in await handed_over.again()
    await olivia.submits(
        olivia.view, {"Why is it over?": "other", "Note": "The customer cancelled"}
    )
    await rig.until_state("KP-1", CaseState.RESOLVED)


async def test_a_question_is_answered_once(rig: Rig, handed_over: HandedOver) -> None:
    marco = rig.person("marco")
    await rig.asks("marco", "#ops", "/shipment kestrel")
    await handed_over.again()
    await _settles(rig)
    assert len(marco.whispers) == 2

    await rig.person("olivia").mentions("#ops", "shipment kestrel")
    (asked,) = rig.channel("ops").messages
    await rig.workspace.until(lambda: asked.thread)
    await handed_over.again()
    await _settles(rig)
    assert len(asked.thread) == 1


async def test_the_same_again_by_a_person_is_something_else(rig: Rig) -> None:
    await rig.asks("marco", "#ops", "/shipment kestrel")
    await rig.asks("marco", "#ops", "/shipment kestrel")
