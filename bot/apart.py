"""What is done to many at once, and must not stop for one that it cannot be done to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlmodel import Session

TRIED_AGAIN_AFTER = timedelta(minutes=15)  # by then, the fault may be mended, or the data

Item = TypeVar("Item")

log = structlog.get_logger(__name__)


def do_apart(
    session: Session,
    items: Sequence[Item],
    do: Callable[[Sequence[Item]], None],
    name: Callable[[Item], str],
) -> list[Item]:
    """Does it to all of them at once; where that fails, to each by itself. Returns those that it
    fails with: nothing of that is stored, and the log has each with its fault, under its name.

    What keeps the database from doing anything at all is raised, and concerns all of them.
    """
    if not items:
        return []
    try:
        with session.begin_nested():
            do(items)
    except Exception as error:
        if concerns_all(error):
            raise
        if len(items) > 1:
            return [one for one in items if do_apart(session, [one], do, name)]
        log.exception("set aside for now", subject=name(items[0]))
        return list(items)
    return []


def concerns_all(error: Exception) -> bool:
    """Whether the database refuses to do anything, be it for one or for many."""
    return isinstance(error, SQLAlchemyError) and not isinstance(error, DataError)


async def each_to_its_end(works: Sequence[Awaitable[None]]) -> None:
    """Runs them side by side. A fault in one, raised at the end, does not cut the others short."""
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    faults = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    if faults:
        raise ExceptionGroup(f"{len(faults)} of {len(works)} failed", faults)
