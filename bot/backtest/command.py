"""What `tallyman backtest` does once its options are known."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table

from bot.backtest.report import report_page
from bot.backtest.results import Results, Swept
from bot.backtest.running import Progress, Window, backtest
from bot.backtest.tally import AlertsFile
from bot.book.models import Book
from bot.messages import text
from bot.messages.kinds import words_of
from storage.vocabulary import OutboxMethod

SET_ASIDE_SHOWN = 5  # lines


def run_command(
    shipments: Path,
    checkpoints: Path,
    *,
    book: Book | None,
    window: Window,
    sweep: Sequence[str],
    alerts_out: Path | None,
    report: Path | None,
    console: Console,
    progress_console: Console,
) -> None:
    """Raises what `backtest` raises, and OSError where a file can't be written."""
    if report is not None:
        report.open("a").close()  # what can't be written is known before the long work
    with ExitStack() as stack:
        listen = None
        if alerts_out is not None:
            stream = stack.enter_context(alerts_out.open("w", encoding="utf-8", newline=""))
            listen = AlertsFile(stream).add
        with _bar(progress_console) as bar:
            results, swept = backtest(
                shipments,
                checkpoints,
                book=book,
                window=window,
                sweep=sweep,
                listen=listen or (lambda _: None),
                progress=_shown_on(bar, shipments, checkpoints),
            )
    if report is not None:
        report.write_text(report_page(results, "Backtest", swept), encoding="utf-8")
    _print_summary(results, swept, console)
    for path in (alerts_out, report):
        if path is not None:
            console.print(f"written: {path}", markup=False, highlight=False)


def _bar(console: Console) -> ProgressBar:
    return ProgressBar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _shown_on(bar: ProgressBar, *files: Path) -> Progress:
    total = sum(path.stat().st_size for path in files)
    task = bar.add_task("Reading", total=total)

    def replaying(name: str, news: int) -> None:
        nonlocal task
        bar.remove_task(task)
        task = bar.add_task(name, total=news)

    return Progress(
        read=lambda count: bar.advance(task, count),
        replaying=replaying,
        replayed=lambda count: bar.advance(task, count),
    )


def _print_summary(results: Results, swept: Sequence[Swept], console: Console) -> None:
    counts = results.counts
    posts = sum(
        count for said, count in results.messages.items() if said.method is OutboxMethod.POST
    )
    lines = [
        f"{results.since:%Y-%m-%d} to {results.end:%Y-%m-%d}: "
        f"{text.plural(counts.shipments, 'shipment')}, "
        f"{text.plural(counts.checkpoints, 'checkpoint')}, "
        f"{text.plural(results.partners, 'partner')}.",
        f"Messages: {posts:,}, which is {posts / results.days:.1f} a day over all channels.",
        f"Late deliveries announced before their promise: {results.recall}.",
        f"Announcements that came true: {results.precision}.",
        f"Median lead time: {_long(results)}.",
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False)
    console.print(_kinds_table(results))
    for one in swept:
        wrong = sum(figures.wrong for figures in one.results.kinds.values())
        console.print(
            f"{one.name} × {one.factor:g}: {text.plural(one.results.cases, 'case')}, "
            f"{wrong:,} wrong, recall {one.results.recall}, precision {one.results.precision}.",
            markup=False,
            highlight=False,
        )
    if counts.set_aside:
        _print_set_aside(results, console)


def _print_set_aside(results: Results, console: Console) -> None:
    count = results.counts.set_aside
    lines = [f"Set aside: {text.plural(count, 'line')}."]
    shown = results.set_aside[:SET_ASIDE_SHOWN]
    lines += [f"  {rejected.place}: {rejected.reason}" for rejected in shown]
    if count > len(shown):
        lines.append(f"  and {text.number(count - len(shown))} more: --report shows where")
    for line in lines:
        console.print(line, markup=False, highlight=False)


def _kinds_table(results: Results) -> Table:
    table = Table("Kind", title=None)
    for head in ("Cases", "Right", "Wrong", "Not to be told", "Precision"):
        table.add_column(head, justify="right")
    for figures in sorted(results.kinds.values(), key=lambda each: (-each.cases, each.kind)):
        table.add_row(
            words_of(figures.kind).name,
            f"{figures.cases:,}",
            f"{figures.right:,}",
            f"{figures.wrong:,}",
            f"{figures.undecided:,}",
            str(figures.precision) if figures.announced else "–",
        )
    return table


def _long(results: Results) -> str:
    return "unknown" if results.median_lead is None else text.span(results.median_lead)
