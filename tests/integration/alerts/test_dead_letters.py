"""`tallyman outbox`: what Slack did not get, and what a person makes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import Settings
from storage import alerts, migrate, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState
from tests.states_of_outbox import states_of_outbox

OWNER = "somebody"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """That of the environment, brought up to date."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    database = Database(Settings().database_url)
    migrate.upgrade(database)
    yield database
    database.close()


def tallyman(*words: str) -> Result:
    return CliRunner().invoke(app, ["outbox", *words])


def owe(database: Database, text: str, hours_ago: float = 0) -> tuple[int, int]:
    """The ids of a message and of its alert."""
    now = datetime.now(UTC) - timedelta(hours=hours_ago)
    with database.transaction() as session:
        alert = alerts.add(session, None, "C0HARBOUR", now)
        assert alert.id is not None
        message_id = outbox.put(
            session,
            key=f"alert:{alert.id}",
            method=OutboxMethod.POST,
            channel="C0HARBOUR",
            payload={"text": text},
            urgency=2,
            now=now,
            alert_id=alert.id,
        )
        return message_id, alert.id


def set_aside(database: Database, text: str, error: str, hours_ago: float = 0) -> tuple[int, int]:
    message_id, alert_id = owe(database, text, hours_ago)
    with database.transaction() as session:
        limits = {OutboxMethod.POST: 1}
        outbox.claim(session, datetime.now(UTC), OWNER, timedelta(minutes=1), limits=limits)
        assert outbox.mark_dead(session, message_id, OWNER, error)
    return message_id, alert_id


def test_where_all_was_said_there_is_nothing_to_list(database: Database) -> None:
    said = tallyman("list")
    assert said.exit_code == 0
    assert said.output == "Nothing was set aside, and nothing waits: Slack has all that was owed.\n"


def test_what_was_set_aside_and_what_waits_is_listed_with_the_reason(database: Database) -> None:
    set_aside(database, "Late: 1Z\x1b[31m", "is_archived", hours_ago=3.2)
    owe(database, "Late: 2Z")
    assert tallyman("list").output.splitlines() == [
        "1 message set aside. Mend the cause, then `tallyman outbox retry ID`; or "
        "`tallyman outbox drop ID`.",
        "  1  message in C0HARBOUR, for 3 hours 12 minutes, 1 try: is_archived",
        "      Late: 1Z[31m",
        "1 message waiting, to go by itself:",
        "  2  message in C0HARBOUR, for less than a minute, not tried yet",
        "      Late: 2Z",
    ]


def test_one_that_was_set_aside_gets_another_life(database: Database) -> None:
    set_aside(database, "Late: 1Z", "is_archived")
    assert tallyman("retry", "1").output == (
        "Message 1 waits again: it goes as soon as Tallyman runs.\n"
    )
    again = tallyman("retry", "1")
    assert again.exit_code == 1
    assert again.output == (
        "Message 1 is not set aside: it is still waiting, and goes by itself.\n"
    )


def test_one_that_is_dropped_takes_with_it_what_waited_for_it_and_is_kept(
    database: Database,
) -> None:
    _, alert_id = set_aside(database, "Late: 1Z", "is_archived")
    with database.transaction() as session:
        outbox.put(
            session,
            key="reply",
            method=OutboxMethod.REPLY,
            channel="C0HARBOUR",
            payload={"text": "It arrived."},
            urgency=2,
            now=datetime.now(UTC),
            alert_id=alert_id,
        )
    assert tallyman("drop", "1", "--why", "the partner has left").output == (
        "Message 1 is dropped, and with it 1 message that waited for it. It stays in the "
        "database, marked: the partner has left.\n"
    )
    with database.snapshot() as session:
        assert states_of_outbox(session) == {OutboxState.DROPPED: 2}
        dropped = outbox.get(session, 1)
        assert dropped is not None
        assert dropped.last_error == "the partner has left (before: is_archived)"
    assert tallyman("drop", "1").output == "Message 1 is not set aside: it is dropped already.\n"


def test_an_edit_that_gets_another_life_shows_what_is_so_by_now(database: Database) -> None:
    _, alert_id = owe(database, "Late: 1Z")
    now = datetime.now(UTC)

    def edit(text: str) -> int:
        with database.transaction() as session:
            return outbox.put(
                session,
                key=text,
                method=OutboxMethod.EDIT,
                channel="C0HARBOUR",
                payload={"text": text},
                urgency=2,
                now=now,
                alert_id=alert_id,
            )

    def claimed() -> OutboxMessage:
        limits = dict.fromkeys(OutboxMethod, 1)
        with database.transaction() as session:
            ((message, _),) = outbox.claim(
                session, datetime.now(UTC), OWNER, timedelta(minutes=1), limits=limits
            )
            return message

    def is_said() -> None:
        message = claimed()
        with database.transaction() as session:
            assert outbox.mark_sent(session, message.id or 0, OWNER, "1.0", now)

    is_said()
    edit("Acknowledged")
    overtaken = claimed()
    with database.transaction() as session:
        assert outbox.mark_dead(session, overtaken.id or 0, OWNER, "fatal_error")
    edit("Resolved")
    is_said()
    assert tallyman("retry", str(overtaken.id)).exit_code == 0
    assert claimed().payload == {"text": "Resolved"}


@pytest.mark.parametrize("word", ["retry", "drop"])
def test_an_id_that_nobody_has_is_answered_in_a_line(database: Database, word: str) -> None:
    said = tallyman(word, "99")
    assert said.exit_code == 1
    assert said.output == (
        "There is no message 99: `tallyman outbox list` names those set aside.\n"
    )


def test_a_database_that_was_never_migrated_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tallyman.sqlite").touch()
    said = tallyman("list")
    assert said.exit_code == 1
    assert said.output == "The database is not up to date: `tallyman migrate` brings it there.\n"
