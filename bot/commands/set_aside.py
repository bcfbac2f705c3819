"""tallyman set-aside"""

# ruff: noqa: PLC0415

import typer

from bot.commands.at_database import at_database


def set_aside() -> None:
    """Print what sources brought that could not be taken: where it is, and why."""
    from bot.bad_input import listing

    with at_database() as (session, now):
        lines = listing(session, now)
    for line in lines:
        typer.echo(line)
