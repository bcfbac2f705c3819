"""A backtest from its files to its figures."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.backtest.derived_book import derived_book
from bot.backtest.files import HistoryRefused
from bot.backtest.history import History
from bot.backtest.replay import Replay, poll_interval, polled_at, private_database
from bot.backtest.results import Results, Swept, results_of
from bot.backtest.sweep import FACTORS, scaled, threshold_named
from bot.backtest.tally import AlertRow, Tally
from bot.book.models import Book
from storage.vocabulary import DueKind


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told how far it has got."""

    read: Callable[[int], None] = lambda _: None
    """So many more bytes of the files."""
    replaying: Callable[[str, int], None] = lambda _, __: None
    """What begins, and how many news there are."""
    replayed: Callable[[int], None] = lambda _: None
    """So many more news."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days, in UTC, that are reported; None is the beginning or end of the history."""

    first_day: date | None = None
    last_day: date | None = None


def backtest(
    shipments: Path,
    checkpoints: Path,
    *,
    book: Book | None = None,
    window: Window | None = None,
    sweep: Sequence[str] = (),
    listen: Callable[[AlertRow], None] = lambda _: None,
    progress: Progress | None = None,
) -> tuple[Results, tuple[Swept, ...]]:
    """Raises HistoryRefused where the files hold no history, UnknownThreshold for a name in
    `sweep` that no rule has, OSError where the files can't be read.

    `listen` is told every opening, change and resolution as it happens, oldest first. What
    happened before the window is replayed too, for the cases that are open when it begins.
    """
    thresholds = [threshold_named(name) for name in sweep]
    progress = progress or Progress()
    with tempfile.TemporaryDirectory(prefix="tallyman-backtest-") as folder:
        history = History(Path(folder, "history.db"), shipments, checkpoints, progress.read)
        try:
            book = book or derived_book(history.partner_names())
            judged = {DueKind.JUDGE_SHIPMENT, DueKind.JUDGE_TERM}
            if history.tells_of_accounts():
                judged.add(DueKind.JUDGE_RETURNS)
            begins, since, end = _span(history, window or Window(), poll_interval(book))

            def run(book: Book, name: str, listen: Callable[[AlertRow], None]) -> Results:
                progress.replaying(name, len(history))
                tally = Tally(since, listen)
                path = Path(folder, "tallyman.db")
                with private_database(path) as database:
                    replay = Replay(database, book, tally, judged, progress.replayed)
                    replay.run(history.news(), begins, end)
                    with database.snapshot() as session:
                        results = results_of(session, book, history, tally, since, end)
                path.unlink()
                return results

            return (
                run(book, "Replaying", listen),
                tuple(
                    Swept(
                        threshold.name,
                        factor,
                        run(
                            scaled(book, threshold, factor),
                            f"{threshold.name} × {factor:g}",
                            lambda _: None,
                        ),
                    )
                    for threshold in thresholds
                    for factor in FACTORS
                ),
            )
        finally:
            history.close()


def _span(
    history: History, window: Window, every: timedelta
) -> tuple[datetime, datetime, datetime]:
    """When the replay begins, from when on it is reported, and when it ends."""
    begins, ends = history.span()
    end = _start_of(window.last_day) + timedelta(days=1) if window.last_day else None
    end = polled_at(ends, every) if end is None else end - timedelta(microseconds=1)
    since = _start_of(window.first_day) if window.first_day else begins
    if since >= end or begins > end:
        raise HistoryRefused(
            f"Nothing is left to report between {since:%Y-%m-%d} and {end:%Y-%m-%d}: "
            f"the history runs from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}."
        )
    return begins, since, end


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
