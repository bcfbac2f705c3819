"""Shares a replay out: partners that know nothing of each other are replayed side by side, on
processors of their own where the history is long enough to be worth it."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from heapq import merge
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bot.backtest.history import news_of
from bot.backtest.replay import Replay, private_database
from bot.backtest.results import Figures, figures_of
from bot.backtest.tally import AlertRow, Tally
from bot.book.models import Book
from storage.vocabulary import DueKind

WORTH_A_PROCESS = 20_000  # news: starting one takes about a second
_TOLD_EVERY = 0.2  # seconds
_CASE = re.compile(r"^T-(\d+)|(?<=covered by )T-(\d+)")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the history, and all that its replay needs."""

    name: str
    spool: Path
    part: int
    book: Book
    partner_names: Mapping[str, str]
    """What to call each in the alerts, by its key."""
    judged: frozenset[DueKind]
    begins: datetime
    since: datetime
    end: datetime

    @property
    def alerts(self) -> Path:
        return self.spool.with_name(f"alerts-{self.name}.jsonl")


def replay_all(
    shares: Sequence[Share],
    news: int,
    listen: Callable[[AlertRow], None],
    progress: Callable[[int], None],
) -> list[Figures]:
    """`listen` is told of all of them once they are through, oldest first; a case has the number
    of its first mention."""
    processors = min(len(shares), os.cpu_count() or 1)
    if processors > 1 and news >= WORTH_A_PROCESS:
        figures = _side_by_side(shares, processors, progress)
    else:
        figures = [_replay(share, progress) for share in shares]
    numbers: dict[tuple[str, int], int] = {}
    for _, name, _, row in merge(*map(_alerts_of, shares)):
        listen(_renumbered(row, name, numbers))
    for share in shares:
        share.alerts.unlink()
    return figures


def _side_by_side(
    shares: Sequence[Share], processors: int, progress: Callable[[int], None]
) -> list[Figures]:
    context = get_context("spawn")
    replayed = context.Value("q", 0)
    with ProcessPoolExecutor(processors, context, _remember, (replayed,)) as pool:
        running = [pool.submit(_replay_and_tell, share) for share in shares]
        told = 0
        while pending := wait(running, timeout=_TOLD_EVERY).not_done:
            if any(one.done() and one.exception() for one in running):
                for one in pending:
                    one.cancel()
                break
            told += _tell(replayed.value - told, progress)
        figures = [one.result() for one in running]
        _tell(replayed.value - told, progress)
    return figures


def _tell(more: int, progress: Callable[[int], None]) -> int:
    if more:
        progress(more)
    return more


_replayed: list["Synchronized[int]"] = []  # of a process of its own: how far all have got


def _remember(replayed: "Synchronized[int]") -> None:
    _replayed.append(replayed)


def _replay_and_tell(share: Share) -> Figures:
    waiting = 0
    told_at = time.monotonic()

    def count(news: int) -> None:
        nonlocal waiting, told_at
        waiting += news
        if time.monotonic() - told_at >= _TOLD_EVERY:
            with _replayed[0].get_lock():
                _replayed[0].value += waiting
            waiting, told_at = 0, time.monotonic()

    figures = _replay(share, count)
    with _replayed[0].get_lock():
        _replayed[0].value += waiting
    return figures


def _replay(share: Share, progress: Callable[[int], None]) -> Figures:
    path = share.spool.with_name(f"tallyman-{share.name}.db")
    with share.alerts.open("w", encoding="utf-8") as stream:

        def write(row: AlertRow) -> None:
            stream.write(f"{json.dumps(astuple(row))}\n")

        tally = Tally(share.book, share.since, share.partner_names, write)
        with private_database(path) as database:
            replay = Replay(database, share.book, tally, share.judged, progress)
            replay.run(news_of(share.spool, share.part), share.begins, share.end)
            with database.snapshot() as session:
                figures = figures_of(session, tally, share.since, share.end)
    path.unlink()
    return figures


def _alerts_of(share: Share) -> Iterator[tuple[str, str, int, AlertRow]]:
    with share.alerts.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            row = AlertRow(*json.loads(line))
            yield row.at, share.name, number, row


def _renumbered(row: AlertRow, name: str, numbers: dict[tuple[str, int], int]) -> AlertRow:
    def number_of(case: int) -> int:
        return numbers.setdefault((name, case), len(numbers) + 1)

    def renumber(found: re.Match[str]) -> str:
        return f"T-{number_of(int(found[1] or found[2]))}"

    return replace(row, case=number_of(row.case), detail=_CASE.sub(renumber, row.detail))
