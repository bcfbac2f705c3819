"""Says the digests that are due: each once, however many processes there are."""

from datetime import datetime

import structlog
from sqlmodel import Session

from bot.alerts.urgency import ROUTINE
from bot.apart import each_to_its_end
from bot.book.models import Book
from bot.clock import Clock, lasting
from bot.digests.collecting import collect
from bot.digests.times import day_of, last_time, next_time, say_at, time_before
from bot.digests.wanted import Digest, digests_wanted
from bot.messages.blocks import Message
from bot.messages.digest_view import digest_view
from storage import due, outbox, partners
from storage.database import Database
from storage.due import ClaimedDue
from storage.vocabulary import DueKind, OutboxMethod

LEASE = 300.0  # seconds that a claim lasts: many times as long as the longest digest takes
CLAIMED_AT_ONCE = 10

log = structlog.get_logger(__name__)


def schedule_digests(session: Session, book: Book, now: datetime) -> None:
    """Plans what the book asks for, by its times of today. One that is owed stays owed."""
    wanted = digests_wanted(book, partners.channels(session))
    subjects = list(wanted)
    planned = due.due_at_of(session, DueKind.SAY_DIGEST, subjects)
    said_at = due.done_at(session, DueKind.SAY_DIGEST, subjects)
    due.schedule_many(
        session,
        DueKind.SAY_DIGEST,
        {
            subject: next_time(digest, now)
            for subject, digest in wanted.items()
            if not _is_owed(digest, planned.get(subject), said_at.get(subject), now)
        },
    )


def _is_owed(
    digest: Digest, planned: datetime | None, said_at: datetime | None, now: datetime
) -> bool:
    if planned is None:
        return False
    return planned <= now or (said_at is not None and said_at < last_time(digest, now))


class Digesting:
    def __init__(self, database: Database, book: Book, clock: Clock, owner: str) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._owner = owner

    async def say_due(self) -> None:
        lease = lasting(self._clock, LEASE)
        claimed = await self._database.run(
            due.claim, DueKind.SAY_DIGEST, self._clock(), self._owner, lease, CLAIMED_AT_ONCE
        )
        await each_to_its_end([self._say(one) for one in claimed])

    async def _say(self, claimed: ClaimedDue) -> None:
        now = self._clock()
        digest = await self._database.read(_wanted, self._book, claimed.subject)
        if digest is None:
            log.info("digest is no longer wanted", digest=claimed.subject)
            await self._database.run(due.finish, claimed, None)
            return
        at = say_at(digest, now)
        if at > now:
            await self._database.run(due.finish, claimed, at)
            return
        # Reading takes long where much is open: nobody is kept from writing meanwhile.
        message = await self._database.read(compose, self._book, digest, now)
        await self._database.run(_owe, claimed, digest, message, now)


def compose(session: Session, book: Book, digest: Digest, now: datetime) -> Message:
    """Since the last one was said; the first one, since one would have been said before it."""
    said_at = due.done_at(session, DueKind.SAY_DIGEST, [digest.subject]).get(digest.subject)
    since = said_at or time_before(digest, last_time(digest, now))
    return digest_view(collect(session, book, digest, since, now))


def _wanted(session: Session, book: Book, subject: str) -> Digest | None:
    return digests_wanted(book, partners.channels(session)).get(subject)


def _owe(
    session: Session, claimed: ClaimedDue, digest: Digest, message: Message, now: datetime
) -> None:
    if not due.finish_many(session, [(claimed, next_time(digest, now))], done_at=now):
        return
    day = day_of(digest, last_time(digest, now))
    outbox.put(
        session,
        key=f"digest:{digest.subject}:{day.isoformat()}",
        method=OutboxMethod.POST,
        channel=digest.channel,
        payload={"text": message.text, "blocks": list(message.blocks)},
        urgency=ROUTINE,
        now=now,
    )
