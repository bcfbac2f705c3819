"""What nobody takes is called for again in working hours, and a morning begins with a summary."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.book.telling import DigestEntry, QuietHoursEntry
from bot.clock import MovableClock
from bot.messages import modals
from bot.workspace import Workspace
from bot.workspace.sights import Shown
from storage.database import Database
from storage.vocabulary import CaseState
from tests.acceptance.rig import START, Rig, running, story_book

HOUR = timedelta(hours=1)
NIGHTS = QuietHoursEntry.model_validate({"from": "19:00", "to": "07:00"})
MONDAY, TUESDAY, THURSDAY = 15, 16, 18
Start = Callable[..., Awaitable[Rig]]


def berlin(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour - 2, tzinfo=UTC)


@pytest.fixture
async def start(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Start]:
    """Starts the assistant with quiet nights, in which nothing becomes critical, and with what
    else the story's book says."""
    async with AsyncExitStack() as stack:

        async def begin(**said: object) -> Rig:
            story = story_book(orders_folder)
            patient = story.thresholds.model_copy(update={"promise_critical_after_hours": 8_000.0})
            book = story.model_copy(update={"quiet_hours": NIGHTS, "thresholds": patient, **said})
            return await stack.enter_async_context(
                running(sqlite_database, orders_folder, workspace, clock, book)
            )

        yield begin


async def _passes_until(rig: Rig, instant: datetime) -> list[tuple[datetime, Shown]]:
    """Hour by hour; what the channel of Kestrel was told, and when."""
    told: list[tuple[datetime, Shown]] = []
    while rig.clock() < instant:
        before = len(rig.channel("kestrel").messages)
        await rig.advance(HOUR)
        told += [(rig.clock(), new) for new in rig.channel("kestrel").messages[before:]]
    return told


async def test_what_nobody_acknowledges_is_called_for_at_growing_pauses_and_never_at_night(
    start: Start,
) -> None:
    rig = await start()
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")

    reminders = await _passes_until(rig, berlin(24, 10))

    assert [at for at, _ in reminders] == [
        berlin(MONDAY, 14),
        berlin(TUESDAY, 12),
        berlin(THURSDAY, 8),
        berlin(23, 10),
    ]
    assert [reply.ts for reply in alert.thread] == [reminder.ts for _, reminder in reminders]
    first, second = (reminder.says for _, reminder in reminders[:2])
    assert first == (
        f"🟠 Nobody has taken T-{case.id} for 4 working hours: KP-1001, past its promise."
    )
    assert "KP-1001" in second
    assert second.endswith("<@U0ANNA>, who takes it?")


async def test_what_somebody_has_is_left_alone(start: Start) -> None:
    rig = await start()
    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.person("olivia").clicks(rig.alert("kestrel", "KP-1001"), "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    await rig.tick()
    assert await _passes_until(rig, berlin(TUESDAY, 18)) == []


async def test_a_snooze_that_ends_begins_the_waiting_anew(start: Start) -> None:
    rig = await start()
    await rig.has_late_shipment("kestrel", "KP-1001")
    olivia = rig.person("olivia")
    await olivia.clicks(rig.alert("kestrel", "KP-1001"), "Snooze")
    await rig.workspace.until(lambda: olivia.views and olivia.view.inputs)
    await olivia.submits(olivia.view, {modals.SNOOZE_LENGTH_BLOCK: "4 hours"})
    await rig.until_state("KP-1001", CaseState.SNOOZED)
    reminders = await _passes_until(rig, berlin(TUESDAY, 18))
    assert [at for at, _ in reminders] == [berlin(TUESDAY, 8), berlin(TUESDAY, 16)]


async def test_monday_morning_begins_with_what_the_weekend_left(
    start: Start, clock: MovableClock
) -> None:
    friday_noon = berlin(19, 12)
    clock.now = friday_noon
    rig = await start(digests=(DigestEntry(channel="C0KESTREL"), DigestEntry(channel="C0OPS")))
    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.person("olivia").clicks(rig.alert("kestrel", "KP-1001"), "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    await rig.hears(rig.shipment("kestrel", "KP-1002", promised=26 * HOUR))  # late on Saturday
    await rig.hears(rig.shipment("brightwater", "BW-1", promised=-HOUR))

    told = await _passes_until(rig, berlin(22, 11))  # 9:00 UTC, where ops is

    (digest,) = [message for at, message in told if at == berlin(22, 8)]
    assert all(at >= berlin(22, 7) for at, _ in told)
    said = digest.says
    assert "Kestrel Parcel · Mon 22 Jun" in said
    assert "*2 open:* 🟠 2 warning\n*Nobody has 1 of them.*" in said
    assert "Since Fri 19 Jun 08:00: 2 came up, 0 resolved." in said
    assert "KP-1001" in said
    assert "KP-1002" in said
    assert "👀 somebody has it" in said
    assert "BW-1" not in said
    (ops,) = [m for m in rig.channel("ops").messages if "All partners" in m.says]
    assert "*Brightwater Freight*: 1 open, nobody has it" in ops.says
    assert not [m for m in rig.channel("brightwater").messages if "1 open" in m.says]


async def test_a_quiet_partner_hears_that_all_is_well(start: Start) -> None:
    rig = await start(digests=(DigestEntry(channel="C0KESTREL"),))
    ((at, digest),) = await _passes_until(rig, berlin(TUESDAY, 9))
    assert at == berlin(TUESDAY, 8)
    assert digest.says == (
        "All is well with Kestrel Parcel: nothing is open, and nothing came up since "
        "Mon 15 Jun 08:00."
    )
    assert rig.clock() - START == 23 * HOUR
