"""Small histories, written down as somebody would export them."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.backtest.results import Results
from bot.backtest.running import Window, backtest
from bot.backtest.tally import AlertRow
from bot.book.models import Book

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    results: Results
    alerts: list[AlertRow]

    def of(self, tracking_number: str) -> list[tuple[str, str, str]]:
        return [
            (alert.at, alert.event, alert.kind)
            for alert in self.alerts
            if alert.tracking_number == tracking_number
        ]


Replayed = Callable[..., Outcome]


def write_rows(path: Path, rows: Sequence[Row]) -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns or ["tracking_number"], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def replayed(tmp_path: Path) -> Replayed:
    def replay(
        shipments: Sequence[Row],
        checkpoints: Sequence[Row],
        *,
        book: Book | None = None,
        window: Window | None = None,
    ) -> Outcome:
        return replay_in(tmp_path, shipments, checkpoints, book=book, window=window)

    return replay


def replay_in(
    folder: Path,
    shipments: Sequence[Row],
    checkpoints: Sequence[Row],
    *,
    book: Book | None = None,
    window: Window | None = None,
) -> Outcome:
    alerts: list[AlertRow] = []
    results, _ = backtest(
        write_rows(folder / "shipments.csv", shipments),
        write_rows(folder / "checkpoints.csv", checkpoints),
        book=book,
        window=window,
        listen=alerts.append,
    )
    return Outcome(results, alerts)
