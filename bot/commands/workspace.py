"""tallyman workspace"""

# ruff: noqa: PLC0415

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Port
from bot.commands.plainly import plainly

if TYPE_CHECKING:
    from bot.workspace import WorkspaceSetup


def workspace(
    port: Port = 8090,
    state_dir: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Where its messages outlive it; else in memory only."),
    ] = None,
    setup: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="People and channels, as YAML. Without it: those that the book needs.",
        ),
    ] = None,
) -> None:
    """Run a Slack workspace on this machine, to try Tallyman out with."""
    with plainly(port=port, how_to_choose_port="--port"):
        import anyio

        from bot.trying_out import setup_from

        described = setup_from(setup) if setup is not None else _setup_of_book()
        anyio.run(_serve, described, port, state_dir)


def _setup_of_book() -> "WorkspaceSetup":
    from bot.backtest.keyless import load_book_without_keys
    from bot.checking.environment import read_environment, read_settings
    from bot.trying_out import setup_for

    return setup_for(load_book_without_keys(read_settings().tallyman_book, read_environment()))


async def _serve(described: "WorkspaceSetup", port: int, state_dir: Path | None) -> None:
    import signal

    import anyio

    from bot.workspace import Workspace

    local = Workspace(described, state_dir=state_dir)
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        await local.start(port)
        try:
            typer.echo(_invitation(local.url, local.api_url, described))
            sys.stdout.flush()
            async for _ in signals:
                return
        finally:
            await local.stop()


def _invitation(url: str, api_url: str, described: "WorkspaceSetup") -> str:
    lines = [
        f"The workspace is at {url}",
        "",
        "To let Tallyman work in it, in another terminal:",
        f"  export SLACK_API_URL={api_url}",
        f"  export SLACK_BOT_TOKEN={described.bot_token}",
    ]
    if described.request_url is None:
        lines.append(f"  export SLACK_APP_TOKEN={described.app_token}")
    else:
        lines.append(f"  export SLACK_SIGNING_SECRET={described.signing_secret}")
    return "\n".join([*lines, "  tallyman run", "", "Ctrl-C ends it."])
