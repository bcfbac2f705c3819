"""What commands share that look into the database, whether Tallyman runs or not."""

# ruff: noqa: PLC0415

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from bot.commands.plainly import fail, plainly

if TYPE_CHECKING:
    from sqlmodel import Session


@contextmanager
def at_database() -> "Iterator[tuple[Session, datetime]]":
    """One transaction on the database of the environment, and the time by its clock."""
    with plainly():
        from bot.checking.database import missing_file
        from bot.checking.environment import read_settings
        from storage import migrate as migrations
        from storage.database import Database

        settings = read_settings()
        if (missing := missing_file(settings.database_url)) is not None:
            fail(
                f"There is no database {missing.absolute()}: go to the folder where Tallyman runs, "
                "or set DATABASE_URL."
            )
        with plainly(settings):
            database = Database(settings.database_url)
            try:
                if migrations.pending(database):
                    fail("The database is not up to date: `tallyman migrate` brings it there.")
                with database.transaction() as session:
                    yield session, settings.clock()()
            except migrations.NewerDatabase as error:
                fail(f"Cannot read the database: {error}.")
            finally:
                database.close()
