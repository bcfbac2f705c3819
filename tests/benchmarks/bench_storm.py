"""10,000 cases at once, in 400 groups: `tallyman run`, as in production, against a workspace as
strict as Slack. How soon every channel tells the truth, beside the least time that Slack's limits
allow; and how fast findings get from the rules into the outbox."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.alerts.speaking import Speaking
from bot.app import prepare
from bot.book.loading import load_book
from bot.clock import MovableClock
from bot.judging.judge import Judging
from bot.polling import Polling
from bot.sources.registry import open_source
from bot.workspace import Workspace
from storage import due, outbox
from storage.database import Database
from storage.tables import Case, OutboxMessage
from storage.vocabulary import DueKind, OutboxMethod, OutboxState
from tests.acceptance.test_run import tallyman_run
from tests.benchmarks import storm
from tests.benchmarks.storm_truth import Told, Verdict, World, changed_at, judge, posted_at, told_by

POSTS_A_MINUTE, POSTS_A_MINUTE_IN_A_CHANNEL, EDITS_A_MINUTE = 300, 60, 50
SAID = (OutboxMethod.POST, OutboxMethod.EDIT, OutboxMethod.REPLY, OutboxMethod.FILE)
A_MESSAGE_A_LANE = "wait_seconds: 3, storm_from_cases: 1000000, storm_from_messages: 1000000"
A_MESSAGE_A_PARTNER = "wait_seconds: 30"
ARRIVE_AFTER, TAKEN_AFTER = 60, 40  # messages are posted
TAKEN_MESSAGES, TAKEN_STORMS = 20, 5
MUCH = 60.0  # seconds; of less, what the book waits for others to join is the larger part
GIVE_UP_AFTER = 600.0  # seconds
LOOK_EVERY = 0.5  # seconds
OWNER = "this benchmark"
LONGEST_WAIT = timedelta(minutes=1)  # of the books above, for others to join a message
LINES = (
    "every channel tells the truth after",
    "the least that Slack's limits allow",
    "ratio",
    "threads and lists are told too after",
    "the first, last critical message after",
    "posts, edits, replies, files",
    "calls of Slack's methods",
    "answers of 429",
    "cases lost, doubled; untrue messages",
)


async def bench_a_storm(
    tmp_path: Path, sqlite_database: Database, postgres_database: Database
) -> None:
    table = Table("10,000 cases of 20 partners at once", box=None)
    rates = [
        f"{database.url.get_backend_name()}: {await _findings_a_second(database, tmp_path)}"
        for database in (sqlite_database, postgres_database)
    ]
    storms, over = await _a_message_a_partner(tmp_path / "storms")
    columns = {
        "400 messages": await _a_message_a_lane(tmp_path / "lanes"),
        "400 messages, half\nover while they are posted": await _while_posting(tmp_path / "over"),
        "20 storms": storms,
        "20 storms, half\nover afterwards": over,
    }
    for title in columns:
        table.add_column(title, justify="right")
    for line in zip(LINES, *(figures.column() for figures in columns.values()), strict=True):
        table.add_row(*line)
    console = Console(width=140)
    console.print(table)
    console.print("Findings a second, from the rule to the durable outbox:", "; ".join(rates))
    for title, figures in columns.items():
        assert figures.verdict.is_true, (title, figures.verdict)


@dataclass(frozen=True, slots=True)
class Figures:
    """Times in seconds."""

    all_true_after: float
    least: float
    all_said_after: float
    critical_after: Sequence[float]
    """The first one, and the last."""
    said: Counter[str]
    calls: Counter[str]
    verdict: Verdict

    def column(self) -> Sequence[str]:
        refused = self.calls["429"]
        calls = self.calls.total() - refused
        return (
            f"{self.all_true_after:.1f} s",
            f"{self.least:.1f} s",
            f"{self.all_true_after / self.least:.2f}" if self.least > MUCH else "–",
            f"{self.all_said_after:.1f} s",
            ", ".join(f"{each:.1f} s" for each in self.critical_after) or "–",
            ", ".join(str(self.said[method]) for method in SAID),
            str(calls),
            f"{refused} ({refused / calls:.1%})",
            f"{self.verdict.lost}, {self.verdict.doubled}; {len(self.verdict.untrue)}",
        )


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was said until something happened in the world."""

    at: datetime
    said: Counter[str]
    calls: Counter[str]


# -- how the storms go on ------------------------------------------------------------------


async def _a_message_a_lane(home: Path) -> Figures:
    world = World(is_one_message_a_lane=True)
    async with _storm(home, A_MESSAGE_A_LANE) as going_on:
        verdict = await going_on.until_true(world)
        least = _least_for_posts(going_on.told)
        return await going_on.figures(await going_on.beginning(), least, verdict)


async def _while_posting(home: Path) -> Figures:
    world = World(is_one_message_a_lane=True)
    async with _storm(home, A_MESSAGE_A_LANE) as going_on:
        await going_on.until_posted(TAKEN_AFTER)
        world = await going_on.olivia_takes(world, TAKEN_MESSAGES)
        await going_on.until_posted(ARRIVE_AFTER)
        await going_on.half_of_them_arrive()
        world = replace(world, have_arrived=True)
        verdict = await going_on.until_true(world)
        beginning = await going_on.beginning()
        edited = sum(told.message.is_edited for told in going_on.told)
        began_editing_after = (await going_on.first_resolved_at() - beginning.at).total_seconds()
        least = max(
            # What she did is told at once in each of the threads.
            _least_for_posts(going_on.told) + 60 * TAKEN_MESSAGES / POSTS_A_MINUTE,
            began_editing_after + 60 * edited / EDITS_A_MINUTE,
        )
        return await going_on.figures(beginning, least, verdict)


async def _a_message_a_partner(home: Path) -> tuple[Figures, Figures]:
    world = World(is_one_message_a_lane=False)
    async with _storm(home, A_MESSAGE_A_PARTNER) as going_on:
        verdict = await going_on.until_true(world)
        least = _least_for_posts(going_on.told)
        begun = await going_on.figures(await going_on.beginning(), least, verdict)
        so_far = await going_on.so_far()
        world = await going_on.olivia_takes(world, TAKEN_STORMS)
        await going_on.half_of_them_arrive()
        world = replace(world, have_arrived=True)
        verdict = await going_on.until_true(world)
        since = replace(so_far, at=await going_on.first_resolved_at())
        least = 60 * len(going_on.told) / EDITS_A_MINUTE
        return begun, await going_on.figures(since, least, verdict)


def _least_for_posts(told: Collection[Told]) -> float:
    in_a_channel = Counter(each.message.channel for each in told)
    return 60 * max(
        len(told) / POSTS_A_MINUTE, max(in_a_channel.values()) / POSTS_A_MINUTE_IN_A_CHANNEL
    )


@asynccontextmanager
async def _storm(home: Path, grouping: str) -> AsyncIterator["Storm"]:
    folder = _written(home, grouping)
    database = Database(f"sqlite:///{home / 'tallyman.sqlite'}")
    try:
        async with (
            Workspace(storm.workspace_setup()) as workspace,
            tallyman_run(home, workspace),
        ):
            await workspace.until_connected(within=GIVE_UP_AFTER)
            yield Storm(workspace, database, folder)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Storm:
    """The assistant at work, as a process of its own."""

    workspace: Workspace
    database: Database
    folder: Path

    # -- what happens ------------------------------------------------------------------

    async def half_of_them_arrive(self) -> None:
        """And the source is read now."""
        now = datetime.now(UTC)
        storm.write_arrivals(self.folder, now)
        await self.database.run(due.schedule, DueKind.POLL_SOURCE, storm.SOURCE, now)

    async def olivia_takes(self, world: World, messages: int) -> World:
        """All that the oldest messages tell of."""
        olivia = self.workspace.person("olivia")
        taken = sorted(self.told, key=lambda told: told.message.ts)[:messages]
        for told in taken:
            await olivia.clicks(told.message, "Acknowledge all")
        groups = {told.group for told in taken}
        numbers = {each.number for each in storm.troubles() if world.group_of(each) in groups}
        return replace(world, taken=numbers)

    async def until_posted(self, messages: int) -> None:
        await self.workspace.until(
            lambda: self.workspace.calls["chat.postMessage"] >= messages, within=GIVE_UP_AFTER
        )

    async def until_true(self, world: World) -> Verdict:
        """And nothing is left to be said; or how it stands when that did not come about."""
        with anyio.move_on_after(GIVE_UP_AFTER):
            while not await self._is_true(world):  # noqa: ASYNC110  of another process
                await anyio.sleep(LOOK_EVERY)
        return judge(self.workspace, world)

    async def _is_true(self, world: World) -> bool:
        return await self.database.read(_all_is_said) and judge(self.workspace, world).is_true

    # -- what came of it ---------------------------------------------------------------

    @property
    def told(self) -> list[Told]:
        return told_by(self.workspace)

    async def beginning(self) -> SoFar:
        return SoFar(await self.database.read(_first_found_at), Counter(), Counter())

    async def so_far(self) -> SoFar:
        said = await self.database.read(_said)
        return SoFar(datetime.now(UTC), said, Counter(self.workspace.calls))

    async def first_resolved_at(self) -> datetime:
        return await self.database.read(_first_resolved_at)

    async def figures(self, since: SoFar, least: float, verdict: Verdict) -> Figures:
        def after(at: datetime) -> float:
            return (at - since.at).total_seconds()

        messages = [told.message for told in self.told]
        critical = [posted_at(told.message) for told in self.told if told.was_critical]
        is_new = critical and min(critical) > since.at
        return Figures(
            all_true_after=after(max(changed_at(self.workspace, each) for each in messages)),
            least=least,
            all_said_after=after(await self.database.read(_last_said_at)),
            critical_after=(after(min(critical)), after(max(critical))) if is_new else (),
            said=await self.database.read(_said) - since.said,
            calls=Counter(self.workspace.calls) - since.calls,
            verdict=verdict,
        )


def _first_found_at(session: Session) -> datetime:
    return _known(session.scalars(select(func.min(col(Case.opened_at)))).one())


def _first_resolved_at(session: Session) -> datetime:
    return _known(session.scalars(select(func.min(col(Case.resolved_at)))).one())


def _last_said_at(session: Session) -> datetime:
    return _known(session.scalars(select(func.max(col(OutboxMessage.sent_at)))).one())


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise LookupError("it has not happened")
    return at


def _said(session: Session) -> Counter[str]:
    rows = session.execute(
        select(col(OutboxMessage.method), func.count())
        .where(col(OutboxMessage.state) == OutboxState.SENT)
        .group_by(col(OutboxMessage.method))
    )
    return Counter({method: count for method, count in rows})


def _all_is_said(session: Session) -> bool:
    is_due = due.overdue(session, DueKind.SAY_ALERT, datetime.now(UTC) + LONGEST_WAIT)
    return not is_due and not outbox.count_waiting(session)


# -- from the rule to the outbox -----------------------------------------------------------


async def _findings_a_second(database: Database, tmp_path: Path) -> str:
    """Judged, remembered, put into their alerts, and these into words that are owed."""
    home = tmp_path / database.url.get_backend_name()
    _written(home, A_MESSAGE_A_LANE)
    book = load_book(home / "tallyman.yaml", {})
    clock = MovableClock(datetime.now(UTC))
    sources = {entry.key: open_source(entry, clock) for entry in book.sources}
    await database.run(prepare, book, clock)
    await Polling(database, book, sources, clock, OWNER).poll_sources()
    judging = Judging(database, book, clock, OWNER)
    speaking = Speaking(database, book, clock, OWNER)
    own, wall = time.process_time(), time.perf_counter()
    await judging.judge_due()
    clock.advance(LONGEST_WAIT)
    await speaking.say_due()
    own, wall = time.process_time() - own, time.perf_counter() - wall
    assert await database.read(outbox.count_waiting) == storm.PARTNERS * storm.LANES
    return (
        f"{storm.CASES / own:,.0f} of its own time, {storm.CASES / wall:,.0f} by the wall's clock"
    )


def _written(home: Path, grouping: str) -> Path:
    """A book, and the folder that it reads."""
    folder = home / "orders"
    folder.mkdir(parents=True)
    (home / "tallyman.yaml").write_text(storm.written_book(grouping))
    storm.write_troubles(folder, datetime.now(UTC))
    return folder
