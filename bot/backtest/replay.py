"""The real pipeline, run over a history on a clock that jumps from one event to the next.

News are read every so often, as a source is polled; what comes due in between is judged at its own
moment, and asked for before. So the clock stands only where something happens, and nothing is known
before its time.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, SQLModel

from bot.alerts.speaking import SAID_AT_ONCE, say
from bot.backtest.history import News
from bot.backtest.tally import Tally
from bot.book.models import Book
from bot.clock import MovableClock
from bot.ingest import ingest
from bot.judging.claimed import LEASE
from bot.judging.policies import Policies
from bot.judging.returns import judge_returns_of_partners
from bot.judging.shipments import judge_shipments
from bot.judging.terms import judge_terms, term_subject
from bot.sources.reports import CheckpointReport, Page, ShipmentReport
from storage import due, partners
from storage.database import Database
from storage.partners import BookPartner
from storage.vocabulary import DueKind

SOURCE = "history"
OWNER = "backtest"
MOST_NEWS = 5_000  # of one page
READ_EVERY = timedelta(minutes=30)  # or as seldom as the book's busiest source is polled
LAST_WORDS = timedelta(hours=1)  # after the end, for what waits for others of its kind
STEPS = 400  # of one transaction: nobody else is waiting for it
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _say(session: Session, book: Book, _policies: Policies, now: datetime, owner: str) -> int:
    claimed = due.claim(session, DueKind.SAY_ALERT, now, owner, LEASE, SAID_AT_ONCE)
    if claimed:
        say(session, book, claimed, now)
    return len(claimed)


_JUDGES = {
    DueKind.JUDGE_SHIPMENT: judge_shipments,
    DueKind.JUDGE_TERM: judge_terms,
    DueKind.JUDGE_RETURNS: judge_returns_of_partners,
    DueKind.SAY_ALERT: _say,
}
"""What the clock stops for. A history is no source that could fall silent, and has no KPI feed;
and nobody acknowledges anything, so that reminders would tell of this and not of the history."""
_MINIMUM = "(SELECT min(due_at) FROM due WHERE kind = '{}')"
_TO_BE_JUDGED = (
    "SELECT shipment.tracking_number FROM due JOIN shipment ON shipment.id = "
    "CAST(due.subject AS INTEGER) WHERE due.kind = ? AND due.due_at <= ?"
)


@dataclass(slots=True)
class Reading:
    """The news of one poll, by the number that they are of; of each, oldest first."""

    at: datetime
    news: dict[str, list[News]]

    def add(self, news: News) -> None:
        self.news.setdefault(news.report.tracking_number, []).append(news)

    def take_known(self, number: str, now: datetime) -> list[News]:
        """What is known of it by then, which is told now and not again."""
        waiting = self.news.get(number, [])
        known = [one for one in waiting if one.known_at <= now]
        if known:
            self.news[number] = waiting[len(known) :]
        return known


class Replay:
    def __init__(
        self,
        database: Database,
        book: Book,
        tally: Tally,
        judged: Collection[DueKind],
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`judged` are those kinds that the history can tell something of. `progress` is told
        how many more news were read."""
        self._database = database
        self._book = book
        self._tally = tally
        self._judged = [kind for kind in _JUDGES if kind in judged]
        self._earliest = f"SELECT {', '.join(map(_MINIMUM.format, self._judged))}"
        self._progress = progress
        self._policies = Policies(book)
        self._poll_every = poll_interval(book)

    def run(self, history: Iterator[News], start: datetime, end: datetime) -> None:
        """Up to the end, and nothing after it."""
        clock = MovableClock(start)
        with self._database.transaction() as session:
            self._prepare(session, start)
        readings = self._readings(history, end)
        reading = next(readings, None)
        going_on = True
        planned: Mapping[DueKind, datetime] | None = None
        while going_on:
            with self._database.transaction() as session:
                for _ in range(STEPS):
                    if planned is None:
                        planned = self._earliest_due(session)
                    moments = [] if reading is None else [reading.at]
                    moments.extend(planned.values())
                    moment = min(moments, default=None)
                    if moment is None or moment > end:
                        going_on = False
                        break
                    clock.now = max(moment, clock.now)
                    if reading is not None and reading.at <= clock.now:
                        self._take(session, [*chain(*reading.news.values())], clock.now)
                        reading = next(readings, None)
                        planned = self._earliest_due(session)
                    if reading is not None and _is_judged(planned, clock.now):
                        self._ask(session, reading, clock.now)
                    planned = self._judge(session, planned, clock.now)
                    self._tally.take(session, clock.now)

        with self._database.transaction() as session:
            self._say_what_waits(session, end)

    def _say_what_waits(self, session: Session, end: datetime) -> None:
        """What came up at the very end has gathered all that belongs to it."""
        while (at := due.earliest(session, DueKind.SAY_ALERT)) and at <= end + LAST_WORDS:
            _say(session, self._book, self._policies, at, OWNER)
        self._tally.take(session, end)

    def _prepare(self, session: Session, start: datetime) -> None:
        partners.sync_book(
            session,
            [BookPartner(p.key, p.name, p.kind, p.channel) for p in self._book.partners],
        )
        terms = {
            term_subject(partner, term): start
            for partner in self._book.partners
            for term in partner.contract.terms
        }
        returns = {partner.key: start for partner in self._book.partners}
        due.schedule_missing(session, DueKind.JUDGE_TERM, terms)
        due.schedule_missing(session, DueKind.JUDGE_RETURNS, returns)

    def _ask(self, session: Session, reading: Reading, now: datetime) -> None:
        """A shipment is asked for before it is judged, and waits for no reading."""
        until = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        asked = (DueKind.JUDGE_SHIPMENT.value, until)
        numbers = session.connection().exec_driver_sql(_TO_BE_JUDGED, asked).scalars()
        news = [one for number in numbers for one in reading.take_known(number, now)]
        if news:
            self._take(session, news, now)

    def _take(self, session: Session, news: Sequence[News], now: datetime) -> None:
        for start in range(0, len(news), MOST_NEWS):
            batch = [one.report for one in news[start : start + MOST_NEWS]]
            page = Page(
                shipments=[one for one in batch if isinstance(one, ShipmentReport)],
                checkpoints=[one for one in batch if isinstance(one, CheckpointReport)],
            )
            ingest(session, page, SOURCE, self._book, now)
        self._progress(len(news))

    def _judge(
        self, session: Session, planned: Mapping[DueKind, datetime], now: datetime
    ) -> Mapping[DueKind, datetime]:
        """All that is due by now. Returns what is planned then, as it was given what is now."""
        while due_kinds := [kind for kind, at in planned.items() if at <= now]:
            for kind in due_kinds:
                _JUDGES[kind](session, self._book, self._policies, now, OWNER)
            planned = self._earliest_due(session)
        return planned

    def _earliest_due(self, session: Session) -> dict[DueKind, datetime]:
        """By each kind that anything is planned of; it is asked for at every step."""
        row = session.connection().exec_driver_sql(self._earliest).one()
        return {
            kind: datetime.fromisoformat(at).replace(tzinfo=UTC)
            for kind, at in zip(self._judged, row, strict=True)
            if at is not None
        }

    def _readings(self, history: Iterator[News], end: datetime) -> Iterator[Reading]:
        """The last may be after the end: until then, it is asked for."""
        reading: Reading | None = None
        for news in history:
            if news.known_at > end:
                break
            at = polled_at(news.known_at, self._poll_every)
            if reading is not None and at != reading.at:
                yield reading
                reading = None
            if reading is None:
                reading = Reading(at, {})
            reading.add(news)
        if reading is not None:
            yield reading


def _is_judged(planned: Mapping[DueKind, datetime], now: datetime) -> bool:
    at = planned.get(DueKind.JUDGE_SHIPMENT)
    return at is not None and at <= now


def poll_interval(book: Book) -> timedelta:
    """How often news are read: what each reading costs must not depend on how few it brings."""
    of_book = timedelta(minutes=min(source.poll_every_minutes for source in book.sources))
    return max(of_book, READ_EVERY)


def polled_at(known_at: datetime, every: timedelta) -> datetime:
    """When it is first read, if the source is read at whole multiples of the interval."""
    return _EPOCH + -((_EPOCH - known_at) // every) * every


@contextmanager
def private_database(path: Path) -> Iterator[Database]:
    """Nobody else's, and thrown away afterwards: it need not survive a crash."""
    database = Database(f"sqlite:///{path}")

    @event.listens_for(database.engine, "connect")
    def relax(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")

    try:
        SQLModel.metadata.create_all(database.engine)
        yield database
    finally:
        database.close()
