"""The database that steps built is the one that the tables declare."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL
from sqlmodel import SQLModel

from storage import alert_cases, cases, due, migrate
from storage.database import Database
from storage.migrate import pending, upgrade
from storage.vocabulary import AlertForm, DueKind


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str | URL:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: URL = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
def empty(empty_url: str | URL) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def test_steps_lead_to_the_declared_tables(empty: Database) -> None:
    applied = upgrade(empty)
    assert applied[0].startswith("0001 ")
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_what_comparing_overlooks_is_the_same_too(tmp_path: Path) -> None:
    """Keys without rowid, conditions of indexes: SQLite keeps the words."""
    migrated = Database(f"sqlite:///{tmp_path / 'migrated.db'}")
    upgrade(migrated)
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    SQLModel.metadata.create_all(fresh.engine)
    assert _words(migrated) == _words(fresh)
    assert "ROWID" in _words(fresh)["checkpoint"]
    migrated.close()
    fresh.close()


def test_what_is_pending_is_said_and_the_second_time_there_is_nothing(empty: Database) -> None:
    before = pending(empty)
    assert before
    assert upgrade(empty) == before
    assert pending(empty) == []
    assert upgrade(empty) == []


def test_asking_what_is_pending_changes_nothing(empty: Database) -> None:
    pending(empty)
    assert inspect(empty.engine).get_table_names() == []


def test_two_processes_that_start_together_migrate_once(empty_url: str | URL) -> None:
    def start(_: int) -> int:
        database = Database(empty_url)
        applied = upgrade(database)
        database.close()
        return len(applied)

    with ThreadPoolExecutor(3) as pool:
        applied = sorted(pool.map(start, range(3)))
    assert applied[:2] == [0, 0]
    assert applied[2] > 0


def test_data_survive_another_start(empty: Database) -> None:
    upgrade(empty)
    with empty.transaction() as session:
        assert due.earliest(session, DueKind.POLL_SOURCE) is None
        session.execute(
            text(
                "INSERT INTO partner (key, name, kind, channel, in_book)"
                " VALUES ('acme', 'Acme', '3pl', 'C0A', true)"
            )
        )
    upgrade(empty)
    with empty.snapshot() as session:
        assert session.execute(text("SELECT name FROM partner")).scalars().all() == ["Acme"]


def test_what_was_said_by_an_earlier_version_is_not_said_again(empty: Database) -> None:
    _upgrade_to(empty, "0002")
    with empty.transaction() as session:
        for statement in _ONE_SAID_CASE:
            session.execute(text(statement), {"then": "2026-06-15 08:00:00.000000+00:00"})
    upgrade(empty)
    with empty.snapshot() as session:
        (said,) = alert_cases.of_cases(session, [1])[1]
        assert said.said_at is not None
        assert said.severity == "warning"
        assert said.form == AlertForm.GROUP
        (member,) = alert_cases.members_of(session, [said.id or 0])[said.id or 0]
        assert [event.id for event in cases.history(session, 1)] == [member.told_event_id]


_ONE_SAID_CASE = (
    "INSERT INTO alert (id, channel, message_ts, created_at) VALUES (7, 'C0A', '1.1', :then)",
    "INSERT INTO cases (id, kind, subject, severity, state, facts, since, opened_at, changed_at, "
    "alert_id) VALUES (1, 'promise_passed', 'shipment:1', 'warning', 'open', '{}', :then, :then, "
    ":then, 7)",
    "INSERT INTO case_event (id, case_id, at, actor, action) VALUES (3, 1, :then, 'rule', "
    "'opened')",
)


def _upgrade_to(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_a_database_of_a_newer_version_is_refused_in_words(empty: Database) -> None:
    upgrade(empty)
    with empty.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LookupError, match="9999, which this version does not know"):
        pending(empty)
    with pytest.raises(LookupError, match="migrated by a newer one"):
        upgrade(empty)


def _words(database: Database) -> dict[str, list[str]]:
    with database.snapshot() as session:
        rows = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != :own"),
            {"own": "alembic_version"},
        ).all()
    return {name: sorted(re.findall(r"\w+", sql)) for name, sql in rows}
