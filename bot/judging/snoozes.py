"""Ends the snoozes whose time has come."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.apart import TRIED_AGAIN_AFTER, do_apart
from bot.book.models import Book
from bot.cases.acting import wake
from bot.judging.claimed import LEASE
from storage import due
from storage.due import ClaimedDue
from storage.vocabulary import DueKind

WOKEN_AT_ONCE = 1000  # cases of one transaction


def wake_snoozed(session: Session, book: Book, now: datetime, owner: str) -> None:
    def wake_some(some: Sequence[ClaimedDue]) -> None:
        woken = [wake(session, int(one.subject), now) for one in some]
        due.finish_many(session, [(one, None) for one in some])
        plan(session, [change for change in woken if change is not None], book, now)

    claimed = due.claim(session, DueKind.WAKE_CASE, now, owner, LEASE, WOKEN_AT_ONCE)
    failed = do_apart(session, claimed, wake_some, lambda one: f"case:{one.subject}")
    due.put_back_many(session, failed, now + TRIED_AGAIN_AFTER)
