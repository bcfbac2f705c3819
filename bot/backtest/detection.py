"""What a backtest of a made-up history found of what was put into it.

`python -m bot.backtest.detection FOLDER ALERTS` reads the folder that bot.backtest.synthetic wrote
and the alerts file of its backtest, and prints two tables as Markdown: every trouble with how many
were found and how long after they could be known; and every other opening, with its cause.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median_low

Row = Mapping[str, str]

TOLD_LATE = "its scans were told hours late"
UNEXPLAINED = "unexplained"


@dataclass(slots=True)
class Found:
    put_in: int = 0
    delays: list[timedelta] = field(default_factory=list)
    """From the moment at which it could be known to the opening of its case."""


@dataclass(frozen=True, slots=True)
class Detection:
    by_trouble: Mapping[str, Found]
    others: Mapping[tuple[str, str], int]
    """Openings of another kind than was put in, by kind and cause."""


def detection(
    troubles: Sequence[Row], told_late: frozenset[str], alerts: Sequence[Row]
) -> Detection:
    opened: defaultdict[str, list[Row]] = defaultdict(list)
    for alert in alerts:
        if alert["event"] == "opened":
            opened[alert["tracking_number"]].append(alert)
    by_trouble: dict[str, Found] = {}
    trouble_of: dict[str, Row] = {}
    for trouble in troubles:
        number = trouble["tracking_number"]
        trouble_of[number] = trouble
        found = by_trouble.setdefault(trouble["trouble"], Found())
        found.put_in += 1
        times = [_at(alert["at"]) for alert in opened[number] if alert["kind"] == trouble["kind"]]
        if times:
            found.delays.append(min(times) - _at(trouble["knowable_at"]))
    others: Counter[tuple[str, str]] = Counter()
    for number, of_number in opened.items():
        known = trouble_of.get(number)
        for alert in of_number:
            if known is None or alert["kind"] != known["kind"]:
                others[alert["kind"], _cause(known, number in told_late)] += 1
    return Detection(by_trouble, others)


def _cause(trouble: Row | None, is_told_late: bool) -> str:
    if trouble is not None:
        return f"follows from: {trouble['trouble']}"
    return TOLD_LATE if is_told_late else UNEXPLAINED


def as_markdown(found: Detection) -> Iterator[str]:
    yield "| trouble | put in | found | soonest | median | latest |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, one in sorted(found.by_trouble.items()):
        delays = one.delays
        spans = (min(delays), median_low(delays), max(delays)) if delays else ()
        shown = " | ".join(f"{span / timedelta(hours=1):.1f} h" for span in spans) or "– | – | –"
        yield f"| {name} | {one.put_in:,} | {len(delays):,} | {shown} |"
    yield ""
    yield "| also opened | because | times |"
    yield "|---|---|--:|"
    for (kind, cause), count in sorted(found.others.items(), key=lambda each: -each[1]):
        yield f"| {kind} | {cause} | {count:,} |"


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [*csv.DictReader(stream)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare what was found with what was put in.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("alerts", type=Path)
    arguments = parser.parse_args()
    told_late = frozenset(
        row["tracking_number"] for row in _rows(arguments.folder / "told_late.csv")
    )
    found = detection(_rows(arguments.folder / "troubles.csv"), told_late, _rows(arguments.alerts))
    sys.stdout.writelines(f"{line}\n" for line in as_markdown(found))


if __name__ == "__main__":
    main()
