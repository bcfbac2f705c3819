"""tallyman demo"""

# ruff: noqa: PLC0415

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Port
from bot.commands.plainly import fail, plainly

TRACES = ("time", "workspace", "orders")
"""What a folder holds that was a demo's."""


def demo(
    port: Port = 8080,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what was, and begin its history anew.")
    ] = False,
    state_dir: Annotated[
        Path, typer.Option(file_okay=False, help="Where it keeps its database and workspace.")
    ] = Path(".demo"),
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day from which time goes on at its usual pace."
        ),
    ] = None,
) -> None:
    """Show everything on this machine, with real shipments and a local Slack."""
    with plainly(port=port, how_to_choose_port="--port / make demo PORT=9000"):
        import anyio

        from bot import logs
        from bot.checking.manifest import manifest_path
        from bot.demo.book import END
        from bot.demo.running import run_demo, start_afresh

        if fresh:
            _require_traces(state_dir)
            start_afresh(state_dir)
        logs.configure("WARNING")
        last = until.replace(tzinfo=UTC) if until else END
        anyio.run(run_demo, port, state_dir, manifest_path(), _announce, last)


def _require_traces(state_dir: Path) -> None:
    """Before a folder is emptied: a slip in --state-dir must not cost somebody's files."""
    if not state_dir.is_dir() or not any(state_dir.iterdir()):
        return
    if not any((state_dir / trace).exists() for trace in TRACES):
        fail(
            f"{state_dir} holds something, and it isn't the demo's: "
            "--fresh would delete it. Name another folder with --state-dir."
        )


def _announce(url: str) -> None:
    typer.echo(f"Tallyman's demo is at {url} (Ctrl-C ends it)")
    sys.stdout.flush()
