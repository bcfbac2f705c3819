"""Transactions that wait for each other."""

from datetime import UTC, datetime
from threading import Barrier

import anyio
import pytest
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
