"""Reads what is due: whole sources for what is new, and single shipments under way."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.apart import each_to_its_end
from bot.book.models import Book, EasyPostEntry
from bot.clock import Clock, lasting
from bot.ingest import Ingested, ingest
from bot.judging.catching_up import shipments_were_asked_for, source_was_read
from bot.sources.reports import Page
from bot.sources.source import Source, SourceError, SourceUnavailable, Tracked
from storage import due, shipments, sources
from storage.database import Database
from storage.due import ClaimedDue
from storage.vocabulary import DueKind

FOLLOWED_AT_ONCE = 1000  # shipments claimed for one round of asking
SOON = timedelta(minutes=5)  # the least time between two questions about one shipment
LEASE = 300.0  # seconds; a reading that takes longer may be begun a second time, to no harm

log = structlog.get_logger(__name__)


class Polling:
    """Asks the sources, and ingests what they answer, page by page."""

    def __init__(
        self,
        database: Database,
        book: Book,
        open_sources: Mapping[str, Source],
        clock: Clock,
        owner: str,
    ) -> None:
        self._database = database
        self._book = book
        self._sources = open_sources
        self._entries = {entry.key: entry for entry in book.sources}
        self._clock = clock
        self._owner = owner

    async def poll_sources(self) -> None:
        """Reads every source that is due, all at once, each from where it stopped."""
        claimed = await self._claim(DueKind.POLL_SOURCE, len(self._sources))
        await each_to_its_end([self._poll_source(one) for one in claimed])

    async def follow_shipments(self) -> None:
        """Asks for the shipments that are due, each at the source that tracks it."""
        claimed = await self._claim(DueKind.POLL_SHIPMENT, FOLLOWED_AT_ONCE)
        if not claimed:
            return
        tracked = await self._database.read(_tracked_by_source, claimed)
        await each_to_its_end([self._follow(key, followed) for key, followed in tracked.items()])

    async def _claim(self, kind: DueKind, limit: int) -> list[ClaimedDue]:
        lease = lasting(self._clock, LEASE)
        return await self._database.run(due.claim, kind, self._clock(), self._owner, lease, limit)

    async def _poll_source(self, claimed: ClaimedDue) -> None:
        key = claimed.subject
        source = self._sources.get(key)
        if source is None:  # gone from the book
            await self._database.run(due.finish, claimed, None)
            return
        cursor = await self._database.run(sources.start_reading, key, self._clock())
        every = timedelta(minutes=self._entries[key].poll_every_minutes)
        retry_at = await self._read(key, source.pages(cursor))
        if retry_at is None:
            await self._database.run(_note_read_whole, key, self._clock())
        await self._database.run(due.finish, claimed, retry_at or self._clock() + every)

    async def _follow(
        self, source_key: str, followed: Sequence[tuple[ClaimedDue, Tracked]]
    ) -> None:
        claimed = [one for one, _ in followed]
        entry = self._entries.get(source_key)
        source = self._sources.get(source_key)
        if source is None or not isinstance(entry, EasyPostEntry):
            await self._database.run(due.finish_many, [(one, None) for one in claimed])
            return
        retry_at = await self._read(source_key, source.follow([one for _, one in followed]))
        if retry_at is not None:
            await self._database.run(due.put_back_many, claimed, retry_at)
            return
        every = timedelta(minutes=entry.follow_every_minutes)
        await self._database.run(_finish_following, claimed, every, self._clock())

    async def _read(self, key: str, pages: AsyncIterator[Page]) -> datetime | None:
        """Ingests page by page. A failure is the source's, is remembered, and gives the time to
        try again; what came before it stays."""
        try:
            brought = False
            async for page in pages:
                result = await self._database.run(_take, page, key, self._book, self._clock())
                brought = brought or result.is_news
        except SourceError as error:
            log.warning("source could not be read", source=key, error=str(error))
            now = self._clock()
            await self._database.run(_note_failure, key, now, str(error))
            wait = now + timedelta(minutes=self._entries[key].poll_every_minutes)
            retry_at = error.retry_at if isinstance(error, SourceUnavailable) else None
            return max(retry_at, now) if retry_at else wait
        await self._database.run(_note_success, key, self._clock(), brought)
        return None


def _finish_following(
    session: Session, claimed: Sequence[ClaimedDue], every: timedelta, now: datetime
) -> None:
    """They are asked for again at their interval, or when they are next judged: what is not
    there by then should have been asked for then."""
    judged_at = due.due_at_of(session, DueKind.JUDGE_SHIPMENT, [one.subject for one in claimed])
    due.finish_many(
        session,
        [
            (one, min(now + every, max(judged_at.get(one.subject, now + every), now + SOON)))
            for one in claimed
        ],
        done_at=now,
    )
    shipments_were_asked_for(session, [one.subject for one in claimed], now)


def _tracked_by_source(
    session: Session, claimed: Sequence[ClaimedDue]
) -> dict[str, list[tuple[ClaimedDue, Tracked]]]:
    claimed_by_id = {int(one.subject): one for one in claimed}
    by_source: dict[str, list[tuple[ClaimedDue, Tracked]]] = {}
    for shipment_id, shipment in shipments.by_ids(session, list(claimed_by_id)).items():
        tracked = Tracked(shipment.tracking_number, shipment.source_reference, shipment.carrier)
        by_source.setdefault(shipment.source_key, []).append((claimed_by_id[shipment_id], tracked))
    return by_source


def _take(session: Session, page: Page, source_key: str, book: Book, now: datetime) -> Ingested:
    """One page and the place to go on reading are one transaction."""
    result = ingest(session, page, source_key, book, now)
    if page.cursor is not None:
        sources.save_cursor(session, source_key, page.cursor, now)
    return result


def _note_success(session: Session, key: str, now: datetime, brought_news: bool) -> None:
    sources.record_success(session, key, now, brought_news)
    due.schedule(session, DueKind.JUDGE_SOURCE, key, now)


def _note_failure(session: Session, key: str, now: datetime, error: str) -> None:
    sources.record_failure(session, key, now, error)
    due.schedule(session, DueKind.JUDGE_SOURCE, key, now)


def _note_read_whole(session: Session, key: str, now: datetime) -> None:
    health = sources.get(session, key)
    read_before = health.read_whole_at if health else None
    sources.record_read_whole(session, key, now)
    source_was_read(session, key, read_before, now)
