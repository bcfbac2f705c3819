"""The database: whether it answers, may be written to, and which migrations it waits for."""

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.checking.explaining import database_fault
from bot.checking.results import CheckResult, fault, ok
from storage import migrate
from storage.database import Database

NAME = "Database"
CONNECT_TIMEOUT = 10  # seconds, for a server that doesn't say no


def check_database(url: URL) -> list[CheckResult]:
    """Changes nothing: a file that isn't there yet isn't made."""
    place = url.render_as_string(hide_password=True)
    path = sqlite_file(url)
    if path is not None and not path.exists():
        return [_absent_file(place, path)]
    if path is not None and not os.access(path, os.R_OK | os.W_OK):
        return [_not_ours(place, path)]
    database = Database(_patient_for(CONNECT_TIMEOUT, url))
    try:
        pending = migrate.pending(database)
    except SQLAlchemyError as error:
        return [database_fault(error, url).as_fault(NAME, place)]
    except migrate.NewerDatabase as error:
        return [fault(NAME, "migrations", str(error))]
    finally:
        database.close()
    return [ok(NAME, place, "answers"), _migrations(pending)]


def _migrations(pending: list[str]) -> CheckResult:
    place = "migrations"
    if not pending:
        return ok(NAME, place, "all applied")
    return ok(
        NAME,
        place,
        f"to apply: {', '.join(pending)}. `tallyman run` applies them when it starts, "
        "`tallyman migrate` at once",
    )


def sqlite_file(url: URL) -> Path | None:
    """None for another database, and for one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def missing_file(url: str) -> Path | None:
    """The SQLite file that is to be made yet; None where there is one, or none is needed."""
    path = sqlite_file(make_url(url))
    return None if path is None or path.exists() else path


def _absent_file(place: str, path: Path) -> CheckResult:
    if not path.parent.is_dir():
        return fault(
            NAME,
            place,
            f"there is no folder {path.parent.absolute()} to make it in",
            "make the folder, or set DATABASE_URL to another file",
        )
    if not os.access(path.parent, os.W_OK):
        return _not_ours(place, path.parent)
    return ok(NAME, place, "is not there yet; `tallyman run` makes it when it starts")


def _not_ours(place: str, path: Path) -> CheckResult:
    return fault(
        NAME,
        place,
        f"{path.absolute()} can't be written to by who runs this",
        "give the right to, or set DATABASE_URL to another file",
    )


def _patient_for(seconds: int, url: URL) -> URL:
    if url.get_backend_name() == "sqlite" or "connect_timeout" in url.query:
        return url
    return url.update_query_dict({"connect_timeout": str(seconds)})
