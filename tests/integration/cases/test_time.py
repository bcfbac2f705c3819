"""Weekends, holidays, zones and the change of the clocks, from the order to the message."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sources.reports import CheckpointReport, Promise, ShipmentReport
from storage.database import Database
from storage.vocabulary import CaseKind, PromiseBasis, Status
from tests.integration.cases.pipeline import DAY, Pipeline, book_of, partner

BERLIN = ZoneInfo("Europe/Berlin")


def _local(day: int, hour: int, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN).astimezone(UTC)


def _journey(number: str, day: date) -> list[CheckpointReport]:
    """Scanned on the evening of its first working days, delivered on the fourth."""
    days: list[date] = []
    at = day
    while len(days) < 4:
        if at.weekday() < 5 and at != date(2026, 5, 25):  # Whit Monday
            days.append(at)
        at += DAY
    statuses = [Status.IN_TRANSIT] * 3 + [Status.DELIVERED]
    return [
        CheckpointReport(number, _local(at.day, 17), status, partner="kestrel")
        for at, status in zip(days, statuses, strict=True)
    ]


def test_a_morning_after_a_quiet_weekend_has_no_peak(sqlite_database: Database) -> None:
    """A fortnight of parcels, three a day, with Whit Monday in it. One a week stops moving."""
    carrier = partner(calendar={"country": "DE"})
    pipeline = Pipeline(sqlite_database, book_of(carrier, no_scan_after_working_hours=16))
    pipeline.clock.now = _local(11, 8)
    news: list[CheckpointReport] = []
    for day in (11, 12, 13, 15, 18, 19, 20, 21, 22):
        for parcel in range(3):
            news += _journey(f"KP-{day}-{parcel}", date(2026, 5, day))
    stuck = {"KP-12-0", "KP-19-0"}
    news = [one for one in news if one.tracking_number not in stuck or one.occurred_at.day < 21]
    news = [
        one for one in news if one.status != Status.DELIVERED or one.tracking_number not in stuck
    ]
    for one in sorted(news, key=lambda one: one.occurred_at):
        pipeline.pass_until(one.occurred_at)
        pipeline.hears(checkpoints=[one])
    pipeline.pass_until(_local(30, 8))

    per_hour = Counter(
        case.opened_at.astimezone(BERLIN).strftime("%a %d %H") for case in pipeline.cases()
    )
    assert {case.kind for case in pipeline.cases()} == {CaseKind.NO_SCAN}
    assert len(pipeline.cases()) == len(stuck)
    assert max(per_hour.values()) == 1
    assert not any(hour.startswith(("Sat", "Sun", "Mon 25")) for hour in per_hour)


@pytest.mark.parametrize(
    ("zone", "passes_at"),
    [
        ("America/New_York", datetime(2026, 6, 19, 4, tzinfo=UTC)),
        ("Australia/Sydney", datetime(2026, 6, 18, 14, tzinfo=UTC)),
    ],
)
def test_a_promised_day_ends_where_it_is_delivered(
    sqlite_database: Database, zone: str, passes_at: datetime
) -> None:
    pipeline = Pipeline(sqlite_database, book_of(promise_grace_minutes=0))
    order = ShipmentReport(
        "KP-1",
        partner="kestrel",
        destination_zone=zone,
        status=Status.AVAILABLE_FOR_PICKUP,
        announced_at=pipeline.clock(),
        promise=Promise(date(2026, 6, 18), PromiseBasis.ORDER),
        as_of=pipeline.clock(),
    )
    pipeline.hears(order)
    pipeline.pass_until(passes_at - timedelta(seconds=2))
    assert pipeline.cases(CaseKind.PROMISE_PASSED) == []
    pipeline.pass_until(passes_at)
    assert len(pipeline.cases(CaseKind.PROMISE_PASSED)) == 1


@pytest.mark.parametrize(
    ("sunday", "day_after"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), date(2026, 3, 29)),  # 23 hours long in Berlin
        (datetime(2026, 10, 24, 12, tzinfo=UTC), date(2026, 10, 25)),  # 25 hours long
    ],
)
def test_a_promised_day_on_which_the_clocks_change_ends_at_its_own_midnight(
    sqlite_database: Database, sunday: datetime, day_after: date
) -> None:
    pipeline = Pipeline(sqlite_database, book_of(promise_grace_minutes=0))
    pipeline.clock.now = sunday
    order = replace(pipeline.order(), promise=Promise(day_after, PromiseBasis.ORDER))
    pipeline.hears(order)
    midnight = datetime.combine(day_after + DAY, datetime.min.time(), BERLIN).astimezone(UTC)
    pipeline.pass_until(midnight - timedelta(seconds=2))
    assert pipeline.cases(CaseKind.PROMISE_PASSED) == []
    pipeline.pass_until(midnight)
    assert len(pipeline.cases(CaseKind.PROMISE_PASSED)) == 1


@pytest.mark.parametrize(("friday", "month"), [(27, 3), (23, 10)])
def test_working_hours_go_by_the_clock_on_the_wall_when_it_changes(
    sqlite_database: Database, friday: int, month: int
) -> None:
    """Scanned on Friday at 16:00; five working hours on is Monday at 12:00, summer or winter."""
    hours = {"opens": "09:00", "closes": "18:00"}
    pipeline = Pipeline(
        sqlite_database, book_of(partner(calendar=hours), no_scan_after_working_hours=5)
    )
    pipeline.clock.now = _local(friday, 16, month)
    pipeline.hears(checkpoints=[pipeline.scan()])
    noon = datetime(2026, month, friday, 12, tzinfo=BERLIN) + 3 * DAY  # by the wall
    pipeline.pass_until(noon.astimezone(UTC) - timedelta(seconds=1))
    assert pipeline.cases() == []
    pipeline.pass_until(noon.astimezone(UTC))
    assert pipeline.case(CaseKind.NO_SCAN).since == noon.astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "over_at"),
    [
        # Its last hour comes twice: 25 hours long.
        ("Africa/Cairo", date(2026, 10, 29), datetime(2026, 10, 29, 22, tzinfo=UTC)),
        ("America/Santiago", date(2026, 4, 4), datetime(2026, 4, 5, 4, tzinfo=UTC)),
        # Its last hour never comes: 23 hours long.
        ("America/Scoresbysund", date(2026, 3, 28), datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_a_promised_day_ends_with_its_last_hour_also_where_the_clocks_change_at_midnight(
    sqlite_database: Database, zone: str, day: date, over_at: datetime
) -> None:
    pipeline = Pipeline(sqlite_database, book_of())
    pipeline.clock.now = over_at - 2 * DAY
    promise = Promise(day, PromiseBasis.ORDER)
    pipeline.hears(replace(pipeline.order(), promise=promise, destination_zone=zone))
    assert pipeline.shipment().promised_at == over_at - timedelta(seconds=1)
    assert pipeline.shipment().promised_on == day


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Asia/Kolkata", "America/Chicago"])
def test_a_day_that_is_expected_scan_after_scan_has_slipped_once(
    sqlite_database: Database, zone: str
) -> None:
    """The shipment and each of its scans name the same day, a day past the promise."""
    pipeline = Pipeline(sqlite_database, book_of(partner(zone=zone)))
    promised_on = date(2026, 6, 18)
    expected_on = promised_on + DAY
    promise = Promise(promised_on, PromiseBasis.ORDER)
    for _ in range(3):
        pipeline.passes(DAY / 4)
        scanned = replace(pipeline.scan(), estimated_on=expected_on)
        order = replace(pipeline.order(), promise=promise, estimated=expected_on)
        pipeline.passes(DAY / 48)
        pipeline.hears(replace(order, as_of=pipeline.clock()), checkpoints=[scanned])
    facts = pipeline.case(CaseKind.ETA_PAST_PROMISE).facts
    assert (facts["slips"], facts["slip_hours"], facts["slip_working_days"]) == (1, 24, 1)
