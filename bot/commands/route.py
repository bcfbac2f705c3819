"""tallyman route"""

# ruff: noqa: PLC0415

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.plainly import fail, plainly

if TYPE_CHECKING:
    from bot.book import Book
    from bot.routing import RoutedCase

_STANDARD_INPUT = "-"
_MISUSED = 2


def route(
    example: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A case, as JSON; - reads it from standard input."),
    ] = None,
    print_example: Annotated[
        bool, typer.Option("--print-example", help="Print a case to begin with.")
    ] = False,
    book: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Another one than that of TALLYMAN_BOOK.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="When it comes up, in its partner's zone; now, if left out.",
        ),
    ] = None,
) -> None:
    """Explain where a case would be told, and why: route by route of the book."""
    if (example is None) is not print_example:
        typer.echo("Give one of them: --example FILE, or --print-example.", err=True)
        raise typer.Exit(_MISUSED)
    with plainly():
        from bot.backtest.keyless import load_book_without_keys
        from bot.checking.environment import read_settings
        from bot.routing.example import example_for

        settings = read_settings()
        of_book = load_book_without_keys(book or settings.tallyman_book)
        if example is None:
            typer.echo(example_for(of_book))
            return
        case = _read(example, of_book)
        now = settings.clock()() if at is None else _in_zone_of(case, at, of_book)
        for line in _explained(case, of_book, now):
            typer.echo(line)


def _read(example: str, book: "Book") -> "RoutedCase":
    from bot.routing.example import ExampleRefused, read_example

    name = "standard input" if example == _STANDARD_INPUT else example
    try:
        if example == _STANDARD_INPUT:
            given = sys.stdin.buffer.read()
        else:
            given = Path(example).read_bytes()
        return read_example(name, given.decode("utf-8-sig"), book)
    except UnicodeDecodeError as error:
        fail(f"{name}: is not UTF-8 at byte {error.start}: save it as UTF-8")
    except ExampleRefused as error:
        fail(str(error))


def _in_zone_of(case: "RoutedCase", at: datetime, book: "Book") -> datetime:
    from bot.book.calendar import calendar_for

    return at.replace(tzinfo=calendar_for(book, case.partner_key).zone)


def _explained(case: "RoutedCase", book: "Book", now: datetime) -> list[str]:
    from bot.routing import Router
    from bot.routing.explaining import explain
    from bot.routing.wording import explanation_lines

    # Where Slack has given a channel another id since, the book's name for it says as much.
    router = Router(book, {})
    return list(explanation_lines(case, explain(case, router, book, now), book, now))
