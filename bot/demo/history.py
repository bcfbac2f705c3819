"""The deliveries that the demo replays: see README.md beside this file."""

import csv
import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HISTORY_FILE = Path(__file__).with_name("history.csv.gz")


@dataclass(frozen=True, slots=True)
class Delivery:
    tracking_number: str
    vendor: str
    country: str
    mode: str
    order_reference: str
    ordered_on: date | None
    scheduled_on: date
    delivered_on: date
    quantity: float
    value: float
    """USD, as is freight."""
    weight: float | None
    freight: float | None
    lines: int

    @property
    def is_on_time(self) -> bool:
        return self.delivered_on <= self.scheduled_on


def load() -> tuple[Delivery, ...]:
    with gzip.open(HISTORY_FILE, "rt", encoding="utf-8", newline="") as file:
        return tuple(map(_delivery, csv.DictReader(file)))


def _delivery(row: dict[str, str]) -> Delivery:
    return Delivery(
        tracking_number=row["tracking_number"],
        vendor=row["vendor"],
        country=row["country"],
        mode=row["mode"],
        order_reference=row["order_reference"],
        ordered_on=date.fromisoformat(row["ordered_on"]) if row["ordered_on"] else None,
        scheduled_on=date.fromisoformat(row["scheduled_on"]),
        delivered_on=date.fromisoformat(row["delivered_on"]),
        quantity=float(row["quantity"]),
        value=float(row["value"]),
        weight=float(row["weight"]) if row["weight"] else None,
        freight=float(row["freight"]) if row["freight"] else None,
        lines=int(row["lines"]),
    )
