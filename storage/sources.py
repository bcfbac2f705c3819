"""How each source is doing, and where to go on reading it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from storage import set_aside
from storage.bulk import Prepared
from storage.statements import upsert
from storage.tables import SourceHealth

LONGEST_ERROR = 1_000  # characters
NEWS_REMEMBERED = 100  # times: enough to know what is usual

Cursor = dict[str, object]

_READ_WHOLE_AT = Prepared(select(col(SourceHealth.source_key), col(SourceHealth.read_whole_at)))
_ALL = select(SourceHealth).order_by(col(SourceHealth.source_key))


def record_success(session: Session, source_key: str, now: datetime, brought_news: bool) -> None:
    """It answered. `brought_news`: something that we did not have before."""
    health = _row(session, source_key, now)
    health.last_attempt_at = health.last_success_at = now
    health.failures_in_a_row = 0
    health.last_error = None
    if brought_news:
        health.last_news_at = now
        health.news_at = [*(health.news_at or ()), now.isoformat()][-NEWS_REMEMBERED:]
    session.flush()


def follow_from(session: Session, source_keys: Iterable[str], now: datetime) -> None:
    """From now on they should be read: while nobody was there to read them, none was stale."""
    for source_key in sorted(source_keys):
        _row(session, source_key, now).followed_since = now
    session.flush()


def record_failure(session: Session, source_key: str, now: datetime, error: str) -> int:
    """It did not answer. Returns how many times in a row by now."""
    health = _row(session, source_key, now)
    health.last_attempt_at = now
    health.failures_in_a_row += 1
    health.last_error = error[:LONGEST_ERROR].replace("\0", "")
    session.flush()
    return health.failures_in_a_row


def record_read_whole(session: Session, source_key: str, now: datetime) -> None:
    """It was read to its end."""
    _row(session, source_key, now).read_whole_at = now
    session.flush()


def start_reading(session: Session, source_key: str, now: datetime) -> Cursor | None:
    """Where to go on; None means from the beginning.

    It is None too when a shipment has become known that news of this source was set aside for:
    the source is then read again from the beginning, and this time the news find their shipment.
    """
    if set_aside.release_known(session, source_key):
        save_cursor(session, source_key, None, now)
        return None
    health = session.get(SourceHealth, source_key)
    return None if health is None else health.cursor


def save_cursor(session: Session, source_key: str, cursor: Cursor | None, now: datetime) -> None:
    """None: from the beginning next time."""
    health = _row(session, source_key, now)
    if health.cursor != cursor:
        health.cursor = cursor
        session.flush()


def get(session: Session, source_key: str) -> SourceHealth | None:
    return session.get(SourceHealth, source_key)


def read_whole_at(session: Session) -> dict[str, datetime | None]:
    """When each was last read to its end, by its key."""
    return dict(_READ_WHOLE_AT.execute(session))


def list_all(session: Session) -> list[SourceHealth]:
    return list(session.scalars(_ALL))


def _row(session: Session, source_key: str, now: datetime) -> SourceHealth:
    health = session.get(SourceHealth, source_key, with_for_update=True, populate_existing=True)
    if health is None:  # nor for another process, unless it is just as quick
        new = upsert(session, SQLModel.metadata.tables["source_health"]).values(
            source_key=source_key, followed_since=now, failures_in_a_row=0
        )
        session.execute(new.on_conflict_do_nothing(index_elements=["source_key"]))
        health = session.get_one(
            SourceHealth, source_key, with_for_update=True, populate_existing=True
        )
    return health
