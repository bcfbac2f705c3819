"""Forgets, every hour, what was said long ago and is over."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.clock import Clock, lasting
from storage import due, outbox
from storage.database import Database
from storage.vocabulary import DueKind

KEPT_FOR = timedelta(days=30)
EVERY = timedelta(hours=1)
LEASE = 60.0  # seconds; swept by two at once, nothing is lost either

_OUTBOX = "outbox"


def schedule_sweeping(session: Session, now: datetime) -> None:
    due.schedule_missing(session, DueKind.SWEEP, {_OUTBOX: now})


class Sweeping:
    def __init__(self, database: Database, clock: Clock, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner

    async def sweep(self) -> None:
        lease = lasting(self._clock, LEASE)
        for claimed in await self._database.run(
            due.claim, DueKind.SWEEP, self._clock(), self._owner, lease, 1
        ):
            while await self._database.run(outbox.sweep, self._clock() - KEPT_FOR):
                pass
            await self._database.run(due.finish, claimed, self._clock() + EVERY)
