"""What is not on its way in time: by its order's own time, and by the partner's cut-off."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.book.models import CalendarEntry
from bot.clock import MovableClock
from bot.sources.reports import CheckpointReport, ShipmentReport
from bot.workspace import Workspace
from storage.database import Database
from storage.vocabulary import CaseKind, CaseState, Status
from tests.acceptance.rig import Rig, running, story_book

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
IN_CHICAGO = timedelta(hours=5)  # that much later it is the same hour there


@pytest.fixture
async def rig(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    """Brightwater works until 18:00, and sends the same day what is ordered before 14:00."""
    book = story_book(orders_folder)
    kestrel, brightwater, corvid = book.partners
    prompt = brightwater.model_copy(update={"calendar": CalendarEntry(cut_off=time(14))})
    book = book.model_copy(update={"partners": (kestrel, prompt, corvid)})
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


def _order(number: str, ordered_at: datetime, ship_by: datetime | None = None) -> ShipmentReport:
    return ShipmentReport(
        tracking_number=number,
        partner="brightwater",
        status=Status.LABEL_CREATED,
        ordered_at=ordered_at,
        announced_at=ordered_at,
        ship_by=ship_by,
        as_of=ordered_at,
    )


async def _until(rig: Rig, day: int, hour: float) -> None:
    """Quarter by quarter, until it is so late in Chicago on that day of the week."""
    at = MONDAY + timedelta(days=day, hours=hour) + IN_CHICAGO
    while rig.clock() < at:
        await rig.advance(min(timedelta(minutes=15), at - rig.clock()))


def _numbers(rig: Rig) -> list[str]:
    """Those that are told of in the partner's channel, by their own messages."""
    alerts = [m.says for m in rig.channel("brightwater").messages if m.thread_ts is None]
    return [number for number in ("BW-1", "BW-2", "BW-3") for said in alerts if number in said]


async def test_what_is_not_dispatched_in_time_is_told_with_the_reason_for_that_time(
    rig: Rig,
) -> None:
    at_20_past_1 = MONDAY + timedelta(hours=13, minutes=20) + IN_CHICAGO
    await _until(rig, 0, 14.75)
    await rig.hears(
        _order("BW-1", at_20_past_1, ship_by=MONDAY + timedelta(hours=15) + IN_CHICAGO),
        _order("BW-2", at_20_past_1),
        _order("BW-3", MONDAY + timedelta(hours=14, minutes=30) + IN_CHICAGO),
    )
    await _until(rig, 0, 16.75)
    assert _numbers(rig) == []

    await _until(rig, 0, 17)
    assert _numbers(rig) == ["BW-1"]
    given = rig.alert("brightwater", "BW-1")
    assert "Mon 15 Jun, 15:00 in Chicago" in given.says
    assert "cut-off" not in given.says

    await _until(rig, 1, 9.75)
    assert _numbers(rig) == ["BW-1"]
    await _until(rig, 1, 10)
    assert _numbers(rig) == ["BW-1", "BW-2"]
    derived = rig.alert("brightwater", "BW-2")
    assert "ordered Mon 15 Jun 13:20, before the cut-off of 14:00" in derived.says
    assert "Mon 15 Jun, 18:00 in Chicago" in derived.says
    case = await rig.case_of("BW-2")
    assert (case.kind, case.state) == (CaseKind.NOT_DISPATCHED, CaseState.OPEN)

    picked_up = CheckpointReport("BW-2", rig.clock(), Status.IN_TRANSIT, partner="brightwater")
    await rig.hears(checkpoints=[picked_up])
    assert (await rig.case_of("BW-2")).state == CaseState.RESOLVED
    await _until(rig, 2, 10)
    assert _numbers(rig) == ["BW-1", "BW-2", "BW-3"]
    late = rig.alert("brightwater", "BW-3")
    assert "ordered Mon 15 Jun 14:30, after the cut-off of 14:00" in late.says
