"""The whole assistant, run by hand: a workspace that it talks to, a database, a book of three
invented partners, and a clock that moves when the story says so."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.lowlevel
from sqlmodel import Session

from bot.alerts.pace import Pace
from bot.app import Assistant, put_together
from bot.book.models import (
    Book,
    ContractEntry,
    FolderEntry,
    PartnerEntry,
    ScopedThresholdsEntry,
    TermEntry,
)
from bot.book.telling import GroupingEntry
from bot.clock import MovableClock
from bot.ingest import ingest
from bot.settings import Settings
from bot.sources.reports import (
    CheckpointReport,
    MeasurementReport,
    Page,
    Promise,
    ShipmentReport,
)
from bot.workspace import ChannelSetup, PaceSetup, PersonSetup, Team, Workspace, WorkspaceSetup
from bot.workspace.people import PersonAtWork
from bot.workspace.sights import Room, Shown
from storage import cases, shipments, sources
from storage.database import Database
from storage.tables import Case
from storage.vocabulary import CaseState, PartnerKind, PromiseBasis, Status

MANIFEST = Path(__file__).parents[2] / "manifest.json"
START = datetime(2026, 6, 15, 8, tzinfo=UTC)  # a Monday
SOURCE = "orders"
WITHIN_SECONDS = 30.0
Value = TypeVar("Value")
HURRY = PaceSetup(
    posts_per_second=1000,
    post_burst=1000,
    workspace_posts_per_minute=100_000,
    tier_per_minute=dict.fromkeys((1, 2, 3, 4), 100_000),
)


ONE_BY_ONE = GroupingEntry(
    wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0, group_from_cases=1_000_000
)
"""Each case is told at once, in a message of its own."""


def story_book(folder: Path) -> Book:
    """Kestrel Parcel, a carrier; Brightwater Freight, a 3PL; Corvid Supply, a supplier. Only what
    is late and what the contract says is judged: no story depends on scans."""
    return Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        partners=(
            PartnerEntry(
                key="kestrel",
                name="Kestrel Parcel",
                kind=PartnerKind.CARRIER,
                time_zone="Europe/Berlin",
                channel="C0KESTREL",
                account_manager="U0ANNA",
                aliases=("KP Express", "Kestrel Parcel GmbH"),
                contract=ContractEntry(
                    terms=(TermEntry(metric="on_time_delivery", target=0.95, minimum_sample=2),)
                ),
            ),
            PartnerEntry(
                key="brightwater",
                name="Brightwater Freight",
                kind=PartnerKind.THIRD_PARTY_LOGISTICS,
                time_zone="America/Chicago",
                channel="C0BRIGHT",
                account_manager="U0BEN",
            ),
            PartnerEntry(
                key="corvid",
                name="Corvid Supply",
                kind=PartnerKind.SUPPLIER,
                time_zone="Asia/Singapore",
                channel="G0CORVID",
                account_manager="U0BEN",
            ),
        ),
        sources=(FolderEntry(key=SOURCE, kind="folder", path=folder),),
        grouping=ONE_BY_ONE,
        thresholds=ScopedThresholdsEntry.model_validate(
            {
                "never_picked_up_after_working_hours": "off",
                "no_scan_after_working_hours": "off",
                "promise_grace_minutes": 0,
            }
        ),
    )


def story_setup() -> WorkspaceSetup:
    """Olivia is in ops, Marco a manager, Anna and Ben are account managers. Petra works for
    Kestrel, Nils for Brightwater: each is in their company's channel alone."""
    return WorkspaceSetup(
        manifest=MANIFEST,
        partner_teams=(
            Team(id="T0KESTREL", name="Kestrel Parcel"),
            Team(id="T0BRIGHT", name="Brightwater Freight"),
        ),
        people=(
            PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh", title="Ops"),
            PersonSetup(id="U0MARCO", name="marco", real_name="Marco Reyes", title="Manager"),
            PersonSetup(id="U0ANNA", name="anna", real_name="Anna Lind"),
            PersonSetup(id="U0BEN", name="ben", real_name="Ben Okoro"),
            PersonSetup(id="U0PETRA", name="petra", real_name="Petra Holm", team_id="T0KESTREL"),
            PersonSetup(id="U0NILS", name="nils", real_name="Nils Berg", team_id="T0BRIGHT"),
        ),
        channels=(
            ChannelSetup(
                id="C0KESTREL",
                name="kestrel",
                members=("U0OLIVIA", "U0MARCO", "U0ANNA", "U0PETRA"),
                is_ext_shared=True,
            ),
            ChannelSetup(
                id="C0BRIGHT",
                name="brightwater",
                members=("U0OLIVIA", "U0MARCO", "U0BEN", "U0NILS"),
                is_ext_shared=True,
            ),
            ChannelSetup(
                id="G0CORVID",
                name="corvid",
                members=("U0OLIVIA", "U0MARCO", "U0BEN"),
                is_private=True,
            ),
            ChannelSetup(id="C0OPS", name="ops", members=("U0OLIVIA", "U0MARCO", "U0ANNA")),
            ChannelSetup(
                id="C0FAIR",
                name="trade-fair",
                members=("U0MARCO", "U0NILS"),
                is_ext_shared=True,
            ),
        ),
        pace=HURRY,
        ack_seconds=WITHIN_SECONDS,
        trigger_seconds=WITHIN_SECONDS,
    )


class Unhurried:
    """Seconds of which enough have always passed: nothing waits for Slack's pace."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 60.0
        return self._now


@dataclass(frozen=True, slots=True)
class Rig:
    workspace: Workspace
    assistant: Assistant
    database: Database
    clock: MovableClock
    book: Book

    # -- time ------------------------------------------------------------------

    async def tick(self) -> None:
        """Everything that is due now: read, judged, woken and said."""
        for job in self.assistant.jobs.values():
            await job()

    async def advance(self, step: timedelta) -> None:
        self.clock.advance(step)
        await self.tick()

    # -- the world ---------------------------------------------------------------

    async def hears(
        self,
        *shipments: ShipmentReport,
        checkpoints: Sequence[CheckpointReport] = (),
        measurements: Sequence[MeasurementReport] = (),
    ) -> None:
        """A source tells of it and of nothing else, and all that follows happens."""
        page = Page(shipments=shipments, checkpoints=checkpoints, measurements=measurements)
        await self.database.run(ingest, page, SOURCE, self.book, self.clock())
        await self.database.run(sources.record_read_whole, SOURCE, self.clock())
        await self.tick()

    async def has_late_shipment(self, partner: str, number: str) -> Case:
        """One that was promised for yesterday; gives its case."""
        await self.hears(self.shipment(partner, number, promised=timedelta(days=-1)))
        return await self.case_of(number)

    def shipment(
        self, partner: str, number: str, promised: timedelta, order: str | None = None
    ) -> ShipmentReport:
        """On its way for three days, promised for so long from now."""
        now = self.clock()
        return ShipmentReport(
            tracking_number=number,
            partner=partner,
            order_reference=order,
            origin="Hamburg",
            destination="Lagos",
            status=Status.IN_TRANSIT,
            ordered_at=now - timedelta(days=3),
            announced_at=now - timedelta(days=3),
            promise=Promise(now + promised, PromiseBasis.ORDER),
            as_of=now,
        )

    def delivered(
        self, partner: str, number: str, *, promised: date, on: datetime
    ) -> tuple[ShipmentReport, CheckpointReport]:
        """One of the past."""
        return (
            ShipmentReport(
                tracking_number=number,
                partner=partner,
                ordered_at=on - timedelta(days=5),
                promise=Promise(promised, PromiseBasis.ORDER),
                as_of=on,
            ),
            CheckpointReport(number, on, Status.DELIVERED, partner=partner),
        )

    # -- who and where -----------------------------------------------------------

    def person(self, name: str) -> PersonAtWork:
        return self.workspace.person(name)

    def channel(self, name: str) -> Room:
        return self.workspace.channel(name)

    async def asks(self, name: str, channel: str, line: str) -> Shown:
        """Types a command, and gives the private answer to it."""
        person = self.person(name)
        before = len(person.whispers)
        await person.types(channel, line)
        await self.workspace.until(lambda: len(person.whispers) > before)
        return person.whispers[-1]

    async def until_answered(self, person: PersonAtWork, before: int) -> None:
        """Waits until a direct message and its answer stand below so many messages."""
        await self.workspace.until(lambda: len(person.app_messages) == before + 2)

    async def until_stored(self, look: Callable[[], Awaitable[Value]], expected: Value) -> None:
        """Waits until what happens meanwhile has brought it about: nothing tells when an event
        was handled."""
        with anyio.fail_after(WITHIN_SECONDS):
            while await look() != expected:
                await anyio.lowlevel.checkpoint()

    async def until_state(self, number: str, state: CaseState) -> None:
        """Waits until a click on the latest case of a shipment was handled."""

        async def look() -> CaseState:
            return CaseState((await self.case_of(number)).state)

        await self.until_stored(look, state)

    # -- what is stored ------------------------------------------------------------

    async def case_of(self, number: str) -> Case:
        """The latest case of a shipment; raises AssertionError where there is none."""
        found = await self.database.read(_cases_of, number)
        if not found:
            raise AssertionError(f"no case of {number}; the workspace:\n{self.workspace.told()}")
        return found[0]

    def alert(self, channel: str, number: str) -> Shown:
        """The one message in a channel that is about a shipment."""
        room = self.channel(channel)
        found = [m for m in room.messages if number in m.says and m.thread_ts is None]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} alerts about {number}:\n{room.told()}")
        return found[0]


def _cases_of(session: Session, number: str) -> list[Case]:
    return [
        case
        for shipment in shipments.find(session, number, None)
        if shipment.id is not None
        for case in cases.of_shipment(session, shipment.id)
    ]


@asynccontextmanager
async def running(
    database: Database,
    folder: Path,
    workspace: Workspace,
    clock: MovableClock,
    book: Book | None = None,
) -> AsyncIterator[Rig]:
    """The assistant on that database, connected to that workspace. After a restart on the same
    database it goes on where it was. Without a book of its own it has the story's."""
    book = book or story_book(folder)
    settings = Settings.model_validate(
        {
            "slack_bot_token": workspace.setup.bot_token,
            "slack_app_token": workspace.setup.app_token,
            "slack_api_url": workspace.api_url,
        }
    )
    pace = Pace(Unhurried(), math.inf)
    async with put_together(settings, book, database, clock, pace) as assistant:
        await workspace.until_connected()
        rig = Rig(workspace, assistant, database, clock, book)
        await rig.tick()
        yield rig
