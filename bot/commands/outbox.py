"""tallyman outbox"""

# ruff: noqa: PLC0415

from typing import Annotated

import typer

from bot.commands.at_database import at_database
from bot.commands.plainly import fail

outbox_app = typer.Typer(
    help="What Slack did not get: see it, send it again, or give it up.", no_args_is_help=True
)


@outbox_app.command("list")
def outbox_list() -> None:
    """Print what was set aside, and why, and what waits."""
    from bot.dead_letters import listing

    with at_database() as (session, now):
        lines = listing(session, now)
    for line in lines:
        typer.echo(line)


@outbox_app.command("retry")
def outbox_retry(
    message_id: Annotated[int, typer.Argument(metavar="ID", help="As `outbox list` names it.")],
) -> None:
    """Give a message that was set aside another life."""
    from bot.dead_letters import NotSetAside, retry

    try:
        with at_database() as (session, now):
            said = retry(session, message_id, now)
    except NotSetAside as error:
        fail(str(error))
    typer.echo(said)


@outbox_app.command("drop")
def outbox_drop(
    message_id: Annotated[int, typer.Argument(metavar="ID", help="As `outbox list` names it.")],
    why: Annotated[str, typer.Option(help="Kept beside it.")] = "dropped by hand",
) -> None:
    """Give up a message that was set aside: it is kept, and never said."""
    from bot.dead_letters import NotSetAside, drop

    try:
        with at_database() as (session, _):
            said = drop(session, message_id, why)
    except NotSetAside as error:
        fail(str(error))
    typer.echo(said)
