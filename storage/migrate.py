"""Brings a database to the tables of this version. There is no way back but a backup."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database


class NewerDatabase(LookupError):
    """A newer version has migrated the database; the text says what to do."""


_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 4_117_304_252  # any number that nothing else takes


def upgrade(database: Database) -> list[str]:
    """Applies what is pending, all or nothing, one process at a time; returns what it applied."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        applied = _pending(connection)
        if applied:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return applied


def pending(database: Database) -> list[str]:
    """What `upgrade` would apply, oldest first: `0001 the first tables`. Empty when up to date.

    Raises NewerDatabase.
    """
    with database.snapshot() as session:
        return _pending(session.connection())


def make_migration(database: Database, message: str, revision: str) -> None:
    """For developers: writes the step from this migrated database to the tables as declared."""
    with database.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=revision)


def _pending(connection: Connection) -> list[str]:
    scripts = ScriptDirectory.from_config(_config())
    applied = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if applied is not None and applied not in known:
        raise NewerDatabase(
            f"the database is at migration {applied}, which this version does not know: "
            "it was migrated by a newer one; start that version, or restore a backup"
        )
    steps = scripts.iterate_revisions("head", applied or "base")
    return [f"{step.revision} {step.doc}" for step in reversed(list(steps))]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
