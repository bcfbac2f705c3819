"""tallyman check"""

# ruff: noqa: PLC0415

import typer

from bot.commands.plainly import plainly


def check() -> None:
    """Say of everything that `run` needs whether it is there, and how to mend what isn't."""
    with plainly():
        import anyio
        from rich.console import Console

        from bot.checking.checklist import check_everything
        from bot.checking.environment import SettingFault, read_environment, read_what_can_be
        from bot.checking.rendering import print_checkup

        refused: list[SettingFault] = []
        settings = read_what_can_be(refused)
        checkup = anyio.run(check_everything, settings, read_environment(), tuple(refused))
        print_checkup(checkup, Console())
        if checkup.faults:
            raise typer.Exit(1)
