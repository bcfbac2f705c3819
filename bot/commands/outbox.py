"""tallyman outbox"""

# ruff: noqa: PLC0415

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plainly import fail, plainly

if TYPE_CHECKING:
    from sqlmodel import Session

outbox_app = typer.Typer(
    help="What Slack did not get: see it, send it again, or give it up.", no_args_is_help=True
)


@outbox_app.command("list")
def outbox_list() -> None:
    """Print what was set aside, and why, and what waits."""
    from bot.dead_letters import listing

    with _at_database() as (session, now):
        lines = listing(session, now)
    for line in lines:
        typer.echo(line)


@outbox_app.command("retry")
def outbox_retry(
    message_id: Annotated[int, typer.Argument(metavar="ID", help="As `outbox list` names it.")],
) -> None:
    """Give a message that was set aside another life."""
    from bot.dead_letters import retry

    with _at_database() as (session, now):
        said = retry(session, message_id, now)
    typer.echo(said)


@outbox_app.command("drop")
def outbox_drop(
    message_id: Annotated[int, typer.Argument(metavar="ID", help="As `outbox list` names it.")],
    why: Annotated[str, typer.Option(help="Kept beside it.")] = "dropped by hand",
) -> None:
    """Give up a message that was set aside: it is kept, and never said."""
    from bot.dead_letters import drop

    with _at_database() as (session, _):
        said = drop(session, message_id, why)
    typer.echo(said)


@contextmanager
def _at_database() -> "Iterator[tuple[Session, datetime]]":
    """One transaction on the database of the environment, whether Tallyman runs or not, and the
    time by its clock."""
    with plainly():
        from bot.checking.environment import read_settings
        from bot.dead_letters import NotSetAside
        from storage import migrate as migrations
        from storage.database import Database

        settings = read_settings()
        with plainly(settings):
            database = Database(settings.database_url)
            try:
                if migrations.pending(database):
                    fail("The database is not up to date: `tallyman migrate` brings it there.")
                with database.transaction() as session:
                    yield session, settings.clock()()
            except migrations.NewerDatabase as error:
                fail(f"Cannot read the database: {error}.")
            except NotSetAside as error:
                fail(str(error))
            finally:
                database.close()
