"""A checkup on the terminal: a line for each thing, whole at any width and without colour."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.book import ThresholdRow, threshold_table
from bot.book.models import Book
from bot.checking.results import CheckResult, CheckState, Checkup
from bot.messages.text import plain
from bot.routing.wording import routing_rows

_MARKS = {
    CheckState.OK: ("✓ ok", "green"),
    CheckState.FAULT: ("✗ FAULT", "bold red"),
    CheckState.SKIPPED: ("- not checked", "yellow"),
}


def print_checkup(checkup: Checkup, console: Console) -> None:
    for name, results in groupby(checkup.results, key=lambda result: result.name):
        _print(console, Text(name, style="bold"))
        for result in results:
            _print(console, _line(result))
            if result.how_to_mend:
                _print(console, Text(f"      To mend it: {plain(result.how_to_mend)}."))
        _print(console, Text())
    if checkup.book is not None:
        print_thresholds(checkup.book, console)
        print_routing(checkup.book, console)
    _print(console, _summary(checkup))


def print_thresholds(book: Book, console: Console) -> None:
    """What each rule measures against, for each partner and service; once, where it holds for
    every partner alike."""
    _print(console, Text("Thresholds", style="bold"))
    header = ("partner", "service", "threshold", "holds", "said by")
    for line in _aligned([header, *_threshold_rows(book)]):
        _print(console, Text(f"  {line}"))
    _print(console, Text())


def _threshold_rows(book: Book) -> Iterator[tuple[str, ...]]:
    rows = [_cells(row) for row in threshold_table(book)]
    told = Counter(row[1:] for row in rows)
    alike = {row for row, times in told.items() if 1 < times == len(book.partners)}
    for row in dict.fromkeys(row[1:] for row in rows if row[1:] in alike):
        yield ("each", *row)
    for row in rows:
        if row[1:] not in alike:
            yield row


def print_routing(book: Book, console: Console) -> None:
    """Where a case is told; nothing where the book has no routes."""
    if not book.routing.routes:
        return
    which = {"first": "the first that holds takes a case", "all": "all that hold take a case"}
    _print(console, Text(f"Routes: {which[book.routing.match]}", style="bold"))
    for line in _aligned([("route", "takes", "to"), *routing_rows(book)]):
        _print(console, Text(f"  {line}"))
    _print(console, Text())


def _line(result: CheckResult) -> Text:
    mark, style = _MARKS[result.state]
    return Text.assemble("  ", (mark, style), f"  {plain(result.place)}: {plain(result.message)}")


def _summary(checkup: Checkup) -> Text:
    faults, left_out = len(checkup.faults), len(checkup.skipped)
    if not faults:
        return Text("Everything that `tallyman run` needs is there.", style="green")
    words = "1 fault" if faults == 1 else f"{faults} faults"
    unknown = f", {left_out} not checked" if left_out else ""
    where = ", ".join(dict.fromkeys(fault.name for fault in checkup.faults))
    return Text(
        f"{words}{unknown}: `tallyman run` would not do all its work. See above: {where}.",
        style="bold red",
    )


def _cells(row: ThresholdRow) -> tuple[str, ...]:
    setting = "off" if row.setting is None else f"{row.setting:g} {row.threshold.unit.value}"
    return (
        row.partner_key,
        plain(row.service or "any"),
        row.threshold.name,
        setting,
        plain(row.said_by),
    )


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _print(console: Console, text: Text) -> None:
    # Soft wrapping leaves a long line to the terminal: rich would break or crop it.
    console.print(text, soft_wrap=True)
