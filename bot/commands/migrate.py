"""tallyman migrate"""

# ruff: noqa: PLC0415

from typing import Annotated

import typer

from bot.commands.plainly import fail, plainly

IN_MEMORY = "sqlite://"
"""As empty as a file that isn't there yet, which only looking must not make."""


def migrate(
    pending: Annotated[
        bool, typer.Option("--pending", help="Only name what would be applied.")
    ] = False,
) -> None:
    """Bring the database to this version of Tallyman."""
    with plainly():
        from bot.checking.database import missing_file
        from bot.checking.environment import read_settings
        from storage import migrate as migrations
        from storage.database import Database

        settings = read_settings()
        with plainly(settings):
            is_to_come = pending and missing_file(settings.database_url) is not None
            database = Database(IN_MEMORY if is_to_come else settings.database_url)
            try:
                names = (migrations.pending if pending else migrations.upgrade)(database)
            except migrations.NewerDatabase as error:
                fail(f"Cannot migrate: {error}.")
            finally:
                database.close()
        for name in names:
            typer.echo(f"{'to apply' if pending else 'applied'}: {name}")
        if not names:
            typer.echo("Nothing to apply: the database is up to date.")
