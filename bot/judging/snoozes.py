"""Ends the snoozes whose time has come."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book
from bot.cases.acting import wake
from bot.judging.leases import LEASE
from storage import due
from storage.vocabulary import DueKind

WOKEN_AT_ONCE = 1000  # cases of one transaction


def wake_snoozed(session: Session, book: Book, now: datetime, owner: str) -> None:
    for one in due.claim(session, DueKind.WAKE_CASE, now, owner, LEASE, WOKEN_AT_ONCE):
        change = wake(session, int(one.subject), now)
        due.finish(session, one, None)
        if change is not None:
            plan(session, [change], book, now)
