"""Makes history.csv.gz from the original: `python -m bot.demo.reduce ORIGINAL.csv`."""

import csv
import gzip
import sys
from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path

from bot.demo.history import HISTORY_FILE, Delivery

Line = dict[str, str]


def reduce(lines: Iterable[Line]) -> list[Delivery]:
    """One delivery for each ASN or DN, in order of their numbers' first appearance."""
    by_number: dict[str, list[Line]] = {}
    for line in lines:
        by_number.setdefault(line["ASN/DN #"], []).append(line)
    return [_delivery(number, together) for number, together in by_number.items()]


def _delivery(number: str, lines: list[Line]) -> Delivery:
    first = lines[0]
    delivered_on = max(_day(line["Delivered to Client Date"]) for line in lines)
    return Delivery(
        tracking_number=number,
        vendor=first["Vendor"],
        country=first["Country"],
        mode="" if first["Shipment Mode"] == "N/A" else first["Shipment Mode"],
        order_reference=first["PO / SO #"],
        ordered_on=_ordered_on(first, delivered_on),
        scheduled_on=max(_day(line["Scheduled Delivery Date"]) for line in lines),
        delivered_on=delivered_on,
        quantity=sum(float(line["Line Item Quantity"]) for line in lines),
        value=round(sum(float(line["Line Item Value"]) for line in lines), 2),
        weight=_sum_of_numbers(line["Weight (Kilograms)"] for line in lines),
        freight=_sum_of_numbers(line["Freight Cost (USD)"] for line in lines),
        lines=len(lines),
    )


def _ordered_on(line: Line, delivered_on: date) -> date | None:
    sent_to_vendor = _order_day(line["PO Sent to Vendor Date"])
    ordered_on = sent_to_vendor or _order_day(line["PQ First Sent to Client Date"])
    return None if ordered_on and ordered_on > delivered_on else ordered_on


def _day(text: str) -> date:
    return datetime.strptime(text, "%d-%b-%y").date()  # noqa: DTZ007


def _order_day(text: str) -> date | None:
    # A spreadsheet read month/day/year as year-month-day wherever that made a date.
    for form in ("%m/%d/%y", "20%m-%d-%y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _sum_of_numbers(texts: Iterable[str]) -> float | None:
    numbers = [float(text) for text in texts if text.replace(".", "", 1).isdigit()]
    return round(sum(numbers), 2) if numbers else None


def write(deliveries: Iterable[Delivery], target: Path) -> None:
    # No time stamp and no name inside: the same input gives the same bytes.
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed,
        TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(column.name for column in fields(Delivery))
        writer.writerows(map(_cells, deliveries))


def _cells(delivery: Delivery) -> list[str]:
    return [
        "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)
        for value in astuple(delivery)
    ]


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as original:
        write(reduce(csv.DictReader(original)), HISTORY_FILE)
