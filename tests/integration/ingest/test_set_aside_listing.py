"""`tallyman set-aside`: what sources brought that could not be taken."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from storage import migrate, set_aside
from storage.database import Database
from storage.set_aside import BadInput


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


def listed() -> list[str]:
    result = CliRunner().invoke(app, ["set-aside"])
    assert result.exit_code == 0
    return result.output.splitlines()


def test_where_all_was_taken_there_is_nothing_to_list(database: Database) -> None:
    assert listed() == ["Nothing is set aside: all that sources brought was taken."]


def test_every_line_is_there_with_its_reason_and_not_only_the_first_few(database: Database) -> None:
    now = datetime.now(UTC) - timedelta(hours=3)
    no_date = [BadInput(f"orders.csv:{n}", "promised_at: no date", "PX-1\x1b[31m") for n in (4, 5)]
    with database.transaction() as session:
        set_aside.record(session, "orders", no_date, now)
        set_aside.record(session, "easypost", [BadInput("trk_1", "no partner", "")], now)
    assert listed() == [
        "3 bad entries set aside. Mend them where they come from: they are taken when read again.",
        "easypost: 1",
        "  trk_1: no partner (first seen 3 hours ago)",
        "orders: 2",
        "  orders.csv:4: promised_at: no date (first seen 3 hours ago)",
        "      PX-1[31m",
        "  orders.csv:5: promised_at: no date (first seen 3 hours ago)",
        "      PX-1[31m",
    ]
