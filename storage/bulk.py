"""Many rows at once, nearly as fast as the bare driver: values go to it and come from it as they
are, since SQLAlchemy's work on each value costs more than the database's."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import (
    JSON,
    Boolean,
    ClauseElement,
    ColumnElement,
    Compiled,
    CursorResult,
    Date,
    DateTime,
    Dialect,
    Select,
    Table,
    bindparam,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.statements import in_batches, is_sqlite

Read = TypeVar("Read")
Row = tuple[Any, ...]
"""Values in the order of the columns; instants in UTC."""

_MINUTES = [f" {hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)]
_SECONDS = [f"{second:02}.000000" for second in range(60)]
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
_PSYCOPG: Dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


def _from_text(read: str) -> datetime:
    return datetime.fromisoformat(f"{read}+00:00")


def _in_utc(read: datetime) -> datetime:
    return read.astimezone(UTC)


_INSTANTS = (DateTime, UTCDateTime)
_Readers = Sequence[tuple[tuple[type, ...], Callable[[Any], Any]]]
"""By the types of a column, what makes of the driver's values those that the column keeps."""
_READ_FROM_SQLITE: _Readers = (
    (_INSTANTS, _from_text),
    ((Date,), date.fromisoformat),
    ((Boolean,), bool),
    ((JSON,), json.loads),
)
_READ_FROM_POSTGRES: _Readers = ((_INSTANTS, _in_utc),)


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
        self._sqlite = _said(on_conflict(for_sqlite), _SQLITE, self._columns)
        self._postgres = _said(on_conflict(postgresql.insert(table)), _PSYCOPG, self._columns)

    def execute(self, session: Session, rows: Sequence[Row]) -> None:
        if rows:
            statement = self._sqlite if is_sqlite(session) else self._postgres
            session.connection().exec_driver_sql(statement, rows)


class BulkUpdate:
    """An UPDATE of these columns of one row, found by the columns of its `key`."""

    def __init__(self, table: Table, columns: Sequence[str], key: Sequence[str]) -> None:
        # A name of its own for each parameter: that of a column would be one more value to set.
        parameters = [f"new_{name}" for name in columns] + [f"of_{name}" for name in key]
        statement = (
            update(table)
            .where(*(table.c[name] == bindparam(f"of_{name}") for name in key))
            .values({name: bindparam(f"new_{name}") for name in columns})
        )
        self._sqlite = _said(statement, _SQLITE, parameters)
        self._postgres = _said(statement, _PSYCOPG, parameters)

    def execute(self, session: Session, rows: Sequence[Row]) -> None:
        """The values of the columns, then those of the key."""
        if rows:
            statement = self._sqlite if is_sqlite(session) else self._postgres
            session.connection().exec_driver_sql(statement, rows)


class Prepared:
    """A statement that is put into words once, and given its parameters by name.

    `is_among` is given a list: at most a batch.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._sqlite = _Words(statement, _SQLITE, _READ_FROM_SQLITE)
        self._postgres = _Words(statement, _PSYCOPG, _READ_FROM_POSTGRES)

    def execute(self, session: Session, **given: object) -> Sequence[Row]:
        """What it selects."""
        session.flush()  # what was changed and not yet written is to be seen too
        if is_sqlite(session):
            words = self._sqlite
            given = {
                name: json_text(value) if isinstance(value, list) else value
                for name, value in given.items()
            }
        else:
            words = self._postgres
        result = session.connection().exec_driver_sql(words.text, words.parameters(given))
        if not result.returns_rows:
            return ()
        rows = _rows(result)
        return [_read(row, words.readers) for row in rows] if words.readers else rows


class _Words:
    """A statement as one of the databases takes it."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, readers: _Readers) -> None:
        compiled = _compiled(statement, dialect)
        self.text = str(compiled)
        self.readers = [
            (place, read)
            for place, column in enumerate(_selected(statement))
            for kinds, read in readers
            if isinstance(column.type, kinds)
        ]
        self._names = compiled.positiontup or []
        self._literals = {
            name: bound.value for name, bound in compiled.binds.items() if not bound.required
        }

    def parameters(self, given: Mapping[str, object]) -> tuple[object, ...]:
        known = {**self._literals, **given}
        return tuple([known[name] for name in self._names])


class BulkSelect(Generic[Read]):
    """A SELECT of the rows whose `key` is among many values, and whose columns `equal` have one
    value each. Columns that keep anything but text, numbers and instants are not for it.

    `read` makes of the values of a row, in the order of the columns, what the caller wants.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        read: Callable[[Iterable[Any]], Read],
        *,
        key: str,
        equal: Sequence[str] = (),
        order_by: Sequence[str] = (),
    ) -> None:
        instants = {name for name in columns if isinstance(table.c[name].type, _INSTANTS)}

        def said(dialect: Dialect, among: str, chosen: Sequence[ColumnElement[Any]]) -> str:
            statement = (
                select(*chosen)
                .where(*(table.c[name] == bindparam(name) for name in equal))
                .where(text(f"{table.name}.{key} {among}"))
                .order_by(*(table.c[name] for name in order_by))
            )
            return _said(statement, dialect, [*equal, "wanted"])

        # One parameter for all values: a thousand of them would each be bound by itself.
        self._sqlite = said(
            _SQLITE,
            "IN (SELECT value FROM json_each(:wanted))",
            # With its offset: what is left to do is one call of C. A row has many instants.
            [
                literal_column(f"{table.name}.{name} || '+00:00'")
                if name in instants
                else table.c[name]
                for name in columns
            ],
        )
        self._postgres = said(_PSYCOPG, "= ANY(:wanted)", [table.c[name] for name in columns])
        self._read = read
        self._instants = [place for place, name in enumerate(columns) if name in instants]

    def execute(
        self, session: Session, wanted: Sequence[int] | Sequence[str], *equal: str
    ) -> list[Read]:
        session.flush()  # what was changed and not yet written is to be seen too
        on_sqlite = is_sqlite(session)
        statement = self._sqlite if on_sqlite else self._postgres
        instant = datetime.fromisoformat if on_sqlite else _in_utc
        connection = session.connection()
        found: list[Read] = []
        for batch in in_batches(wanted):
            given = (*equal, json_text(batch) if on_sqlite else list(batch))
            for row in _rows(connection.exec_driver_sql(statement, given)):
                values = list(row)
                for place in self._instants:
                    if values[place] is not None:
                        values[place] = instant(values[place])
                found.append(self._read(values))
        return found


def _selected(statement: ClauseElement) -> Iterable[ColumnElement[Any]]:
    return statement.selected_columns if isinstance(statement, Select) else ()


def _read(row: Row, readers: Iterable[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, read in readers:
        if values[place] is not None:
            values[place] = read(values[place])
    return tuple(values)


def _rows(result: CursorResult[Any]) -> Sequence[tuple[Any, ...]]:
    # The driver's own tuples: SQLAlchemy's rows cost as much again, and the garbage collector
    # follows each of them.
    with result:
        return result.cursor.fetchall()


def _said(statement: ClauseElement, dialect: Dialect, parameters: Sequence[str]) -> str:
    compiled = _compiled(statement, dialect, list(parameters))
    if compiled.positiontup != list(parameters):
        raise TypeError(f"the statement does not take {parameters} in this order")
    return str(compiled)


def _compiled(
    statement: ClauseElement, dialect: Dialect, column_keys: Sequence[str] | None = None
) -> SQLCompiler:
    compiled: Compiled = statement.compile(dialect=dialect, column_keys=column_keys)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{statement} is no statement that takes and gives values")
    return compiled


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
