"""Says the alerts that are due: their words go into the outbox."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.alerts.reminding import begin_reminding, remind_of_newcomers
from bot.alerts.splitting import split_small_groups
from bot.alerts.storms import gather_storms
from bot.alerts.telling import Telling, tellings
from bot.alerts.wording import owed_list, owed_message, owed_replies
from bot.apart import TRIED_AGAIN_AFTER, do_apart
from bot.book.models import Book
from bot.clock import Clock, lasting
from storage import alert_cases, alerts, due, outbox
from storage.database import Database
from storage.due import ClaimedDue
from storage.outbox import Owed
from storage.vocabulary import DueKind, Severity

SAID_AT_ONCE = 40  # alerts of one transaction: of 25 cases each it takes some 0.3 s
LISTED_AGAIN_AFTER = timedelta(minutes=10)  # by then, a storm has gathered most of what it brings
LEASE = 60.0  # seconds that a claim lasts: many times as long as what is done under it


class Speaking:
    def __init__(self, database: Database, book: Book, clock: Clock, owner: str) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._owner = owner

    async def say_due(self) -> None:
        """All that is due now, in batches."""
        # Claimed by itself: whoever plans locks alerts first, and what is due after them.
        lease = lasting(self._clock, LEASE)
        while claimed := await self._database.run(
            due.claim, DueKind.SAY_ALERT, self._clock(), self._owner, lease, SAID_AT_ONCE
        ):
            await self._database.run(say, self._book, claimed, self._clock())


def say(session: Session, book: Book, claimed: Sequence[ClaimedDue], now: datetime) -> None:
    """Each alert is posted, or edited, as its cases stand now, and its thread tells what has
    happened since."""

    def say_some(some: Sequence[ClaimedDue]) -> None:
        _say(session, book, some, now)

    failed = do_apart(session, claimed, say_some, lambda one: f"alert:{one.subject}")
    due.put_back_many(session, failed, now + TRIED_AGAIN_AFTER)


def _say(session: Session, book: Book, claimed: Sequence[ClaimedDue], now: datetime) -> None:
    found = alerts.lock(session, [int(one.subject) for one in claimed])
    stormy = gather_storms(session, list(found.values()), book, now)
    apart = split_small_groups(session, stormy, book.grouping, now)
    told = tellings(session, apart, book, now)
    owed: list[Owed] = []
    for telling in told:
        owed.extend(_words(telling))
        _remind(session, telling, book)
        _note_as_said(telling)
    outbox.put_many(session, owed, now)
    alert_cases.note_told(session, {of: last for each in told for of, last in _told_by(each)})
    empty = [telling.alert_id for telling in told if not telling.cards]
    alerts.remove_unsaid(session, empty)
    again_at = {str(telling.alert_id): _again_at(telling) for telling in told}
    due.finish_many(session, [(one, again_at.get(one.subject)) for one in claimed])
    _plan_unclaimed(session, claimed, again_at)


def _plan_unclaimed(
    session: Session, claimed: Sequence[ClaimedDue], again_at: Mapping[str, datetime | None]
) -> None:
    """A storm that goes on is said with what it took, and was not claimed for it."""
    finished = {one.subject for one in claimed}
    planned = {
        subject: at
        for subject, at in again_at.items()
        if at is not None and subject not in finished
    }
    due.schedule_earlier_many(session, DueKind.SAY_ALERT, planned)


def _again_at(telling: Telling) -> datetime | None:
    """When more of it is to be said, if nothing happens before."""
    if telling.held_back_until is not None:
        return telling.held_back_until
    return telling.now + LISTED_AGAIN_AFTER if telling.is_partly_listed else None


def _words(telling: Telling) -> Iterator[Owed]:
    if not telling.cards and telling.alert.said_at is None:
        return
    yield owed_message(telling)
    yield from owed_replies(telling)
    listed = owed_list(telling)
    if listed is not None:
        telling.alert.listed_cases = len(telling.cards)
        yield listed


def _remind(session: Session, telling: Telling, book: Book) -> None:
    """Nobody has it yet: that is said again if it stays so."""
    severity, now = telling.untaken_severity, telling.now
    if severity is None:
        return
    if telling.alert.said_at is None or telling.is_open_again:
        begin_reminding(session, telling.alert, severity, book, now)
    elif telling.has_newcomers:
        remind_of_newcomers(session, telling.alert, severity, book, now)


def _note_as_said(telling: Telling) -> None:
    alert = telling.alert
    if not telling.cards:
        return
    alert.said_at = alert.said_at or telling.now
    alert.resolved_at = telling.resolved_at
    said = Severity(alert.severity or Severity.INFO)
    alert.severity = max(said, telling.severity, key=lambda severity: severity.rank)


def _told_by(telling: Telling) -> Iterator[tuple[tuple[int, int], int]]:
    """By alert and case, how far its thread has told what happened."""
    if telling.held_back_until is None:
        for case_id, last in telling.read_until.items():
            yield (telling.alert_id, case_id), last
