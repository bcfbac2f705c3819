"""Judges what is due of a kind, each subject by itself, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.apart import TRIED_AGAIN_AFTER, do_apart
from storage import due
from storage.due import ClaimedDue
from storage.vocabulary import DueKind

LEASE = timedelta(minutes=5)  # never outlives the transaction that took it


def judge_claimed(
    session: Session,
    kind: DueKind,
    now: datetime,
    owner: str,
    judge_one: Callable[[str], datetime | None],
    at_most: int,
) -> None:
    """`judge_one` gives when the subject is due again; None for one that is gone from the book.
    Where it fails, the others are judged all the same."""

    def judge_some(some: Sequence[ClaimedDue]) -> None:
        for one in some:
            due.finish(session, one, judge_one(one.subject))

    claimed = due.claim(session, kind, now, owner, LEASE, at_most)
    failed = do_apart(session, claimed, judge_some, lambda one: f"{one.kind}:{one.subject}")
    due.put_back_many(session, failed, now + TRIED_AGAIN_AFTER)
