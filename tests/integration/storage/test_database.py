"""Transactions that wait for each other."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import anyio
import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import alerts
from storage.database import Database

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
pytestmark = pytest.mark.anyio


async def test_of_two_that_wait_for_each_other_both_get_through(
    postgres_database: Database,
) -> None:
    with postgres_database.transaction() as session:
        one = alerts.add(session, "kestrel", "C0KESTREL", NOW).id or 0
        other = alerts.add(session, "kestrel", "C0KESTREL", NOW).id or 0
    both_hold_one = Barrier(2)
    tries: list[int] = []

    def take(session: Session, first: int, second: int) -> None:
        alerts.lock(session, [first])
        tries.append(first)
        if tries.count(first) == 1:
            both_hold_one.wait(timeout=30)
        for alert in alerts.lock(session, [second]).values():
            alert.reminded += 1

    async with anyio.create_task_group() as group:
        group.start_soon(postgres_database.run, take, one, other)
        group.start_soon(postgres_database.run, take, other, one)

    with postgres_database.snapshot() as session:
        assert {alert.reminded for alert in alerts.by_ids(session, [one, other]).values()} == {1}
    assert len(tries) > 2


def test_a_new_file_that_another_process_is_opening_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def start() -> str:
        database = Database(f"sqlite:///{file}")
        with database.snapshot() as session:
            mode: str = session.execute(text("PRAGMA journal_mode")).scalar_one()
        database.close()
        return mode

    with closing(other), ThreadPoolExecutor(1) as pool:
        started = pool.submit(start)
        with pytest.raises(TimeoutError):
            started.result(timeout=0.2)
        other.execute("COMMIT")
        assert started.result(timeout=30) == "wal"
