"""One database: SQLite by default, PostgreSQL by its URL. Transactions are plain functions."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio.to_thread
from psycopg.errors import DeadlockDetected, UniqueViolation
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

BUSY_TIMEOUT = 30.0  # seconds a writer waits for SQLite's one write lock
ASKED_AGAIN_AFTER = 0.01  # seconds, where SQLite refuses a lock without waiting for it
POSTGRES_CONNECTIONS = 8  # per process
UNDONE_AT_MOST = 3  # times in a row, because of another, before it is an error
BECAUSE_OF_ANOTHER = (DeadlockDetected, UniqueViolation)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Database:
    """An engine, and the threads that transactions run on.

    >>> database.run(cases.find, case_id)  # doctest: +SKIP
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgres(self.url)
        self._limiter: anyio.CapacityLimiter | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commits at the end, rolls back on any exception. On SQLite it holds the write lock."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """For reading only: never waits for a writer, and rolls back whatever was written."""
        engine = self.engine.execution_options(read_only=True)
        with Session(engine, expire_on_commit=False) as session:
            yield session

    async def run(
        self,
        function: Callable[Concatenate[Session, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Runs `function(session, ...)` as one transaction on a worker thread: again, where the
        database undid it because of another, for which it waited, or which stored the same."""

        def transact() -> Result:
            with self.transaction() as session:
                return function(session, *args, **kwargs)

        def insist() -> Result:
            for _ in range(UNDONE_AT_MOST):
                try:
                    return transact()
                except DBAPIError as error:
                    if not isinstance(error.orig, BECAUSE_OF_ANOTHER):
                        raise
            return transact()

        return await anyio.to_thread.run_sync(insist, limiter=self._threads())

    async def read(
        self,
        function: Callable[Concatenate[Session, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Runs `function(session, ...)` on a snapshot, on a worker thread of its own."""

        def look() -> Result:
            with self.snapshot() as session:
                return function(session, *args, **kwargs)

        return await anyio.to_thread.run_sync(look)

    def close(self) -> None:
        self.engine.dispose()

    def _threads(self) -> anyio.CapacityLimiter:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(1 if self.is_sqlite else POSTGRES_CONNECTIONS)
        return self._limiter


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver must not begin transactions of its own: see `begin`.
        connection.isolation_level = None
        _write_ahead(connection)
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction that reads, then writes, fails under several writers.
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    # Its change of journal is the one lock that SQLite's own time-out doesn't wait for: of two
    # processes that open a new file at once, one would be told that it is locked.
    until = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
        time.sleep(ASKED_AGAIN_AFTER)


def _postgres(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POSTGRES_CONNECTIONS,
        pool_pre_ping=True,
        hide_parameters=True,  # they hold customers' addresses, and errors are logged
    )
