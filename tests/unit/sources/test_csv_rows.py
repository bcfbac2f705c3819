"""Every column of the files, well written and badly."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sources.csv_rows import FileFacts, HeaderError, Record, RowError, layout_of
from bot.sources.reports import (
    CheckpointReport,
    MeasurementReport,
    Promise,
    ShipmentReport,
)
from storage.vocabulary import PromiseBasis, Reason, Status

WRITTEN_AT = datetime(2026, 4, 1, 6, tzinfo=UTC)
FACTS = FileFacts(zone=ZoneInfo("Europe/Berlin"), written_at=WRITTEN_AT)


def record(name: str, header: str, line: str) -> Record:
    return layout_of(name, header.encode()).record(line.encode(), FACTS)


def shipment(**columns: str) -> ShipmentReport:
    columns = {"tracking_number": "PX1", "partner": "acme", **columns}
    result = record("shipments.csv", ",".join(columns), ",".join(columns.values()))
    assert isinstance(result, ShipmentReport)
    return result


def test_a_shipment_with_every_column() -> None:
    assert shipment(
        carrier="Northwind Parcel",
        service="Ground",
        order_reference="SO-77",
        origin="Hamburg",
        destination="Lagos",
        destination_zone="Africa/Lagos",
        ordered_at="2026-03-01T09:30",
        ship_by="2026-03-03T18:00+01:00",
        announced_at="2026-03-02T10:00Z",
        promised_at="2026-03-20",
        estimated_at="2026-03-19T12:00Z",
        value="1250.00",
        currency="eur",
        quantity="12",
        mode="ocean",
        priority="high",
        account="A-17",
        item="SKU 9",
        is_return="no",
        status="In_Transit",
        as_of="2026-03-05T00:00Z",
    ) == ShipmentReport(
        tracking_number="PX1",
        partner="acme",
        carrier="Northwind Parcel",
        service="Ground",
        order_reference="SO-77",
        origin="Hamburg",
        destination="Lagos",
        destination_zone="Africa/Lagos",
        ordered_at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
        ship_by=datetime(2026, 3, 3, 17, tzinfo=UTC),
        announced_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        promise=Promise(date(2026, 3, 20), PromiseBasis.ORDER),
        estimated=datetime(2026, 3, 19, 12, tzinfo=UTC),
        value=1250.0,
        currency="EUR",
        quantity=12.0,
        mode="ocean",
        priority="high",
        account="A-17",
        item="SKU 9",
        is_return=False,
        status=Status.IN_TRANSIT,
        as_of=datetime(2026, 3, 5, tzinfo=UTC),
    )


def test_a_shipment_with_what_is_required_only_is_as_old_as_its_file() -> None:
    assert shipment() == ShipmentReport(tracking_number="PX1", partner="acme", as_of=WRITTEN_AT)


def test_empty_fields_say_nothing() -> None:
    assert shipment(promised_at="", value=" ", status="") == shipment()


@pytest.mark.parametrize(
    ("word", "meant"),
    [("yes", True), ("TRUE", True), ("1", True), ("No", False), ("false", False), ("0", False)],
)
def test_a_return_is_said_in_any_of_the_usual_words(word: str, meant: bool) -> None:
    assert shipment(is_return=word).is_return is meant


def test_columns_of_a_recorded_history_are_known_by_their_names_there() -> None:
    report = shipment(order_ref="SO-77", eta="2026-03-19")
    assert report == shipment(order_reference="SO-77", estimated_at="2026-03-19")
    assert report.order_reference == "SO-77"
    with pytest.raises(HeaderError, match="names order_reference twice"):
        shipment(order_ref="SO-77", order_reference="SO-78")


def test_days_without_a_time() -> None:
    report = shipment(
        ordered_at="2026-03-01",
        ship_by="2026-03-03",
        announced_at="2026-03-02",
        estimated_at="2026-03-19",
        as_of="2026-03-05",
    )
    assert report.ordered_at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert report.ship_by == datetime(2026, 3, 3, 22, 59, 59, tzinfo=UTC)
    assert report.announced_at == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert report.estimated == date(2026, 3, 19)
    assert report.as_of == datetime(2026, 3, 4, 23, tzinfo=UTC)


def test_a_promise_with_a_time_keeps_it_through_the_clock_change() -> None:
    promise = shipment(promised_at="2026-03-29T17:00").promise
    assert promise == Promise(datetime(2026, 3, 29, 15, tzinfo=UTC), PromiseBasis.ORDER)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("partner", "", "partner: is empty"),
        ("tracking_number", "", "tracking_number: is empty"),
        ("tracking_number", "9" * 101, "at most 100 characters"),
        ("tracking_number", "PX\x001", "control character"),
        ("promised_at", "20.03.2026", "not a date like 2026-03-31"),
        ("promised_at", "2026-02-30", "not a date"),
        ("promised_at", "0026-03-20", "year 26"),
        ("ordered_at", "yesterday", "ordered_at: not a date"),
        ("destination_zone", "Lagos", "no IANA time zone"),
        ("value", "1.250.00", "valid number"),
        ("value", "-5", "greater than or equal to 0"),
        ("quantity", "nan", "finite"),
        ("currency", "euros", "currency"),
        ("is_return", "perhaps", "'perhaps' is neither yes nor no"),
        ("is_return", "2", "neither yes nor no"),
        ("item", "x" * 501, "at most 500 characters"),
        ("status", "lost in space", "is no status: one of not_found, label_created"),
        ("status", "deliverd", r"did you mean delivered\?"),
    ],
)
def test_a_bad_field_is_named_with_the_reason(column: str, value: str, said: str) -> None:
    with pytest.raises(RowError, match=said):
        shipment(**{column: value})


@pytest.mark.parametrize("written", ["in_transit", "In Transit", "IN-TRANSIT", " in  transit "])
def test_a_status_is_known_however_it_is_spelt(written: str) -> None:
    assert shipment(status=written).status is Status.IN_TRANSIT


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    with pytest.raises(RowError, match=r"value: .*; status: "):
        shipment(value="much", status="fine")


def test_a_checkpoint_with_every_column() -> None:
    assert record(
        "checkpoints.csv",
        "tracking_number,occurred_at,status,partner,code,description,location,reason,"
        "estimated_at,recorded_at,quantity",
        'PX1,2026-03-04T12:00-05:00,attempt_failed,acme,X9,"Nobody in, ""again""","Ikeja, NG",'
        "Not_Home,2026-03-06T12:00Z,2026-03-04T18:00Z,2.5",
    ) == CheckpointReport(
        tracking_number="PX1",
        occurred_at=datetime(2026, 3, 4, 17, tzinfo=UTC),
        status=Status.ATTEMPT_FAILED,
        reason=Reason.NOT_HOME,
        raw_code="X9",
        raw_text='Nobody in, "again"',
        location="Ikeja, NG",
        estimated_at=datetime(2026, 3, 6, 12, tzinfo=UTC),
        recorded_at=datetime(2026, 3, 4, 18, tzinfo=UTC),
        quantity=2.5,
        partner="acme",
    )


def test_a_checkpoint_of_a_day_is_at_noon() -> None:
    result = record(
        "checkpoints.csv", "tracking_number,occurred_at,status", "PX1,2026-03-04,delivered"
    )
    assert isinstance(result, CheckpointReport)
    assert result.occurred_at == datetime(2026, 3, 4, 11, tzinfo=UTC)


def test_an_eta_of_a_day_stays_a_day_until_it_is_known_where_that_ends() -> None:
    result = record(
        "checkpoints.csv",
        "tracking_number,occurred_at,status,eta",
        "PX1,2026-03-04T12:00Z,in_transit,2026-03-06",
    )
    assert isinstance(result, CheckpointReport)
    assert (result.estimated_at, result.estimated_on) == (None, date(2026, 3, 6))


def test_a_figure_with_every_column() -> None:
    header = "partner,metric,period_start,period_end,numerator,denominator,measured_at"
    assert record(
        "KPIs march.csv",
        header,
        "acme,Picking_Accuracy,2026-03-01,2026-03-31,9941,9975.5,2026-04-01T05:00Z",
    ) == MeasurementReport(
        partner="acme",
        metric="picking_accuracy",
        period_start=date(2026, 3, 1),
        period_end=date(2026, 3, 31),
        numerator=9941.0,
        denominator=9975.5,
        measured_at=datetime(2026, 4, 1, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("acme,accuracy,2026-03-31,2026-03-01,1,2", "period_end is before period_start"),
        ("acme,accuracy,2026-03,2026-03-31,1,2", "period_start"),
        ("acme,picking accuracy,2026-03-01,2026-03-31,1,2", "metric"),
        ("acme,accuracy,2026-03-01,2026-03-31,inf,2", "numerator"),
        ("acme,accuracy,2026-03-01,2026-03-31,1,-2", "denominator"),
        ("acme,accuracy,2026-03-01,2026-03-31,99.5%,100", "numerator"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(line: str, said: str) -> None:
    with pytest.raises(RowError, match=said):
        record("kpis.csv", "partner,metric,period_start,period_end,numerator,denominator", line)


@pytest.mark.parametrize(
    "header",
    [
        "tracking_number;partner;note;promised_at",
        "\ufeffPROMISED_AT;Tracking Number;partner;",
        '"partner";"tracking_number";"promised_at"',
        "partner\ttracking_number\tpromised_at",
    ],
)
def test_columns_are_found_whatever_their_order_case_and_company(header: str) -> None:
    layout = layout_of("shipments-7.csv", header.encode())
    values = {"tracking_number": "PX1", "partner": "acme", "promised_at": "2026-03-20"}
    line = layout.delimiter.join(values.get(column, "a,b") for column in layout.columns)
    result = layout.record(line.encode(), FACTS)
    assert isinstance(result, ShipmentReport)
    assert result.promise == Promise(date(2026, 3, 20), PromiseBasis.ORDER)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"", "lacks tracking_number, partner"),
        (b"tracking_number,promised_at", "lacks partner"),
        (b"PX1,acme,2026-03-20", "lacks tracking_number, partner"),
        (b"tracking_number,partner,value,VALUE", "names value twice"),
        ("tracking_number,partner".encode("utf-16"), "UTF-8"),
        (b'tracking_number,"partner', "lacks tracking_number, partner"),
        (b'tracking_number;part"ner,"', "lacks"),
        (b'"tracking_number";"part,', "quotes"),
        (b'"', "quotes"),
    ],
)
def test_a_header_that_cannot_be_used_says_why(header: bytes, said: str) -> None:
    with pytest.raises(HeaderError, match=said):
        layout_of("shipments.csv", header)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"PX1", "has 1 fields where the header has 2"),
        (b"PX1,acme,more", "has 3 fields"),
        (b'PX1,"acme', "closed on the same line"),
        (b"PX1,ac\xffme", "UTF-8"),
    ],
)
def test_a_line_that_is_no_record_says_why(line: bytes, said: str) -> None:
    with pytest.raises(RowError, match=said):
        layout_of("shipments.csv", b"tracking_number,partner").record(line, FACTS)
