"""What is begun is begun once, by whoever comes first, and if it comes to something."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from storage import inbound
from storage.database import Database
from storage.tables import Inbound

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def _begin(database: Database, key: str, at: datetime = NOW) -> bool:
    with database.transaction() as session:
        return inbound.begin(session, key, at)


def _count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Inbound)).one()


def test_the_same_is_begun_once(database: Database) -> None:
    assert [_begin(database, key) for key in ("Ev1", "Ev2", "Ev1")] == [True, True, False]
    with database.snapshot() as session:
        assert inbound.was_begun(session, "Ev1")
        assert not inbound.was_begun(session, "Ev3")


def test_what_came_to_nothing_was_not_begun(database: Database) -> None:
    def dies() -> None:
        with database.transaction() as session:
            assert inbound.begin(session, "Ev1", NOW)
            raise RuntimeError("the process died")

    with pytest.raises(RuntimeError):
        dies()
    assert _begin(database, "Ev1")


def test_of_many_at_once_one_begins(database: Database) -> None:
    barrier = Barrier(4)

    def come(_number: int) -> bool:
        barrier.wait()
        return _begin(database, "Ev1")

    with ThreadPoolExecutor(4) as processes:
        assert sorted(processes.map(come, range(4))) == [False, False, False, True]


def test_the_old_is_forgotten_and_the_new_kept(database: Database) -> None:
    for number in range(inbound.FORGOTTEN_AT_ONCE + 5):
        _begin(database, f"old {number}", NOW - 2 * DAY)
    _begin(database, "new")
    with database.transaction() as session:
        inbound.forget(session, NOW - DAY)
        assert _count(session) == 6
        inbound.forget(session, NOW - DAY)
        assert _count(session) == 1
        assert inbound.was_begun(session, "new")
