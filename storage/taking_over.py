"""SQLite serves one process: whoever starts is alone, and goes on where the last one stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import update
from sqlmodel import Session, col

from storage.database import Database
from storage.tables import Due, OutboxMessage
from storage.vocabulary import OutboxState


class AlreadyInUse(Exception):
    """Another process works on the same SQLite file; the text says what to do."""


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Holds a lock beside the SQLite file until the end of the block, or of the process, however
    it ends. PostgreSQL serves any number of processes and is not locked. Raises AlreadyInUse."""
    path = database.url.database
    if not database.is_sqlite or not path or not _can_hold_a_file(Path(path)):
        yield
        return
    try:
        with FileLock(f"{path}.lock", timeout=0):
            yield
    except Timeout:
        raise AlreadyInUse(
            f"Another Tallyman works on {path}: stop it first. To let several share one "
            "database, use PostgreSQL: see DATABASE_URL in the README."
        ) from None


def _can_hold_a_file(path: Path) -> bool:
    """Not in memory, nor in a folder that is missing: the lock would make it, SQLite says so."""
    return path.name != ":memory:" and path.parent.is_dir()


def take_over(session: Session, now: datetime) -> None:
    """Frees what a process that is gone held, instead of waiting for its leases to run out.
    A message that it was saying may have been said: it is looked for first. Only for one who is
    alone with the database."""
    session.execute(update(Due).where(col(Due.owner).is_not(None)).values(owner=None, due_at=now))
    session.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.state) == OutboxState.SENDING)
        .values(state=OutboxState.PENDING, owner=None, due_at=now, ambiguous_since=now)
    )
