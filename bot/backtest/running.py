"""A backtest from its files to its figures."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.backtest.derived_book import derived_book
from bot.backtest.files import HistoryRefused
from bot.backtest.history import History
from bot.backtest.replay import Replay, poll_interval, polled_at, private_database
from bot.backtest.results import Results, results_of
from bot.backtest.tally import AlertRow, Tally
from bot.book.models import Book


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told how far it has got: bytes read, then news replayed out of how many."""

    read: Callable[[int], None] = lambda _: None
    replaying: Callable[[int], None] = lambda _: None
    replayed: Callable[[int], None] = lambda _: None


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
    listen: Callable[[AlertRow], None] = lambda _: None,
    progress: Progress | None = None,
) -> Results:
    """Raises HistoryRefused where the files hold no history, OSError where they can't be read.

    `listen` is told every opening, change and resolution as it happens, oldest first.
    """
    window = window or Window()
    progress = progress or Progress()
    with tempfile.TemporaryDirectory(prefix="tallyman-backtest-") as folder:
        history = History(Path(folder, "history.db"), shipments, checkpoints, progress.read)
        try:
            book = book or derived_book(history.partner_names())
            begins, ends = history.span()
            end = (
                _end_of(window.last_day)
                if window.last_day
                else polled_at(ends, poll_interval(book))
            )
            since = _start_of(window.first_day) if window.first_day else begins
            if since >= end or begins > end:
                raise HistoryRefused(
                    f"Nothing is left of the history between {since:%Y-%m-%d} and {end:%Y-%m-%d}: "
                    f"it runs from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}."
                )
            progress.replaying(len(history))
            tally = Tally(since, listen)
            with private_database(Path(folder, "tallyman.db")) as database:
                Replay(database, book, tally, progress.replayed).run(history.news(), begins, end)
                with database.snapshot() as session:
                    return results_of(session, book, history, tally, since, end)
        finally:
            history.close()


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _end_of(day: date) -> datetime:
    return _start_of(day) + timedelta(days=1) - timedelta(microseconds=1)
