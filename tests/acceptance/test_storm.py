"""A hub closes, and everything that lies in it is late at once: one message tells of all of it."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.book.telling import GroupingEntry
from bot.clock import MovableClock
from bot.sources.reports import CheckpointReport, ShipmentReport
from bot.workspace import Workspace
from bot.workspace.sights import Shown
from storage.database import Database
from storage.vocabulary import CaseState, Status
from tests.acceptance.rig import Rig, running, story_book

LATE = [f"KP-{number}" for number in range(1001, 1118)]
VERY_LATE = ["KP-2001", "KP-2002", "KP-2003"]
LANES = [("Hamburg", "Lagos"), ("Bremen", "Abuja"), ("Kiel", "Accra"), ("Lübeck", "Dakar")]
WAIT = GroupingEntry().wait_seconds
CRITICAL_WAIT = GroupingEntry().critical_wait_seconds
REDRAW = GroupingEntry().redraw_seconds


@pytest.fixture
async def rig(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    """What belongs together is told together, as where the book says nothing about it."""
    book = story_book(orders_folder).model_copy(update={"grouping": GroupingEntry()})
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


async def _hub_closes(rig: Rig) -> None:
    """Leipzig, with 117 shipments that were due five hours ago and 3 from the day before."""
    ago = dict.fromkeys(LATE, 5) | dict.fromkeys(VERY_LATE, 30)
    shipments = [_shipment(rig, number, place, ago[number]) for place, number in enumerate(ago)]
    scans = [
        CheckpointReport(
            number,
            rig.clock() - timedelta(hours=6),
            Status.IN_TRANSIT,
            location="Leipzig",
            partner="kestrel",
        )
        for number in ago
    ]
    await rig.hears(*shipments, checkpoints=scans)


def _shipment(rig: Rig, number: str, place: int, hours_ago: int) -> ShipmentReport:
    origin, destination = LANES[place % len(LANES)]
    late = rig.shipment("kestrel", number, promised=timedelta(hours=-hours_ago))
    return replace(late, origin=origin, destination=destination, value=100.0, currency="EUR")


async def _arrive(rig: Rig, numbers: Sequence[str]) -> None:
    arrivals = [
        CheckpointReport(number, rig.clock(), Status.DELIVERED, partner="kestrel")
        for number in numbers
    ]
    await rig.hears(checkpoints=arrivals)
    await rig.advance(timedelta(seconds=REDRAW))


def _alerts(rig: Rig, channel: str) -> list[Shown]:
    """Its messages but for what is said in threads, such as reminders."""
    return [message for message in rig.channel(channel).messages if message.thread_ts is None]


def _storm(rig: Rig) -> Shown:
    """The one message in the partner's channel."""
    (storm,) = _alerts(rig, "kestrel")
    return storm


def _listed(message: Shown) -> list[dict[str, str]]:
    """The lines of the list in its thread."""
    (listed,) = (file for reply in message.thread for file in reply.files)
    return list(csv.DictReader(io.StringIO(listed.content)))


async def test_a_closed_hub_is_one_message_of_which_the_critical_ones_come_first(rig: Rig) -> None:
    await _hub_closes(rig)
    assert _alerts(rig, "kestrel") == []
    await rig.advance(timedelta(seconds=CRITICAL_WAIT))

    storm = _storm(rig)
    assert "120 shipments past their promise at once" in storm.says
    assert "120 last heard of in Leipzig" in storm.says
    assert "12,000 EUR" in storm.says
    assert "<@U0ANNA>" in storm.says
    above_the_table, _, _ = storm.says.partition(storm.table[0][0])
    assert all(number in above_the_table for number in VERY_LATE)
    assert not any(number in above_the_table for number in LATE)
    assert [row[1] for row in storm.table[1:4]] == VERY_LATE
    assert "3 of 120 are critical" in storm.text

    assert sorted(line["tracking_number"] for line in _listed(storm)) == LATE + VERY_LATE
    assert [line["severity"] for line in _listed(storm)][:4] == [*3 * ["critical"], "warning"]

    await rig.advance(timedelta(seconds=WAIT))
    assert _storm(rig).ts == storm.ts
    for neighbour in ("brightwater", "corvid", "ops"):
        assert rig.channel(neighbour).messages == []


async def test_it_stays_true_while_they_arrive_and_ends_with_how_long_it_took(rig: Rig) -> None:
    await _hub_closes(rig)
    await rig.advance(timedelta(seconds=CRITICAL_WAIT))
    storm = _storm(rig)

    await rig.advance(timedelta(hours=1))
    await _arrive(rig, LATE[:57] + VERY_LATE)
    assert "120 shipments past their promise at once, 60 still open" in storm.says
    assert "critical" not in storm.says
    assert not any(number in storm.says for number in LATE[:57] + VERY_LATE)
    assert "60 are over" in storm.thread[-1].says

    await rig.advance(timedelta(hours=2))
    await _arrive(rig, LATE[57:])
    assert "120 shipments past their promise at once, all over" in storm.says
    assert "It took 3 hours." in storm.says
    assert storm.buttons == []
    assert "Nothing is left open." in storm.thread[-1].says
    assert {(await rig.case_of(number)).state for number in LATE} == {CaseState.RESOLVED}
    assert _storm(rig).ts == storm.ts
