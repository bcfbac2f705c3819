"""What the two databases say alike but SQLAlchemy keeps apart, and batches."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CursorResult,
    Executable,
    String,
    Table,
    any_,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
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


def among(session: Session, column: Mapped[str], values: Sequence[str]) -> ColumnElement[bool]:
    """`column IN values`, with one parameter for all of them: quicker to say than a thousand."""
    if is_sqlite(session):
        listed = func.json_each(json.dumps(values)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(literal(list(values), ARRAY(String())))


def change(session: Session, statement: Executable) -> int:
    """Executes an UPDATE or DELETE; returns how many rows it touched."""
    result = cast("CursorResult[Any]", session.execute(statement))
    return result.rowcount
