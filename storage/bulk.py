"""Many rows at once, nearly as fast as the bare driver: values go to it as they are, since
SQLAlchemy's binding of each value costs more than the database's work on it."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Compiled, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

from storage.statements import is_sqlite

Row = tuple[Any, ...]
"""Values in the order of the columns; instants in UTC."""

_MINUTES = [f" {hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)]
_SECONDS = [f"{second:02}.000000" for second in range(60)]
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
_PSYCOPG: Dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


class BulkInsert:
    """An INSERT of one row with these columns, and what it does on a conflict.

    `on_conflict` is given the INSERT, and may bind no parameters of its own.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        on_conflict: Callable[[postgresql.Insert], postgresql.Insert],
    ) -> None:
        # The two classes have the same methods, but no common ancestor that has them.
        for_sqlite = cast("postgresql.Insert", sqlite.insert(table))
        self._columns = list(columns)
        self._sqlite = self._said(on_conflict(for_sqlite), _SQLITE)
        self._postgres = self._said(on_conflict(postgresql.insert(table)), _PSYCOPG)

    def execute(self, session: Session, rows: Sequence[Row]) -> None:
        if rows:
            statement = self._sqlite if is_sqlite(session) else self._postgres
            session.connection().exec_driver_sql(statement, rows)

    def _said(self, statement: postgresql.Insert, dialect: Dialect) -> str:
        compiled: Compiled = statement.compile(dialect=dialect, column_keys=self._columns)
        if not isinstance(compiled, SQLCompiler) or compiled.positiontup != self._columns:
            raise TypeError(f"the statement does not take {self._columns} in this order")
        return str(compiled)


def json_text(value: object) -> str | None:
    """As a JSON column of either database takes it: the same data give the same text."""
    if value is None:
        return None
    return _ENCODER.encode(value)


@lru_cache(maxsize=4_096)  # a page says the same instants again and again
def _instant(value: datetime) -> str:
    # As SQLAlchemy stores it, so that keys compare equal: UTC, and no offset. Put together from
    # parts, it takes a third of the time that isoformat does, and a row has a dozen of them.
    if value.microsecond:
        return value.isoformat(" ", "microseconds")[:26]
    day = _day(value.toordinal())
    return day + _MINUTES[value.hour * 60 + value.minute] + _SECONDS[value.second]


@lru_cache(maxsize=4_096)
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


sqlite3.register_adapter(datetime, _instant)
sqlite3.register_adapter(date, date.isoformat)
