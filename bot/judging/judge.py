"""What ticks: everything that is due to be judged, in transactions of their own."""

from collections.abc import Sequence

import structlog
from sqlmodel import Session

from bot.apart import concerns_all
from bot.book.models import Book
from bot.clock import Clock
from bot.judging.feeds import judge_sources
from bot.judging.measured import judge_measured_terms
from bot.judging.policies import Policies
from bot.judging.returns import judge_returns_of_partners
from bot.judging.shipments import judge_shipments, judge_shipments_apart
from bot.judging.snoozes import wake_snoozed
from bot.judging.terms import judge_terms
from storage import sources
from storage.database import Database

log = structlog.get_logger(__name__)


class Judging:
    def __init__(self, database: Database, book: Book, clock: Clock, owner: str) -> None:
        self._database = database
        self._book = book
        self._policies = Policies(book)
        self._clock = clock
        self._owner = owner

    async def judge_due(self) -> None:
        """All that is due now, in batches. Nothing is judged before every source was read to its
        end once: half a history looks like a hundred missed promises."""
        if not await self._database.read(_all_were_read, [s.key for s in self._book.sources]):
            return
        while await self._judge_shipments():
            pass
        for judge in (judge_terms, judge_measured_terms, judge_returns_of_partners):
            await self._database.run(judge, self._book, self._policies, self._clock(), self._owner)

    async def _judge_shipments(self) -> int:
        asked = self._book, self._policies, self._clock(), self._owner
        try:
            return await self._database.run(judge_shipments, *asked)
        except Exception as error:
            if concerns_all(error):
                raise
            log.warning("a batch of shipments is judged one by one", error=type(error).__name__)
            return await self._database.run(judge_shipments_apart, *asked)

    async def judge_sources(self) -> None:
        await self._database.run(
            judge_sources, self._book, self._policies, self._clock(), self._owner
        )

    async def wake_snoozed(self) -> None:
        await self._database.run(wake_snoozed, self._book, self._clock(), self._owner)


def _all_were_read(session: Session, source_keys: Sequence[str]) -> bool:
    read_whole = {health.source_key for health in sources.list_all(session) if health.read_whole_at}
    return set(source_keys) <= read_whole
