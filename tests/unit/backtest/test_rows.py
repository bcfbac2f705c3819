"""What a line of a history may say."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.backtest.files import HistoryFile, HistoryRefused
from bot.backtest.reasons import reason_of
from bot.backtest.rows import CheckpointRow, ShipmentRow
from bot.sources.reports import Rejected
from storage.vocabulary import Reason, Status


def checkpoints(tmp_path: Path, text: str) -> list[tuple[int, CheckpointRow | Rejected]]:
    path = tmp_path / "scans.csv"
    path.write_text(text, encoding="utf-8")
    return list(HistoryFile(path, CheckpointRow, "checkpoints", lambda _: None).lines())


def test_columns_come_in_any_order_and_extra_ones_are_ignored(tmp_path: Path) -> None:
    read = checkpoints(
        tmp_path,
        "status,driver,occurred_at,tracking_number,eta\n"
        "in_transit,Ben,2026-03-02T10:00+01:00,TM1,2026-03-04\n",
    )
    (number, row) = read[0]
    assert number == 2
    assert isinstance(row, CheckpointRow)
    assert row.status is Status.IN_TRANSIT
    assert row.occurred_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert row.known_at == row.occurred_at
    assert row.eta == date(2026, 3, 4)  # which ends where it is delivered


def test_a_day_of_recording_is_over_before_its_news_are_known(tmp_path: Path) -> None:
    read = checkpoints(
        tmp_path,
        "tracking_number,occurred_at,status,recorded_at\nTM1,2026-03-02,delivered,2026-03-03\n",
    )
    row = read[0][1]
    assert isinstance(row, CheckpointRow)
    assert row.known_at == datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Out for delivery", Status.OUT_FOR_DELIVERY),
        ("IN-TRANSIT", Status.IN_TRANSIT),
        ("delivered", Status.DELIVERED),
    ],
)
def test_a_status_is_ours_however_it_is_spelt(
    tmp_path: Path, written: str, expected: Status
) -> None:
    read = checkpoints(tmp_path, f"tracking_number,occurred_at,status\nTM1,2026-03-02,{written}\n")
    row = read[0][1]
    assert isinstance(row, CheckpointRow)
    assert row.status is expected


def test_an_unknown_status_is_set_aside_with_the_nearest_word(tmp_path: Path) -> None:
    read = checkpoints(tmp_path, "tracking_number,occurred_at,status\n\nTM1,2026-03-02,deliverd\n")
    number, rejected = read[0]
    assert number == 3
    assert isinstance(rejected, Rejected)
    assert rejected.place == "scans.csv:3"
    assert "did you mean delivered?" in rejected.reason


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("TM1,yesterday,delivered", "occurred_at"),
        (",2026-03-02,delivered", "tracking_number"),
        ("TM1,2026-03-02", "2 fields"),
        ('TM1,2026-03-02,"deliv', "not valid CSV"),
        ("TM1,1814-03-02,delivered", "1814"),
        ("TM1,1990-01-01T08:00+14:00,delivered", "1989"),
        ("TM1,2100-12-31T20:00-12:00,delivered", "2101"),
    ],
)
def test_a_bad_line_is_set_aside_and_stops_nothing(tmp_path: Path, line: str, said: str) -> None:
    read = checkpoints(
        tmp_path, f"tracking_number,occurred_at,status\n{line}\nTM2,2026-03-02,delivered\n"
    )
    assert isinstance(read[0][1], Rejected)
    assert said in read[0][1].reason
    assert isinstance(read[1][1], CheckpointRow)


def test_a_file_without_its_columns_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(HistoryRefused, match="lacks occurred_at, status"):
        checkpoints(tmp_path, "tracking_number\nTM1\n")


def test_a_gzipped_file_is_known_by_its_name_however_that_is_spelt(tmp_path: Path) -> None:
    path = tmp_path / "SCANS.CSV.GZ"
    path.write_bytes(
        gzip.compress(b"tracking_number,occurred_at,status\nTM1,2026-03-02,delivered\n")
    )
    (line,) = HistoryFile(path, CheckpointRow, "checkpoints", lambda _: None).lines()
    assert isinstance(line[1], CheckpointRow)


def test_a_damaged_gzip_gives_what_came_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "scans.csv.gz"
    lines = "".join(f"TM{number},2026-03-02,delivered\n" for number in range(20_000))
    whole = gzip.compress(f"tracking_number,occurred_at,status\n{lines}".encode())
    path.write_bytes(whole[: len(whole) // 2])
    read = list(HistoryFile(path, CheckpointRow, "checkpoints", lambda _: None).lines())
    assert isinstance(read[0][1], CheckpointRow)
    last = read[-1][1]
    assert isinstance(last, Rejected)
    assert "damaged" in last.reason


@pytest.mark.parametrize(
    ("status", "code", "description", "expected"),
    [
        (Status.ON_HOLD, "documents", None, Reason.DOCUMENTS),
        (Status.IN_TRANSIT, "MISSORTED", None, Reason.MISSORT),
        (Status.ON_HOLD, "X7", "Held by customs for inspection", Reason.INSPECTION),
        (Status.ATTEMPT_FAILED, None, "Nobody home", Reason.NOT_HOME),
        (Status.DELIVERED, None, "Delivered, box damaged", None),
        (Status.DELIVERED, "damaged", None, Reason.DAMAGED),
        (Status.IN_TRANSIT, "arrived", "Arrived at the depot", None),
    ],
)
def test_a_reason_is_read_from_the_code_or_from_the_words(
    status: Status, code: str | None, description: str | None, expected: Reason | None
) -> None:
    assert reason_of(status, code, description) is expected


@pytest.mark.parametrize(
    ("status", "code", "description", "expected"),
    [
        (Status.ON_HOLD, None, "Awaiting customs clearance", Reason.INSPECTION),
        (Status.ON_HOLD, None, "Commercial invoice missing", Reason.DOCUMENTS),
        (Status.ON_HOLD, "CUSTOMS-DOCS-MISSING", None, Reason.DOCUMENTS),
        (Status.ON_HOLD, None, "Duties must be paid before release", Reason.DUTIES),
        (Status.ON_HOLD, None, "Import duties not paid", Reason.DUTIES),
        (Status.ON_HOLD, None, "Not yet released by customs", Reason.INSPECTION),
        (Status.IN_TRANSIT, None, "Sent to the wrong depot", Reason.MISSORT),
        (Status.IN_TRANSIT, None, "Network delays", Reason.DELAY),
        (Status.IN_TRANSIT, None, "Truck running late", Reason.DELAY),
        (Status.IN_TRANSIT, "MECHANICAL", None, Reason.VEHICLE),
        (Status.IN_TRANSIT, None, "Backlog at the hub", Reason.CAPACITY),
        (Status.ATTEMPT_FAILED, None, "Recipient not available", Reason.NOT_HOME),
        (Status.ATTEMPT_FAILED, None, "Store was closed", Reason.CLOSED),
        (Status.ATTEMPT_FAILED, None, "The address is incomplete", Reason.BAD_ADDRESS),
        (Status.ATTEMPT_FAILED, None, "Addressee unknown", Reason.BAD_ADDRESS),
        (Status.ATTEMPT_FAILED, None, "Consignee moved away", Reason.MOVED),
        (Status.ATTEMPT_FAILED, None, "Rejected by the customer", Reason.REFUSED),
        (Status.LOST, None, "Parcel missing since Tuesday", Reason.LOST),
    ],
)
def test_carriers_have_many_words_for_one_trouble(
    status: Status, code: str | None, description: str | None, expected: Reason
) -> None:
    assert reason_of(status, code, description) is expected


@pytest.mark.parametrize(
    "description",
    [
        "Released from customs hold",
        "Customs inspection completed",
        "Cleared customs after inspection",
        "Duties paid",
        "Customs documents received",
        "Lost parcel found",
        "No delay expected",
        "Inspected, no damage",
        "The parcel has moved to the next hub",
        "Arrived at Snowhill depot",
        "Customs clearance in progress",
    ],
)
def test_what_is_over_or_never_was_is_no_trouble(description: str) -> None:
    assert reason_of(Status.IN_TRANSIT, None, description) is None


def test_what_was_shipped_later_is_not_known_with_the_order() -> None:
    row = ShipmentRow(
        tracking_number="TM1",
        partner="Acme",
        ordered_at=datetime(2026, 3, 2, tzinfo=UTC),
        shipped_at=datetime(2026, 3, 4, tzinfo=UTC),
        promised_at=date(2026, 3, 6),
    )
    ordered = row.report(datetime(2026, 3, 2, tzinfo=UTC))
    shipped = row.report(datetime(2026, 3, 4, tzinfo=UTC))
    assert ordered.announced_at is None
    assert shipped.announced_at == datetime(2026, 3, 4, tzinfo=UTC)
