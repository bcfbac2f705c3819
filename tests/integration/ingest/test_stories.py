"""What a page of news does to shipments, plans and what is set aside."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.ingest import Ingested
from bot.sources.reports import (
    CheckpointReport,
    MeasurementReport,
    Page,
    Promise,
    Rejected,
    ShipmentReport,
)
from storage import cases, set_aside, shipments, sources
from storage.database import Database
from storage.tables import Case
from storage.vocabulary import PromiseBasis, Reason, Status

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTHING_NEW = Ingested(0, 0, 0, 0, 0)

Take = Callable[..., Ingested]
Rows = Callable[[], dict[str, list[dict[str, Any]]]]


def shipment(number: str = "TM1", **more: Any) -> ShipmentReport:
    return ShipmentReport(**({"tracking_number": number, "partner": "northwind"} | more))


def checkpoint(
    status: Status, at: datetime = NOW, number: str = "TM1", **more: Any
) -> CheckpointReport:
    return CheckpointReport(number, at, status, **more)


def only(rows: Rows) -> dict[str, Any]:
    (row,) = rows()["shipment"]
    return row


def plans(rows: Rows) -> list[tuple[str, datetime]]:
    return [(row["kind"], row["due_at"]) for row in rows()["due"]]


def test_order_and_journey_meet_in_one_shipment(take: Take, rows: Rows) -> None:
    order = shipment(order_reference="PO-7", promise=Promise(date(2026, 3, 5), PromiseBasis.ORDER))
    assert take(Page(shipments=[order])) == Ingested(1, 0, 0, 0, 0)
    tracker = shipment(partner=None, carrier="Northwind", is_tracked=True, as_of=NOW)
    journey = [
        checkpoint(Status.LABEL_CREATED, NOW - 30 * HOUR),
        checkpoint(Status.IN_TRANSIT, NOW - 20 * HOUR, location="Halle"),
        checkpoint(Status.ATTEMPT_FAILED, NOW - HOUR, reason=Reason.NOT_HOME),
    ]
    page = Page(shipments=[tracker], checkpoints=journey)
    assert take(page, "tracker") == Ingested(0, 1, 3, 0, 0)
    row = only(rows)
    assert (row["order_reference"], row["source_key"]) == ("PO-7", "tracker")
    assert (row["status"], row["reason"]) == ("attempt_failed", "not_home")
    assert row["announced_at"] == NOW - 30 * HOUR
    assert (row["first_scan_at"], row["last_scan_at"]) == (NOW - 20 * HOUR, NOW - HOUR)
    assert row["promised_at"] == datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)
    assert plans(rows) == [("judge_shipment", NOW), ("poll_shipment", NOW + HOUR / 2)]


def test_the_same_page_again_writes_nothing(take: Take, rows: Rows) -> None:
    page = Page(
        shipments=[shipment(as_of=NOW, is_tracked=True, estimated=date(2026, 3, 4))],
        checkpoints=[checkpoint(Status.IN_TRANSIT, estimated_at=NOW + 3 * HOUR)],
        measurements=[
            MeasurementReport("northwind", "accuracy", date(2026, 2, 1), date(2026, 2, 28), 9, 10)
        ],
    )
    assert take(page, "tracker").is_news
    before = rows()
    again = take(page, "tracker", NOW + HOUR)
    assert again == NOTHING_NEW
    assert not again.is_news
    assert rows() == before


def test_what_is_delivered_rests(take: Take, rows: Rows) -> None:
    under_way = checkpoint(Status.OUT_FOR_DELIVERY, NOW - 2 * HOUR)
    take(Page(shipments=[shipment(is_tracked=True)], checkpoints=[under_way]), "tracker")
    take(Page(checkpoints=[checkpoint(Status.DELIVERED, NOW)]), "tracker", NOW + HOUR)
    assert plans(rows) == [("judge_shipment", NOW + HOUR)]
    assert only(rows)["delivered_at"] == NOW


def test_days_are_those_where_it_is_delivered(take: Take, rows: Rows) -> None:
    at = datetime(2026, 3, 5, 20, tzinfo=UTC)
    take(
        Page(
            shipments=[shipment(promise=Promise(date(2026, 3, 5), PromiseBasis.ORDER))],
            checkpoints=[checkpoint(Status.DELIVERED, at)],
        )
    )
    assert (only(rows)["promised_on"], only(rows)["delivered_on"]) == (
        date(2026, 3, 5),
        date(2026, 3, 5),
    )
    take(Page(shipments=[shipment(destination_zone="Asia/Tokyo")]))
    row = only(rows)
    assert (row["promised_on"], row["delivered_on"]) == (date(2026, 3, 5), date(2026, 3, 6))
    tokyo = datetime(2026, 3, 5, 23, 59, 59, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert row["promised_at"] == tokyo


def test_the_weightier_promise_stays_and_of_equal_ones_the_later(take: Take, rows: Rows) -> None:
    def promise(day: int, basis: PromiseBasis, as_of: datetime) -> ShipmentReport:
        by = datetime(2026, 3, day, 12, tzinfo=UTC)
        return shipment(as_of=as_of, promise=Promise(by, basis))

    take(Page(shipments=[promise(5, PromiseBasis.ORDER, NOW)]))
    take(Page(shipments=[promise(9, PromiseBasis.FIRST_ESTIMATE, NOW + HOUR)]))
    take(Page(shipments=[promise(8, PromiseBasis.ORDER, NOW - HOUR)]))
    assert only(rows)["promised_on"] == date(2026, 3, 5)
    take(Page(shipments=[promise(7, PromiseBasis.ORDER, NOW + HOUR)]))
    assert only(rows)["promised_on"] == date(2026, 3, 7)


def test_what_the_order_says_of_the_customer_is_kept_and_corrected(take: Take, rows: Rows) -> None:
    order = shipment(
        mode="ocean", priority="high", account="A-17", item="SKU 9", is_return=True, as_of=NOW
    )
    take(Page(shipments=[order]))
    take(Page(shipments=[shipment(priority="low", is_return=False, as_of=NOW - HOUR)]))
    take(Page(shipments=[shipment(item="SKU 10", as_of=NOW + HOUR)]))
    row = only(rows)
    assert (row["mode"], row["priority"], row["account"]) == ("ocean", "high", "A-17")
    assert (row["item"], row["is_return"]) == ("SKU 10", True)
    take(Page(shipments=[shipment(is_return=False, as_of=NOW + HOUR)]))
    assert only(rows)["is_return"] is False


def test_what_the_deliveries_counted_is_added_up(take: Take, rows: Rows) -> None:
    under_way = checkpoint(Status.IN_TRANSIT, NOW - HOUR, quantity=100)
    take(Page(shipments=[shipment(quantity=100)], checkpoints=[under_way]))
    assert only(rows)["delivered_quantity"] is None
    lots = [checkpoint(Status.DELIVERED, NOW + n * HOUR, quantity=30.1) for n in range(3)]
    take(Page(checkpoints=lots))
    take(Page(checkpoints=lots))
    take(Page(checkpoints=[checkpoint(Status.DELIVERED, NOW + 4 * HOUR)]))
    row = only(rows)
    assert row["delivered_quantity"] == pytest.approx(90.3)
    assert row["delivered_at"] == NOW


def test_a_delivery_that_is_only_said_has_no_time(take: Take, rows: Rows) -> None:
    take(Page(shipments=[shipment(status=Status.DELIVERED, as_of=NOW)]))
    row = only(rows)
    assert (row["status"], row["delivered_at"], row["delivered_on"]) == ("delivered", None, None)


def test_every_eta_is_kept_with_the_time_at_which_it_was_said(take: Take, rows: Rows) -> None:
    def says(eta: datetime | date | None, as_of: datetime | None) -> Page:
        report = shipment(partner=None, carrier="Northwind", is_tracked=True)
        return Page(shipments=[replace(report, estimated=eta, as_of=as_of)])

    take(says(date(2026, 3, 4), NOW), "tracker")
    assert take(says(date(2026, 3, 4), NOW), "tracker") == NOTHING_NEW
    take(says(date(2026, 3, 6), NOW + 2 * HOUR), "tracker")
    late_news = checkpoint(
        Status.IN_TRANSIT, NOW + HOUR, estimated_at=datetime(2026, 3, 5, 12, tzinfo=UTC)
    )
    take(Page(checkpoints=[late_news]), "tracker")
    take(says(date(2026, 3, 9), None), "tracker")
    assert sorted((row["said_at"], row["estimated_at"]) for row in rows()["estimate"]) == [
        (NOW, datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)),
        (NOW + HOUR, datetime(2026, 3, 5, 12, tzinfo=UTC)),
        (NOW + 2 * HOUR, datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)),
    ]
    assert only(rows)["estimated_at"] == datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)


def test_an_eta_that_was_said_before_the_last_one_is_news(take: Take, rows: Rows) -> None:
    def says(day: int, as_of: datetime) -> Page:
        return Page(shipments=[shipment(estimated=date(2026, 3, day), as_of=as_of)])

    take(says(6, NOW))
    assert take(says(4, NOW - HOUR), at=NOW + HOUR) == Ingested(0, 1, 0, 0, 0)
    assert plans(rows) == [("judge_shipment", NOW + HOUR)]
    assert only(rows)["changed_at"] == NOW + HOUR


def test_the_days_that_were_said_end_where_it_turns_out_to_be_delivered(
    take: Take, rows: Rows
) -> None:
    said = shipment(estimated=date(2026, 3, 4), as_of=NOW)
    exact = shipment(estimated=datetime(2026, 3, 5, 12, tzinfo=UTC), as_of=NOW + HOUR)
    take(Page(shipments=[said, exact]))
    take(Page(shipments=[shipment(destination_zone="Asia/Tokyo")]))
    assert sorted((row["estimated_at"], row["estimated_on"]) for row in rows()["estimate"]) == [
        (datetime(2026, 3, 4, 14, 59, 59, tzinfo=UTC), date(2026, 3, 4)),
        (datetime(2026, 3, 5, 12, tzinfo=UTC), None),
    ]


def test_the_day_that_a_checkpoint_expects_ends_where_it_is_delivered(
    take: Take, rows: Rows
) -> None:
    scanned = Page(
        shipments=[shipment()],
        checkpoints=[checkpoint(Status.IN_TRANSIT, NOW, estimated_on=date(2026, 3, 4))],
    )
    take(scanned)
    assert take(scanned) == NOTHING_NEW
    assert only(rows)["estimated_at"] == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)
    take(Page(shipments=[shipment(destination_zone="Pacific/Auckland")]))
    expected = datetime(2026, 3, 4, 10, 59, 59, tzinfo=UTC)
    assert only(rows)["estimated_at"] == expected
    assert [(row["said_at"], row["estimated_at"]) for row in rows()["estimate"]] == [
        (NOW, expected)
    ]


def test_a_shipment_that_is_another_partners_takes_its_open_cases_along(
    take: Take, rows: Rows, database: Database
) -> None:
    def new_case(kind: str, **more: Any) -> Case:
        return Case(
            partner_key="northwind",
            kind=kind,
            subject="shipment:1",
            shipment_id=1,
            severity="warning",
            facts={},
            since=NOW,
            opened_at=NOW,
            changed_at=NOW,
            **more,
        )

    take(Page(shipments=[shipment("BB7", partner=None, carrier="Northwind")]))
    still_there = new_case(
        "lost", state="resolved", open_key="lost shipment:1", resolved_at=NOW, alert_id=3
    )
    with database.transaction() as session:
        cases.add(session, new_case("no_scan", state="snoozed", open_key="no_scan shipment:1"))
        cases.add(session, still_there)
        cases.add(session, new_case("damaged", state="resolved", resolved_at=NOW))
    take(Page(shipments=[shipment("BB7", partner="harbor")]), at=NOW + HOUR)
    assert only(rows)["partner_key"] == "harbor"
    with database.snapshot() as session:
        of_it = cases.of_shipment(session, 1)
        owners = {each.kind: each.partner_key for each in of_it}
        assert owners == {"no_scan": "harbor", "lost": "harbor", "damaged": "northwind"}
        moved = next(each for each in of_it if each.kind == "no_scan")
        (entry,) = cases.history(session, moved.id or 0)
    assert (entry.actor, entry.action, entry.at) == ("rule", "handed_over", NOW + HOUR)
    assert entry.note == "to harbor"
    assert moved.state == "open"  # nobody of harbor's snoozed it


def test_a_shipment_once_seen_is_not_unseen(take: Take, rows: Rows) -> None:
    take(Page(shipments=[shipment()], checkpoints=[checkpoint(Status.IN_TRANSIT)]))
    take(Page(shipments=[shipment(status=Status.NOT_FOUND, as_of=NOW + HOUR)]))
    assert only(rows)["status"] == "in_transit"
    take(Page(shipments=[shipment(status=Status.CANCELLED, as_of=NOW + 2 * HOUR)]))
    assert only(rows)["status"] == "cancelled"
    take(Page(checkpoints=[checkpoint(Status.RETURNING, NOW + 3 * HOUR)]))
    assert only(rows)["status"] == "returning"


def test_checkpoints_without_a_shipment_wait_until_it_is_known(
    take: Take, rows: Rows, database: Database
) -> None:
    page = Page(checkpoints=[checkpoint(Status.IN_TRANSIT)], cursor={"at": 1})
    assert take(page) == Ingested(0, 0, 0, 0, 1)
    (waiting,) = rows()["set_aside"]
    assert waiting["place"] == "tracking number TM1"
    assert "no partner is named" in waiting["reason"]
    with database.transaction() as session:
        sources.save_cursor(session, "orders", {"at": 1}, NOW)
        assert sources.start_reading(session, "orders", NOW) == {"at": 1}
    take(Page(shipments=[shipment()]), "tracker")
    with database.transaction() as session:
        assert sources.start_reading(session, "orders", NOW) is None
        assert set_aside.counts(session) == {}
    assert take(page) == Ingested(0, 1, 1, 0, 0)
    assert only(rows)["status"] == "in_transit"


def test_a_number_of_two_partners_is_told_apart_by_name_only(
    take: Take, rows: Rows, database: Database
) -> None:
    take(Page(shipments=[shipment(partner="northwind"), shipment(partner="harbor")]))
    take(Page(checkpoints=[checkpoint(Status.DELIVERED, partner="Harbor Fulfilment")]))
    unnamed = take(Page(checkpoints=[checkpoint(Status.LOST)]))
    assert unnamed.set_aside == 1
    statuses = {row["partner_key"]: row["status"] for row in rows()["shipment"]}
    assert statuses == {"harbor": "delivered", "northwind": "not_found"}
    assert "TM1 is known for harbor, northwind" in rows()["set_aside"][0]["reason"]
    with database.transaction() as session:
        sources.save_cursor(session, "orders", {"at": 1}, NOW)
        assert sources.start_reading(session, "orders", NOW) == {"at": 1}


BAD_SHIPMENTS = [
    ({"tracking_number": " \t"}, "is empty"),
    ({"tracking_number": "9" * 101}, "longer than 100"),
    ({"partner": "Nobody Ltd"}, "no partner 'Nobody Ltd'"),
    ({"destination_zone": "../etc/passwd"}, "no time zone"),
    ({"destination_zone": "Mars/Olympus"}, "no time zone"),
    ({"ordered_at": datetime(1970, 1, 1, tzinfo=UTC)}, "not between 1990 and 2100"),
    ({"ship_by": datetime(2026, 1, 1)}, "has no time zone"),  # noqa: DTZ001  that is the fault
    ({"promise": Promise(date(9999, 12, 31), PromiseBasis.ORDER)}, "not between"),
    ({"estimated": date(1, 1, 1)}, "not between"),
    ({"value": math.nan}, "no figure to reckon with"),
    ({"quantity": math.inf}, "no figure to reckon with"),
    ({"quantity": -math.inf}, "no figure to reckon with"),
]


@pytest.mark.parametrize(("fault", "reason"), BAD_SHIPMENTS)
def test_one_bad_report_is_set_aside_with_its_reason_and_the_rest_is_taken(
    take: Take, rows: Rows, fault: dict[str, Any], reason: str
) -> None:
    result = take(Page(shipments=[shipment("GOOD"), shipment("BAD"), shipment(**fault)]))
    assert (result.new_shipments, result.set_aside) == (2, 1)
    (bad,) = rows()["set_aside"]
    assert reason in bad["reason"]


def test_what_was_set_aside_is_kept_as_a_person_would_write_it(take: Take, rows: Rows) -> None:
    promise = Promise(datetime(2026, 3, 5, 12, tzinfo=UTC), PromiseBasis.ORDER)
    take(Page(shipments=[ShipmentReport("TM1", partner="nobody", promise=promise)]))
    (bad,) = rows()["set_aside"]
    assert bad["excerpt"] == "tracking_number=TM1 partner=nobody promise=2026-03-05T12:00:00+00:00"


@pytest.mark.parametrize("year", [1, 1989, 2101, 9999])
def test_an_absurd_time_of_a_checkpoint_is_set_aside(take: Take, rows: Rows, year: int) -> None:
    absurd = datetime(year, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    page = Page(
        shipments=[shipment()],
        checkpoints=[checkpoint(Status.DELIVERED, absurd), checkpoint(Status.IN_TRANSIT)],
    )
    assert take(page) == Ingested(1, 0, 1, 0, 1)
    assert only(rows)["delivered_at"] is None


def test_hostile_text_is_kept_as_text_and_cut(take: Take, rows: Rows) -> None:
    nasty = "a\0b\ud800 <!channel> '; DROP TABLE shipment; --" + "🚚" * 5000
    page = Page(
        shipments=[
            shipment(
                "N\0UL",
                destination=nasty,
                service=nasty,
                mode=nasty,
                priority=nasty,
                account=nasty,
                item=nasty,
            )
        ],
        checkpoints=[checkpoint(Status.IN_TRANSIT, number="N\0UL", raw_text=nasty, location=nasty)],
    )
    assert take(page) == Ingested(1, 0, 1, 0, 0)
    row = only(rows)
    assert row["tracking_number"] == "NUL"
    assert row["destination"].startswith("ab? <!channel> '; DROP TABLE")
    assert len(row["destination"]) <= 200
    assert len(row["mode"]) <= len(row["account"]) <= 200
    assert row["item"] == row["account"]
    assert row["priority"] == row["mode"]
    assert len(rows()["checkpoint"][0]["raw_text"]) <= 500
    assert take(page) == NOTHING_NEW


def test_a_figure_is_corrected_by_a_later_measurement_only(take: Take, rows: Rows) -> None:
    def figure(numerator: float, measured_at: datetime | None) -> Page:
        first, last = date(2026, 2, 1), date(2026, 2, 28)
        return Page(
            measurements=[
                MeasurementReport("NW Parcel", "accuracy", first, last, numerator, 10, measured_at)
            ]
        )

    assert take(figure(8, NOW)).new_measurements == 1
    assert take(figure(9, NOW - HOUR)).new_measurements == 0
    assert take(figure(7, NOW + HOUR)).new_measurements == 1
    assert take(figure(7, None), at=NOW + 2 * HOUR).new_measurements == 0
    (row,) = rows()["measurement"]
    assert (row["numerator"], row["measured_at"]) == (7, NOW + HOUR)
    assert take(Page(measurements=[figure(math.nan, None).measurements[0]])).set_aside == 1


def test_a_mended_file_takes_back_what_it_had_set_aside(take: Take, rows: Rows) -> None:
    take(Page(rejected=[Rejected("s.csv:3", "no date", "x"), Rejected("t.csv:1", "?", "y")]))
    take(Page(rejected=[Rejected("s.csv:4", "no date", "x")], places_read=["s.csv"]))
    assert [row["place"] for row in rows()["set_aside"]] == ["s.csv:4", "t.csv:1"]


def test_people_find_shipments_however_they_spell_the_number(
    take: Take, database: Database
) -> None:
    take(
        Page(
            shipments=[
                shipment("TM-1002 X", order_reference="PO-77"),
                shipment("TM-1003 X", order_reference="po-77"),
                shipment("TM1002X", partner="harbor"),
                shipment("100%_sure"),
            ]
        )
    )
    with database.snapshot() as session:
        assert [r.partner_key for r in shipments.find(session, " tm 1002-x ", None)] == ["harbor"]
        assert [r.tracking_number for r in shipments.find(session, "tm1003x", None)] == [
            "TM-1003 X"
        ]
        assert [r.partner_key for r in shipments.find(session, "tm-1002-x", "northwind")] == [
            "northwind"
        ]
        assert len(shipments.find(session, "PO77", "northwind")) == 2
        assert shipments.find(session, "PO-77", "harbor") == []
        assert shipments.find(session, "%", None) == []
        assert shipments.find(session, " - ", None) == []
        assert shipments.nearest(session, "TM-1030X", "northwind")[0] == "TM-1003 X"
        assert shipments.nearest(session, "PO-78", "harbor") == []
        assert shipments.nearest(session, "", None) == []
        assert shipments.count_by_status(session, None) == {Status.NOT_FOUND: 4}
        assert len(shipments.open_of_partner(session, "harbor")) == 1
