"""EasyPost's words in ours."""

from datetime import UTC, date, datetime

import pytest
from pydantic import JsonValue

from bot.sources.easypost_trackers import (
    FINER_STATUSES,
    REASONS,
    STATUSES,
    TrackerReports,
    read_trackers,
    reason_of,
    status_of,
)
from bot.sources.reports import Promise, ShipmentReport
from storage.vocabulary import PromiseBasis, Reason, Status


def tracker(**changes: JsonValue) -> dict[str, JsonValue]:
    return {
        "id": "trk_1",
        "object": "Tracker",
        "tracking_code": "PX1",
        "status": "in_transit",
        "status_detail": "departed_facility",
        "created_at": "2026-03-01T09:00:00Z",
        "updated_at": "2026-03-03T10:00:00Z",
        "est_delivery_date": None,
        "carrier": "Northwind Parcel",
        "tracking_details": [],
        "carrier_detail": None,
        "fees": [{"object": "Fee"}],
        **changes,
    }


def detail(**changes: JsonValue) -> dict[str, JsonValue]:
    return {
        "status": "in_transit",
        "status_detail": "departed_facility",
        "datetime": "2026-03-02T08:00:00-05:00",
        "message": "Departed the facility",
        "description": "",
        "carrier_code": "DP",
        "tracking_location": {"city": "DAYTON", "state": "OH", "country": None, "zip": "45401"},
        **changes,
    }


def read(*raw: JsonValue) -> TrackerReports:
    return read_trackers(raw, "guarantee")


def shipment(**changes: JsonValue) -> ShipmentReport:
    reports = read(tracker(**changes))
    assert reports.rejected == []
    return reports.shipments[0]


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("unknown", Status.NOT_FOUND),
        ("pre_transit", Status.LABEL_CREATED),
        ("in_transit", Status.IN_TRANSIT),
        ("out_for_delivery", Status.OUT_FOR_DELIVERY),
        ("delivered", Status.DELIVERED),
        ("available_for_pickup", Status.AVAILABLE_FOR_PICKUP),
        ("return_to_sender", Status.RETURNING),
        ("failure", Status.UNDELIVERABLE),
        ("cancelled", Status.CANCELLED),
        ("error", Status.NOT_FOUND),
    ],
)
def test_each_status_alone(status: str, ours: Status) -> None:
    assert status_of(status, None) is ours
    assert status_of(status, "status_update") is ours
    assert status_of(status, "a_detail_of_next_year") is ours


UNDER_WAY = {
    "awaiting_information": (Status.ON_HOLD, Reason.BAD_DATA),
    "delivery_exception": (Status.ATTEMPT_FAILED, Reason.UNKNOWN),
    "expired": (Status.EXPIRED, None),
    "held": (Status.ON_HOLD, Reason.UNKNOWN),
    "lost": (Status.LOST, Reason.LOST),
    "refused": (Status.ATTEMPT_FAILED, Reason.REFUSED),
    "return": (Status.RETURNING, None),
}
ONLY_REASON = {
    "address_correction": Reason.BAD_ADDRESS,
    "damaged": Reason.DAMAGED,
    "delayed": Reason.DELAY,
    "failure": Reason.UNKNOWN,
    "missorted": Reason.MISSORT,
    "transit_exception": Reason.UNKNOWN,
    "weather_delay": Reason.WEATHER,
}
NOTHING_WRONG = {
    "arrived_at_destination",
    "arrived_at_facility",
    "arrived_at_pickup_location",
    "cancelled",
    "departed_facility",
    "departed_origin_facility",
    "in_transit",
    "label_created",
    "out_for_delivery",
    "received_at_destination_facility",
    "received_at_origin_facility",
    "status_update",
    "transferred_to_destination_carrier",
    "unknown",
}


@pytest.mark.parametrize("status", ["in_transit", "out_for_delivery"])
@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_detail_of_a_shipment_under_way(status: str, code: str) -> None:
    if code in UNDER_WAY:
        assert (status_of(status, code), reason_of(code)) == UNDER_WAY[code]
    elif code in ONLY_REASON:
        assert (status_of(status, code), reason_of(code)) == (STATUSES[status], ONLY_REASON[code])
    else:
        assert code in NOTHING_WRONG
        assert (status_of(status, code), reason_of(code)) == (STATUSES[status], None)


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        ("failure", "lost", Status.LOST),
        ("error", "lost", Status.LOST),
        ("failure", "return", Status.RETURNING),
        ("failure", "expired", Status.EXPIRED),
        ("unknown", "expired", Status.EXPIRED),
        ("pre_transit", "expired", Status.EXPIRED),
        ("error", "expired", Status.EXPIRED),
        ("pre_transit", "cancelled", Status.CANCELLED),
        ("unknown", "cancelled", Status.CANCELLED),
        ("error", "cancelled", Status.CANCELLED),
    ],
)
def test_details_that_say_more_of_where_it_is_elsewhere(
    status: str, code: str, ours: Status
) -> None:
    assert status_of(status, code) is ours
    under_way = {key for key in FINER_STATUSES if key[0] in {"in_transit", "out_for_delivery"}}
    assert (status, code) in FINER_STATUSES.keys() - under_way
    assert len(FINER_STATUSES.keys() - under_way) == 10


@pytest.mark.parametrize("status", ["delivered", "return_to_sender", "available_for_pickup"])
@pytest.mark.parametrize("code", sorted(REASONS))
def test_no_detail_undoes_what_has_happened(status: str, code: str) -> None:
    assert status_of(status, code) is STATUSES[status]


def test_a_tracker_says_who_carries_it_and_how_old_its_news_is() -> None:
    report = shipment(
        carrier_detail={
            "service": "Ground",
            "origin_location": "DAYTON OH, 45401",
            "destination_location": "SALEM MA, 01970",
            "guaranteed_delivery_date": "2026-03-05T17:00:00-05:00",
        }
    )
    assert report == ShipmentReport(
        tracking_number="PX1",
        as_of=datetime(2026, 3, 3, 10, tzinfo=UTC),
        reference="trk_1",
        is_tracked=True,
        carrier="Northwind Parcel",
        service="Ground",
        origin="DAYTON OH, 45401",
        destination="SALEM MA, 01970",
        announced_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        promise=Promise(datetime(2026, 3, 5, 22, tzinfo=UTC), PromiseBasis.GUARANTEE),
        status=Status.IN_TRANSIT,
    )


def test_an_estimate_at_midnight_is_a_day() -> None:
    assert shipment(est_delivery_date="2026-03-05T00:00:00Z").estimated == date(2026, 3, 5)
    assert shipment(est_delivery_date="2026-03-05T00:00:00-06:00").estimated == date(2026, 3, 5)


def test_an_estimate_with_a_time_is_an_instant() -> None:
    estimated = shipment(est_delivery_date="2026-03-05T18:30:00-05:00").estimated
    assert estimated == datetime(2026, 3, 5, 23, 30, tzinfo=UTC)


def test_the_local_day_of_an_estimate_wins_over_its_instant() -> None:
    report = shipment(
        est_delivery_date="2026-03-06T04:59:59Z",
        carrier_detail={"est_delivery_date_local": "2026-03-05", "est_delivery_time_local": None},
    )
    assert report.estimated == date(2026, 3, 5)


def test_a_return_is_told_and_that_it_is_none_is_not_known() -> None:
    assert shipment(is_return=True).is_return is True
    assert shipment(is_return=False).is_return is None
    assert shipment().is_return is None


def test_a_time_without_offset_is_utc() -> None:
    assert shipment(updated_at="2026-03-03T10:00:00").as_of == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_the_first_estimate_is_the_promise_where_the_book_says_so() -> None:
    raw = tracker(
        est_delivery_date="2026-03-09T00:00:00Z",
        tracking_details=[
            detail(datetime="2026-03-03T08:00:00Z", est_delivery_date="2026-03-07T00:00:00Z"),
            detail(datetime="2026-03-02T08:00:00Z", est_delivery_date="2026-03-05T00:00:00Z"),
        ],
    )
    first = Promise(date(2026, 3, 5), PromiseBasis.FIRST_ESTIMATE)
    assert read_trackers([raw], "first_estimate").shipments[0].promise == first
    assert read_trackers([raw], "guarantee").shipments[0].promise is None
    assert read_trackers([raw], "none").shipments[0].promise is None


def test_the_eta_of_a_checkpoint_may_be_a_day() -> None:
    day, hour = read(
        tracker(
            tracking_details=[
                detail(est_delivery_date="2026-03-07T00:00:00Z"),
                detail(est_delivery_date="2026-03-07T15:30:00Z"),
            ]
        )
    ).checkpoints
    assert (day.estimated_at, day.estimated_on) == (None, date(2026, 3, 7))
    at = datetime(2026, 3, 7, 15, 30, tzinfo=UTC)
    assert (hour.estimated_at, hour.estimated_on) == (at, None)


def test_checkpoints_keep_the_carriers_own_words() -> None:
    reports = read(
        tracker(
            tracking_details=[
                detail(),
                detail(
                    status="delivered",
                    status_detail="damaged",
                    carrier_code="",
                    message=None,
                    description="Left at the door, box torn",
                    tracking_location=None,
                ),
            ]
        )
    )
    departed, delivered = reports.checkpoints
    assert departed.occurred_at == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert departed.occurred_at.tzinfo is UTC
    assert (departed.status, departed.reason) == (Status.IN_TRANSIT, None)
    assert (departed.raw_code, departed.raw_text) == ("DP", "Departed the facility")
    assert departed.location == "DAYTON, OH"
    assert (delivered.status, delivered.reason) == (Status.DELIVERED, Reason.DAMAGED)
    assert delivered.raw_code == "delivered/damaged"
    assert delivered.raw_text == "Left at the door, box torn"
    assert delivered.location is None


def test_one_broken_tracker_does_not_stop_the_next() -> None:
    reports = read(
        tracker(tracking_code=None), "nonsense", None, tracker(id="trk_2", tracking_code="PX2")
    )
    assert [report.tracking_number for report in reports.shipments] == ["PX2"]
    places = {rejected.place for rejected in reports.rejected}
    assert {"trk_1", "a tracker without number"} <= places


def test_a_tracker_without_status_is_rejected_with_its_number_and_the_reason() -> None:
    raw = tracker()
    del raw["status"]
    reports = read(raw)
    assert reports.shipments == []
    (rejected,) = reports.rejected
    assert rejected.place == "PX1"
    assert "status" in rejected.reason


def test_a_broken_date_costs_only_itself() -> None:
    reports = read(tracker(est_delivery_date="soon"))
    assert reports.shipments[0].status is Status.IN_TRANSIT
    assert reports.shipments[0].estimated is None
    (rejected,) = reports.rejected
    assert rejected.place == "PX1:est_delivery_date"
    assert rejected.excerpt == "soon"


def test_a_broken_checkpoint_costs_only_itself() -> None:
    good = detail(datetime="2026-03-02T09:00:00Z")
    reports = read(
        tracker(
            tracking_details=[
                detail(datetime=None, status=7),
                "scanned",
                good,
                detail(datetime="0001-01-01T00:00:00Z"),
            ]
        )
    )
    assert [one.occurred_at for one in reports.checkpoints] == [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    assert {rejected.place.split(":")[1].split(".")[1] for rejected in reports.rejected} >= {
        "0",
        "1",
        "3",
    }


def test_a_status_that_easypost_adds_one_day_is_set_aside_and_the_rest_taken() -> None:
    reports = read(
        tracker(status="teleported", tracking_details=[detail(status="teleported"), detail()])
    )
    assert reports.shipments[0].status is None
    assert len(reports.checkpoints) == 1
    assert {rejected.place for rejected in reports.rejected} == {
        "PX1:status",
        "PX1:tracking_details.0",
    }


def test_text_that_a_database_would_refuse_is_cleaned() -> None:
    reports = read(tracker(carrier="North\x00wind\r\n", tracking_code="PX\x001"))
    assert reports.shipments[0].carrier == "Northwind"
    assert reports.shipments[0].tracking_number == "PX1"
