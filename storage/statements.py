"""What the two databases say alike but SQLAlchemy keeps apart, and batches."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CursorResult,
    Dialect,
    Executable,
    SQLColumnExpression,
    String,
    Table,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

BATCH = 1_000  # rows a statement: well under both databases' limits on parameters

Item = TypeVar("Item")


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def upsert(session: Session, table: Table) -> postgresql.Insert:
    """An INSERT that takes `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if is_sqlite(session):
        # The two classes have the same methods, but no common ancestor that has them.
        return cast("postgresql.Insert", sqlite.insert(table))
    return postgresql.insert(table)


def in_batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def is_among(column: SQLColumnExpression[Any], name: str) -> ColumnElement[bool]:
    """`column IN values`, the values being one parameter of this name: quicker to say than a
    thousand, and the statement can be made once and for all."""
    item = cast("ColumnElement[Any]", column).type
    return _IsAmong(column, bindparam(name, type_=_Many(item)))


class _Many(TypeDecorator[Sequence[Any]]):
    """Values of one parameter: an array, or for SQLite, which has none, JSON."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_json = dialect.name == "sqlite"
        return dialect.type_descriptor(String() if is_json else ARRAY(self.item))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return json.dumps(value)


class _IsAmong(FunctionElement[bool]):
    # Of no type: SQLite has no booleans, and of what is one it would be asked whether it `= 1`.
    name = "is_among"
    inherit_cache = True


@compiles(_IsAmong, "sqlite")
def _is_among_on_sqlite(element: _IsAmong, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  of its own words


@compiles(_IsAmong)
def _is_among_on_postgres(element: _IsAmong, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY({values})"


def change(session: Session, statement: Executable) -> int:
    """Executes an UPDATE or DELETE; returns how many rows it touched."""
    result = cast("CursorResult[Any]", session.execute(statement))
    return result.rowcount
