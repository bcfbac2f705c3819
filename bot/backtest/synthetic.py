"""A made-up history of parcels with every kind of trouble in it, and a list of what was put in.

`python -m bot.backtest.synthetic FOLDER --shipments 20000 --seed 7` writes shipments.csv.gz,
checkpoints.csv.gz and troubles.csv. The same arguments give the same files. The noise of real
feeds is in them too: scans told twice, told hours late (which shipments that befell is in
told_late.csv), and lines in any order.
"""

import argparse
import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TextIO, cast

from bot.backtest.parcels import Parcel, Scan, Trouble, healthy, make_noise
from bot.backtest.troubles import TROUBLES

TROUBLED = 0.16  # of all shipments
SHIPMENT_COLUMNS = (
    "tracking_number",
    "partner",
    "carrier",
    "service",
    "order_ref",
    "origin",
    "destination",
    "ordered_at",
    "ship_by",
    "shipped_at",
    "promised_at",
    "value",
    "quantity",
    "is_return",
)
CHECKPOINT_COLUMNS = (
    "tracking_number",
    "occurred_at",
    "recorded_at",
    "status",
    "code",
    "description",
    "location",
    "eta",
    "quantity",
)
TROUBLE_COLUMNS = ("tracking_number", "trouble", "kind", "knowable_at", "is_late")


def parcels(count: int, days: int, seed: int) -> Iterator[Parcel]:
    """Ordered evenly over so many days; one at a time, so that a million cost no memory."""
    random = Random(seed)  # noqa: S311
    for number in range(count):
        parcel = healthy(random, number, days)
        if random.random() < TROUBLED:
            name, (kind, inject) = random.choice(list(TROUBLES.items()))
            knowable_at = inject(parcel, random)
            parcel.trouble = Trouble(
                parcel.tracking_number, name, kind, knowable_at, parcel.is_late
            )
        make_noise(parcel, random)
        yield parcel


@dataclass(slots=True)
class PutIn:
    """What a written history has in it beside healthy shipments."""

    troubles: list[Trouble] = field(default_factory=list)
    told_late: list[str] = field(default_factory=list)
    """The tracking numbers of which a scan became known hours late."""


def write(folder: Path, count: int, days: int = 365, seed: int = 7) -> PutIn:
    folder.mkdir(parents=True, exist_ok=True)
    put_in = PutIn()
    with (
        _written(folder / "shipments.csv.gz") as shipments,
        _written(folder / "checkpoints.csv.gz") as checkpoints,
    ):
        orders, scans = csv.writer(shipments), csv.writer(checkpoints)
        orders.writerow(SHIPMENT_COLUMNS)
        scans.writerow(CHECKPOINT_COLUMNS)
        random = Random(seed)  # noqa: S311
        held: list[Sequence[object]] = []
        for parcel in parcels(count, days, seed):
            orders.writerow(_order_row(parcel))
            held.extend(_scan_row(parcel, scan) for scan in parcel.scans)
            if len(held) > 5_000:
                _write_shuffled(scans.writerow, held, random)
            if parcel.trouble:
                put_in.troubles.append(parcel.trouble)
            if parcel.is_told_late:
                put_in.told_late.append(parcel.tracking_number)
        _write_shuffled(scans.writerow, held, random)
    with (folder / "troubles.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(TROUBLE_COLUMNS)
        rows.writerows(
            (each.tracking_number, each.name, each.kind, each.knowable_at.isoformat(), each.is_late)
            for each in put_in.troubles
        )
    told_late = "".join(f"{number}\n" for number in ("tracking_number", *put_in.told_late))
    (folder / "told_late.csv").write_text(told_late, encoding="utf-8")
    return put_in


def _order_row(parcel: Parcel) -> Sequence[object]:
    return (
        parcel.tracking_number,
        parcel.partner,
        parcel.partner,
        parcel.service,
        f"SO-{parcel.tracking_number[2:]}",
        "Arlo",
        "Benford",
        parcel.ordered_at.isoformat(),
        parcel.ship_by.isoformat() if parcel.ship_by else "",
        parcel.shipped_at.isoformat() if parcel.shipped_at else "",
        parcel.promised_at.isoformat(),
        parcel.value,
        parcel.quantity,
        "true" if parcel.is_return else "",
    )


def _scan_row(parcel: Parcel, scan: Scan) -> Sequence[object]:
    return (
        parcel.tracking_number,
        scan.at.isoformat(),
        scan.known_at.isoformat() if scan.known_at else "",
        scan.status.value,
        scan.code,
        scan.text,
        scan.place,
        scan.eta.isoformat() if scan.eta else "",
        "" if scan.quantity is None else scan.quantity,
    )


def _write_shuffled(
    write_row: Callable[[Sequence[object]], object], held: list[Sequence[object]], random: Random
) -> None:
    random.shuffle(held)
    for row in held:
        write_row(row)
    held.clear()


def _written(path: Path) -> TextIO:
    return cast("TextIO", gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=3))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a made-up history with troubles in it.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shipments", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.shipments, arguments.days, arguments.seed)


if __name__ == "__main__":
    main()
