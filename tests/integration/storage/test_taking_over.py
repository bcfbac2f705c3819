from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import due, outbox
from storage.database import Database
from storage.taking_over import AlreadyInUse, alone, take_over
from storage.vocabulary import DueKind, OutboxMethod, OutboxState
from tests.states_of_outbox import states_of_outbox

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_two_processes_cannot_share_one_sqlite_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tallyman.sqlite'}"
    with (
        alone(Database(url)),
        pytest.raises(AlreadyInUse, match="PostgreSQL"),
        alone(Database(url)),
    ):
        pytest.fail("the second one came in")
    with alone(Database(url)):  # the first one is gone
        pass


def test_whoever_is_alone_goes_on_at_once_with_what_a_dead_process_held(
    sqlite_database: Database,
) -> None:
    with sqlite_database.transaction() as session:
        due.schedule(session, DueKind.POLL_SOURCE, "easypost", NOON)
        due.schedule(session, DueKind.POLL_SOURCE, "orders", NOON + 2 * HOUR)
        outbox.put(
            session,
            key="alert:1",
            method=OutboxMethod.POST,
            channel="C0HARBOUR",
            payload={"text": "Late"},
            urgency=2,
            now=NOON,
        )
        due.claim(session, DueKind.POLL_SOURCE, NOON, "dead", HOUR, 10)
        outbox.claim(session, NOON, "dead", HOUR, limits={OutboxMethod.POST: 1})
    later = NOON + timedelta(minutes=1)
    with sqlite_database.transaction() as session:
        take_over(session, later)
    with sqlite_database.transaction() as session:
        claimed = due.claim(session, DueKind.POLL_SOURCE, later, "alive", HOUR, 10)
        assert [one.subject for one in claimed] == ["easypost"]
        assert states_of_outbox(session) == {OutboxState.PENDING: 1}
        [(message, _)] = outbox.claim(session, later, "alive", HOUR, limits={OutboxMethod.POST: 1})
        assert message.ambiguous_since == later
