"""The demo's real deliveries as a history to backtest, with a book that fits it.

`python -m bot.backtest.deliveries FOLDER` writes shipments.csv, checkpoints.csv and book.yaml.
That history tells when goods were ordered, promised and delivered, and no scan in between: the book
switches off the rules that would miss one.
"""

import argparse
import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from bot.backtest.derived_book import derived_book
from bot.book.models import Book, ScopedThresholdsEntry
from bot.demo.history import Delivery, load
from bot.demo.world import DELIVERED_AT
from bot.demo.zones import ZONE_OF_COUNTRY
from storage.vocabulary import Status

SHIPMENT_COLUMNS = (
    "tracking_number",
    "partner",
    "order_ref",
    "mode",
    "destination",
    "destination_zone",
    "ordered_at",
    "promised_at",
    "value",
    "currency",
    "quantity",
)
CHECKPOINT_COLUMNS = ("tracking_number", "occurred_at", "status", "quantity")
RULES_THAT_MISS_SCANS = ("never_picked_up_after_working_hours",)


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    deliveries = load()
    _write(folder / "shipments.csv", SHIPMENT_COLUMNS, map(_shipment, deliveries))
    _write(folder / "checkpoints.csv", CHECKPOINT_COLUMNS, map(_checkpoint, deliveries))
    book = _book(sorted({delivery.vendor for delivery in deliveries}))
    # JSON is YAML too.
    dumped = book.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(dumped, indent=2, ensure_ascii=False)
    (folder / "book.yaml").write_text(f"{text}\n", encoding="utf-8")


def _book(vendors: Sequence[str]) -> Book:
    off = ScopedThresholdsEntry.model_validate(dict.fromkeys(RULES_THAT_MISS_SCANS, "off"))
    return derived_book(vendors).model_copy(update={"thresholds": off})


def _shipment(delivery: Delivery) -> Sequence[object]:
    return (
        delivery.tracking_number,
        delivery.vendor,
        delivery.order_reference,
        delivery.mode,
        delivery.country,
        ZONE_OF_COUNTRY[delivery.country],
        delivery.ordered_on or "",
        delivery.scheduled_on,
        delivery.value,
        "USD",
        delivery.quantity,
    )


def _checkpoint(delivery: Delivery) -> Sequence[object]:
    delivered_at = datetime.combine(delivery.delivered_on, DELIVERED_AT)
    return (
        delivery.tracking_number,
        delivered_at.isoformat(),
        Status.DELIVERED.value,
        delivery.quantity,
    )


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the demo's deliveries as a history.")
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
