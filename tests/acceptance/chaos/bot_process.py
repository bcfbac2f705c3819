"""The assistant as a process of its own that can be killed at any moment, and started again in a
blink: what it imports is imported once, and it is forked from there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import anyio

import bot.polling
from bot import logs
from bot.alerts.pace import Pace
from bot.alerts.patience import Patience
from bot.app import put_together
from bot.book.models import Book, FolderEntry, PartnerEntry, ScopedThresholdsEntry
from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.ticker import Ticker
from storage.database import Database
from storage.taking_over import alone, take_over
from storage.vocabulary import PartnerKind
from tests.acceptance.chaos.hurry import HURRY, MINUTE_IN_A_SECOND, hurried_seconds

PARTNERS = ("kestrel", "brightwater", "corvid", "dunlin", "egret", "fulmar")
TICK = 0.1  # seconds
IMPATIENCE = Patience(
    lease=8.0,
    call=5.0,
    look_for=3.0,
    look_again_after=0.4,
    look_once_more_after=8.0,
    wait_when_refused=1.0,
    claim_again_after=0.1,
)
POLL_LEASE = 3.0  # seconds


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a process needs to know; it can be pickled."""

    database_url: str
    folder: Path
    api_url: str
    bot_token: str
    app_token: str
    since: datetime
    """When the clock began to run."""

    def clock(self) -> SimulatedClock:
        return SimulatedClock(self.since, self.since, MINUTE_IN_A_SECOND)

    def book(self) -> Book:
        return Book(
            ops_channel="C0OPS",
            fallback_channel="C0OPS",
            partners=tuple(
                PartnerEntry(
                    key=key,
                    name=f"{key.title()} Freight",
                    kind=PartnerKind.CARRIER,
                    time_zone="UTC",
                    channel=channel_of(key),
                    account_manager="U0OLIVIA",
                )
                for key in PARTNERS
            ),
            sources=(
                FolderEntry(key="orders", kind="folder", path=self.folder, poll_every_minutes=1),
            ),
            thresholds=ScopedThresholdsEntry.model_validate(
                {
                    "never_picked_up_after_working_hours": "off",
                    "no_scan_after_working_hours": "off",
                    "promise_grace_minutes": 0,
                }
            ),
        )


def channel_of(partner: str) -> str:
    return f"C0{partner.upper()}"


class BotProcess:
    """One assistant; killed, it can be started again."""

    def __init__(self, instructions: Instructions) -> None:
        self._instructions = instructions
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        self._process = self._context.Process(target=work, args=(self._instructions,), daemon=True)
        self._process.start()

    def kill(self) -> None:
        """SIGKILL, in the midst of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()


@contextmanager
def processes(instructions: Instructions, count: int) -> Iterator[list[BotProcess]]:
    started = [BotProcess(instructions) for _ in range(count)]
    try:
        for each in started:
            each.start()
        yield started
    finally:
        for each in started:
            each.kill()


def work(instructions: Instructions) -> None:
    """Runs until it is killed, as `tallyman run` does."""
    # What a killed one was reading must not be locked for the minutes that are right elsewhere.
    bot.polling.LEASE = POLL_LEASE
    logs.configure("CRITICAL")
    anyio.run(_work, instructions)


async def _work(instructions: Instructions) -> None:
    settings = Settings.model_validate(
        {
            "slack_bot_token": instructions.bot_token,
            "slack_app_token": instructions.app_token,
            "slack_api_url": instructions.api_url,
        }
    )
    clock, database = instructions.clock(), Database(instructions.database_url)
    with alone(database):
        if database.is_sqlite:
            await database.run(take_over, clock())
        async with put_together(
            settings, instructions.book(), database, clock, Pace(hurried_seconds, HURRY), IMPATIENCE
        ) as assistant:
            ticker = Ticker()
            for name, job in assistant.jobs.items():
                ticker.every(TICK, name, job)
            ticker.start()
            await anyio.sleep_forever()
