"""How a shipment is made of its order lines. The lines are invented, after the original's shape."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.demo import history
from bot.demo.history import Delivery
from bot.demo.reduce import Line, reduce, write


def line(**changes: str) -> Line:
    return {
        "ASN/DN #": "ASN-1",
        "PO / SO #": "SO-1",
        "Vendor": "Northwind Pharma",
        "Country": "Kenya",
        "Shipment Mode": "Air",
        "PQ First Sent to Client Date": "2/20/13",
        "PO Sent to Vendor Date": "3/15/13",
        "Scheduled Delivery Date": "20-May-13",
        "Delivered to Client Date": "22-May-13",
        "Line Item Quantity": "100",
        "Line Item Value": "550.5",
        "Weight (Kilograms)": "40",
        "Freight Cost (USD)": "120.25",
        **changes,
    }


def test_a_shipment_of_one_line() -> None:
    assert reduce([line()]) == [
        Delivery(
            tracking_number="ASN-1",
            vendor="Northwind Pharma",
            country="Kenya",
            mode="Air",
            order_reference="SO-1",
            ordered_on=date(2013, 3, 15),
            scheduled_on=date(2013, 5, 20),
            delivered_on=date(2013, 5, 22),
            quantity=100,
            value=550.5,
            weight=40,
            freight=120.25,
            lines=1,
        )
    ]


def test_lines_of_a_shipment_add_up_and_words_count_for_nothing() -> None:
    (delivery,) = reduce(
        [
            line(),
            line(
                **{
                    "Line Item Quantity": "50",
                    "Line Item Value": "49.5",
                    "Weight (Kilograms)": "See ASN-1 (ID#:17)",
                    "Freight Cost (USD)": "See ASN-1 (ID#:17)",
                }
            ),
        ]
    )
    assert (delivery.quantity, delivery.value, delivery.lines) == (150, 600, 2)
    assert (delivery.weight, delivery.freight) == (40, 120.25)


def test_where_no_line_has_a_number_the_freight_is_unknown_and_not_zero() -> None:
    (delivery,) = reduce([line(**{"Freight Cost (USD)": "Invoiced Separately"})])
    assert delivery.freight is None


def test_of_different_schedules_the_latest_counts() -> None:
    (delivery,) = reduce([line(), line(**{"Scheduled Delivery Date": "30-May-13"}), line()])
    assert delivery.scheduled_on == date(2013, 5, 30)
    assert delivery.is_on_time


@pytest.mark.parametrize(
    ("to_vendor", "to_client", "ordered_on"),
    [
        ("3/15/13", "2/20/13", date(2013, 3, 15)),
        ("N/A - From RDC", "2/20/13", date(2013, 2, 20)),
        ("Date Not Captured", "Pre-PQ Process", None),
        ("2005-03-13", "2/20/13", date(2013, 5, 3)),
        ("2011-02-12", "2/20/13", date(2012, 11, 2)),
        ("6/15/13", "2/20/13", None),
    ],
    ids=[
        "sent to the vendor",
        "from stock: the quotation",
        "words",
        "month/day/year taken for year-month-day",
        "the same in November",
        "after the delivery: cannot be",
    ],
)
def test_the_day_of_the_order(to_vendor: str, to_client: str, ordered_on: date | None) -> None:
    dates = {"PO Sent to Vendor Date": to_vendor, "PQ First Sent to Client Date": to_client}
    assert reduce([line(**dates)])[0].ordered_on == ordered_on


def test_what_is_written_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (delivery,) = reduce([line(**{"Shipment Mode": "N/A"})])
    deliveries = [
        delivery,
        replace(delivery, ordered_on=None, freight=None, country="Côte d'Ivoire"),
    ]
    target = tmp_path / "history.csv.gz"
    write(deliveries, target)
    monkeypatch.setattr(history, "HISTORY_FILE", target)
    assert list(history.load()) == deliveries
    assert deliveries[0].mode == ""
