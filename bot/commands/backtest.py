"""tallyman backtest"""

# ruff: noqa: PLC0415

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.plainly import fail, plainly


def backtest(
    shipments: Annotated[
        Path, typer.Option(dir_okay=False, help="What was promised: a .csv or .csv.gz file.")
    ],
    checkpoints: Annotated[
        Path, typer.Option(dir_okay=False, help="What happened to it: a .csv or .csv.gz file.")
    ],
    book: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Without it, every partner has every default."),
    ] = None,
    first_day: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day reported, in UTC."),
    ] = None,
    last_day: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="The last; else that of the last news."),
    ] = None,
    alerts_out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Writes every opening, change and end: CSV.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Writes a page with charts: HTML.")
    ] = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(help="A threshold to try at half and twice its value; may be repeated."),
    ] = None,
) -> None:
    """Replay a recorded history, and say what would have been alerted on, and how rightly."""
    with plainly():
        _require_apart(
            {"--alerts-out": alerts_out, "--report": report},
            {"--shipments": shipments, "--checkpoints": checkpoints, "--book": book},
        )
        from rich.console import Console

        from bot.backtest.command import run_command
        from bot.backtest.files import HistoryRefused
        from bot.backtest.keyless import load_book_without_keys
        from bot.backtest.running import Window
        from bot.backtest.sweep import UnknownThreshold

        try:
            run_command(
                shipments,
                checkpoints,
                book=load_book_without_keys(book) if book is not None else None,
                window=Window(
                    first_day.date() if first_day else None, last_day.date() if last_day else None
                ),
                sweep=sweep or (),
                alerts_out=alerts_out,
                report=report,
                console=Console(),
                progress_console=Console(stderr=True),
            )
        except (HistoryRefused, UnknownThreshold) as error:
            fail(str(error))


def _require_apart(written: Mapping[str, Path | None], read: Mapping[str, Path | None]) -> None:
    """Before anything is written: a slip of the hand must not cost somebody's history."""
    taken = {path.resolve(): option for option, path in read.items() if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            fail(f"{option} and {other} are both {path}: name another file with {option}.")
