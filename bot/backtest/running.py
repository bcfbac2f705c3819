"""A backtest from its files to its figures."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.backtest.derived_book import derived_book
from bot.backtest.dividing import PARTS, divided
from bot.backtest.files import HistoryRefused
from bot.backtest.history import History
from bot.backtest.replay import poll_interval, polled_at
from bot.backtest.results import Results, Swept, empty_results
from bot.backtest.sharing import Share, replay_all
from bot.backtest.sweep import FACTORS, scaled, threshold_named
from bot.backtest.tally import AlertRow
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

    `listen` is told every opening, change and resolution, oldest first. What happened before the
    window is replayed too, for the cases that are open when it begins. A long history starts
    processes, which import the caller's main module.
    """
    thresholds = [threshold_named(name) for name in sweep]
    progress = progress or Progress()
    with tempfile.TemporaryDirectory(prefix="tallyman-backtest-") as folder:
        history = History(Path(folder, "history.db"), shipments, checkpoints, progress.read)
        try:
            partner_names: dict[str, str] = {}
            if book is None:
                book = derived_book(history.partner_names())
                partner_names = {partner.key: partner.name for partner in book.partners}
            linked = history.partners_by_shared_number()
            history.divide(divided(history.shipments_by_partner(), linked, book))
            runs = _Runs(history, partner_names, window or Window(), poll_interval(book), progress)
            return (
                runs.run(book, "Replaying", listen),
                tuple(
                    Swept(
                        threshold.name,
                        factor,
                        runs.run(
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


class _Runs:
    """One history, run with one book or another."""

    def __init__(
        self,
        history: History,
        partner_names: Mapping[str, str],
        window: Window,
        every: timedelta,
        progress: Progress,
    ) -> None:
        self._history = history
        self._partner_names = partner_names
        self._begins, self._since, self._end = _span(history, window, every)
        self._progress = progress

    def run(self, book: Book, name: str, listen: Callable[[AlertRow], None]) -> Results:
        news = len(self._history)
        self._progress.replaying(name, news)
        results = empty_results(book, self._history, self._since, self._end)
        shares = self._shares(book)
        for figures in replay_all(shares, news, listen, self._progress.replayed):
            results.add(figures)
        return results

    def _shares(self, book: Book) -> list[Share]:
        judged = {DueKind.JUDGE_SHIPMENT, DueKind.SAY_ALERT}
        if any(partner.contract.terms for partner in book.partners):
            judged.add(DueKind.JUDGE_TERM)
        if self._history.tells_of_accounts():
            judged.add(DueKind.JUDGE_RETURNS)
        return [
            Share(
                name=str(part),
                spool=self._history.spool,
                part=part,
                book=book,
                partner_names=self._partner_names,
                judged=frozenset(judged),
                begins=self._begins,
                since=self._since,
                end=self._end,
            )
            for part in range(PARTS)
        ]


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
