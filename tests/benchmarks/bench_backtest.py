"""100,000 shipments and more than 400,000 checkpoints of two years, through the whole backtest."""

import resource
import time
from pathlib import Path

from bot.backtest.running import backtest
from bot.backtest.synthetic import write

SHIPMENTS = 100_000
DAYS = 730
_MEGABYTE = 1024  # of the kilobytes that Linux counts in


def bench_two_years_of_a_hundred_thousand_shipments(tmp_path: Path) -> None:
    write(tmp_path, SHIPMENTS, DAYS)
    started = time.perf_counter()
    results, _ = backtest(tmp_path / "shipments.csv.gz", tmp_path / "checkpoints.csv.gz")
    seconds = time.perf_counter() - started
    own, of_others = (
        resource.getrusage(who).ru_maxrss // _MEGABYTE
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(  # noqa: T201  what the benchmark is for
        f"\n{results.counts.shipments:,} shipments, {results.counts.checkpoints:,} checkpoints: "
        f"{seconds:.0f} s, {results.cases:,} cases, "
        f"at most {own} MB here and {of_others} MB in the largest of its processes"
    )
