"""The replayed world tells what the history holds, no more, and nothing before its time."""

import csv
import gzip
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.book import HISTORY_SINCE, START
from bot.demo.history import HISTORY_FILE, Delivery, load
from bot.demo.partners import HISTORY_NAMES
from bot.demo.world import World
from bot.demo.zones import ZONE_OF_COUNTRY

HISTORY = load()
WORLD = World(HISTORY, HISTORY_NAMES, HISTORY_SINCE)
END = datetime(2016, 1, 1, tzinfo=UTC)

instants = st.datetimes(
    min_value=datetime(2012, 6, 1),  # noqa: DTZ001  the strategy adds the zone
    max_value=datetime(2016, 6, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def rows() -> list[dict[str, str]]:
    with gzip.open(HISTORY_FILE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def delivery(**changes: object) -> Delivery:
    fields: dict[str, object] = {
        "tracking_number": "ASN-1",
        "vendor": "CIPLA LIMITED",
        "country": "Kenya",
        "mode": "Air",
        "order_reference": "SO-1",
        "ordered_on": date(2013, 9, 1),
        "scheduled_on": date(2013, 10, 20),
        "delivered_on": date(2013, 10, 22),
        "quantity": 1.0,
        "value": 10.0,
        "weight": None,
        "freight": None,
        "lines": 1,
        **changes,
    }
    return Delivery(**fields)  # type: ignore[arg-type]


def world(*deliveries: Delivery) -> World:
    return World(deliveries, HISTORY_NAMES, HISTORY_SINCE)


def announced_on(one: Delivery) -> date:
    return world(one).known(END)[0].announced_at.date()


def test_the_history_is_whole() -> None:
    assert len(HISTORY) == 7030
    assert len({one.tracking_number for one in HISTORY}) == 7030
    assert sum(one.lines for one in HISTORY) == 10_324
    assert HISTORY_FILE.stat().st_size < 300_000


def test_every_country_has_a_zone_where_noon_in_greenwich_is_the_same_day() -> None:
    assert {one.country for one in HISTORY} == ZONE_OF_COUNTRY.keys()
    for one in WORLD.known(END):
        local = one.delivered_at.astimezone(ZoneInfo(one.zone))
        assert local.date() == one.delivery.delivered_on
    for name in ZONE_OF_COUNTRY.values():
        for month in range(1, 13):
            noon = datetime(2013, month, 15, 12, tzinfo=UTC)
            assert noon.astimezone(ZoneInfo(name)).date() == noon.date()


def test_the_world_is_the_history_of_its_vendors_from_its_first_day_on() -> None:
    expected = {
        row["tracking_number"]: (row["scheduled_on"], row["delivered_on"])
        for row in rows()
        if row["vendor"] in HISTORY_NAMES
        and max(row["scheduled_on"], row["delivered_on"]) >= "2013-04-01"
    }
    assert {
        one.tracking_number: (
            one.delivery.scheduled_on.isoformat(),
            one.delivery.delivered_on.isoformat(),
        )
        for one in WORLD.known(END)
    } == expected


def test_deliveries_on_time_are_those_of_the_file() -> None:
    late = Counter(
        (row["vendor"], row["scheduled_on"][:7])
        for row in rows()
        if row["delivered_on"] > row["scheduled_on"]
    )
    told = Counter(
        (one.delivery.vendor, f"{one.delivery.scheduled_on:%Y-%m}")
        for one in WORLD.known(END)
        if not one.delivery.is_on_time
    )
    assert told["Orgenics, Ltd", "2013-09"] == 5
    for key, count in told.items():
        if key[1] >= "2013-04":
            assert late[key] == count


@settings(deadline=None)
@given(instants, instants)
def test_what_is_known_only_grows(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert [*WORLD.known(earlier), *WORLD.announced_between(earlier, later)] == list(
        WORLD.known(later)
    )
    assert all(shipment.announced_at <= earlier for shipment in WORLD.known(earlier))


@settings(deadline=None)
@given(instants)
def test_nothing_arrives_before_it_was_announced(now: datetime) -> None:
    for one in WORLD.known(now):
        assert one.announced_at < one.delivered_at
        assert one.is_delivered(now) == (now >= one.delivered_at)
        assert one.changed_at(now) <= now


def test_a_shipment_is_announced_on_the_day_of_its_order() -> None:
    assert announced_on(delivery()) == date(2013, 9, 1)


@pytest.mark.parametrize("ordered_on", [None, date(2013, 6, 1)], ids=["unknown", "long ago"])
def test_without_a_sensible_day_of_order_it_is_announced_45_days_ahead(
    ordered_on: date | None,
) -> None:
    assert announced_on(delivery(ordered_on=ordered_on)) == date(2013, 9, 5)
    early = delivery(ordered_on=ordered_on, delivered_on=date(2013, 10, 10))
    assert announced_on(early) == date(2013, 8, 26)


def test_what_is_not_announced_yet_cannot_be_asked_for() -> None:
    small = world(delivery())
    (one,) = small.known(END)
    before = one.announced_at - timedelta(seconds=1)
    assert small.by_number("ASN-1", before) is None
    assert small.by_number("ASN-1", one.announced_at) == one
    assert small.by_id(one.tracker_id, one.announced_at) == one
    with pytest.raises(KeyError):
        small.by_id(one.tracker_id, before)
    with pytest.raises(KeyError):
        small.older_than("trk_unknown", END)


def test_freight_costs_of_a_month_are_those_of_the_file() -> None:
    september = [
        row
        for row in rows()
        if row["vendor"] == "CIPLA LIMITED"
        and row["delivered_on"].startswith("2013-09")
        and row["freight"]
    ]
    (cipla,) = (
        one for one in WORLD.freight_costs(date(2013, 9, 1)) if one.vendor == "CIPLA LIMITED"
    )
    assert len(september) == 3
    assert cipla.freight == pytest.approx(sum(float(row["freight"]) for row in september))
    assert cipla.value == pytest.approx(sum(float(row["value"]) for row in september))


def test_a_month_has_ended_on_the_morning_after_it() -> None:
    assert WORLD.months_ended(datetime(2013, 6, 1, 7, 59, tzinfo=UTC)) == [date(2013, 4, 1)]
    assert WORLD.months_ended(datetime(2013, 6, 1, 8, tzinfo=UTC)) == [
        date(2013, 4, 1),
        date(2013, 5, 1),
    ]


def test_a_world_that_begins_within_a_month_does_not_count_that_month() -> None:
    begun = World(HISTORY, HISTORY_NAMES, date(2013, 4, 2))
    assert begun.months_ended(datetime(2013, 6, 2, tzinfo=UTC)) == [date(2013, 5, 1)]


def test_the_demo_has_something_to_tell_from_its_first_minute() -> None:
    ten_days_on = START + timedelta(days=10)

    def late_vendors(now: datetime, by: datetime) -> set[str]:
        return {
            one.delivery.vendor
            for one in WORLD.known(by)
            if one.delivery.scheduled_on < by.date()
            and one.delivered_at > now
            and not one.delivery.is_on_time
        }

    assert late_vendors(START, ten_days_on) == {
        "SCMS from RDC",
        "Orgenics, Ltd",
        "Aurobindo Pharma Limited",
    }
