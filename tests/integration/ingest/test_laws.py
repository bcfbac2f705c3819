"""Whatever the order, however often: the same news give the same tables."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sources.reports import CheckpointReport, MeasurementReport, Page, Promise, ShipmentReport
from storage.vocabulary import PromiseBasis, Reason, Status

Told = tuple[str, Page]
TablesAfter = Callable[[Sequence[Told]], dict[str, list[dict[str, Any]]]]

START = datetime(2026, 2, 20, tzinfo=UTC)
NUMBERS = ("TM1", "TM2", "BB7")
PARTNER_OF = {"TM1": "northwind", "TM2": "harbor", "BB7": "bluebird"}

instants = st.integers(0, 12).map(lambda hours: START + timedelta(hours=hours))
days = st.integers(0, 3).map(lambda day: date(2026, 2, 20 + day))
words = st.sampled_from(["Ground", "Express", "ÆØÅ"])
sources = st.sampled_from(["orders", "tracker"])
quantities = st.sampled_from([0.1, 0.2, 1.0, 2.5])  # of which some sums depend on their order
promises = st.builds(Promise, by=instants | days, basis=st.sampled_from(PromiseBasis))


@st.composite
def shipment_reports(draw: st.DrawFn) -> ShipmentReport:
    number = draw(st.sampled_from(NUMBERS))
    return ShipmentReport(
        tracking_number=number,
        as_of=draw(st.none() | instants),
        partner=PARTNER_OF[number],
        reference=draw(st.none() | st.sampled_from(["trk_1", "trk_2"])),
        is_tracked=draw(st.booleans()),
        service=draw(st.none() | words),
        destination=draw(st.none() | words),
        destination_zone=draw(st.none() | st.sampled_from(["Asia/Tokyo", "America/Los_Angeles"])),
        ordered_at=draw(st.none() | instants),
        announced_at=draw(st.none() | instants),
        promise=draw(st.none() | promises),
        estimated=draw(st.none() | instants | days),
        status=draw(st.none() | st.sampled_from(Status)),
        reason=draw(st.none() | st.sampled_from([Reason.WEATHER, Reason.CLOSED])),
        quantity=draw(st.none() | quantities),
        mode=draw(st.none() | words),
        priority=draw(st.none() | words),
        account=draw(st.none() | words),
        item=draw(st.none() | words),
        is_return=draw(st.none() | st.booleans()),
    )


@st.composite
def checkpoint_reports(draw: st.DrawFn) -> CheckpointReport:
    number = draw(st.sampled_from(NUMBERS))
    return CheckpointReport(
        tracking_number=number,
        occurred_at=draw(instants),
        status=draw(st.sampled_from(Status)),
        reason=draw(st.none() | st.sampled_from([Reason.WEATHER, Reason.CLOSED])),
        raw_text=draw(st.none() | words),
        estimated_at=draw(st.none() | instants),
        estimated_on=draw(st.none() | days),
        quantity=draw(st.none() | quantities),
        recorded_at=draw(st.none() | instants),
        partner=PARTNER_OF[number],
    )


measurement_reports = st.builds(
    MeasurementReport,
    partner=st.sampled_from(["northwind", "Bluebird Freight"]),
    metric=st.sampled_from(["order_accuracy", "damage_rate"]),
    period_start=st.just(date(2026, 2, 1)),
    period_end=st.just(date(2026, 2, 28)),
    numerator=st.integers(0, 3),
    denominator=st.integers(3, 5),
    measured_at=instants,
)
pages = st.builds(
    Page,
    shipments=st.lists(shipment_reports(), max_size=3),
    checkpoints=st.lists(checkpoint_reports(), max_size=4),
    measurements=st.lists(measurement_reports, max_size=2),
)
told = st.tuples(sources, pages)
lawful = settings(
    max_examples=max(150, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@lawful
@given(news=st.lists(told, min_size=1, max_size=4), order=st.randoms(use_true_random=False))
def test_any_order_of_pages_gives_the_same_tables(
    tables_after: TablesAfter, news: list[Told], order: Any
) -> None:
    shuffled = list(news)
    order.shuffle(shuffled)
    assert tables_after(shuffled) == tables_after(news)


@lawful
@given(news=st.lists(told, min_size=1, max_size=3))
def test_everything_told_twice_gives_the_same_tables(
    tables_after: TablesAfter, news: list[Told]
) -> None:
    assert tables_after([*news, *news]) == tables_after(news)


@lawful
@given(page=pages, source=sources)
def test_a_page_gives_the_same_tables_as_its_lines_one_by_one(
    tables_after: TablesAfter, page: Page, source: str
) -> None:
    lines = [
        *((source, Page(checkpoints=[line])) for line in page.checkpoints),
        *((source, Page(measurements=[line])) for line in page.measurements),
        *((source, Page(shipments=[line])) for line in page.shipments),
    ]
    assert tables_after(lines) == tables_after([(source, page)])


GUESSED_REPORT = Page(
    shipments=[
        ShipmentReport(
            "TM1", carrier="Northwind", as_of=START, is_tracked=True, estimated=date(2026, 2, 22)
        )
    ]
)
GUESSED_CHECKPOINT = Page(checkpoints=[CheckpointReport("BB7", START, Status.IN_TRANSIT)])
NAMED_ELSEWHERE = Page(
    shipments=[
        ShipmentReport("TM1", partner="harbor", order_reference="PO-1"),
        ShipmentReport("BB7", partner="harbor", order_reference="PO-2"),
    ]
)
CARRIER_SAYS = Page(shipments=[ShipmentReport("BB7", carrier="northwind", as_of=START)])


@pytest.mark.parametrize(
    "order",
    list(permutations([GUESSED_REPORT, GUESSED_CHECKPOINT, NAMED_ELSEWHERE, CARRIER_SAYS])),
)
def test_who_is_named_gets_it_all_whenever_that_is_heard(
    tables_after: TablesAfter, order: tuple[Page, ...]
) -> None:
    tables = tables_after([("tracker", page) for page in order])
    owners = [(row["tracking_number"], row["partner_key"]) for row in tables["shipment"]]
    assert sorted(owners) == [("BB7", "harbor"), ("TM1", "harbor")]
    assert len(tables["checkpoint"]) == 1
    (estimate,) = tables["estimate"]
    assert estimate["estimated_at"] == datetime(2026, 2, 22, 14, 59, 59, tzinfo=UTC)  # in Tokyo


SAME_MOMENT = [
    Page(shipments=[ShipmentReport("TM1", partner="northwind", as_of=START, estimated=eta)])
    for eta in (date(2026, 2, 22), START + timedelta(days=1), START + timedelta(days=2, hours=3))
]
LOTS = [
    Page(
        checkpoints=[
            CheckpointReport(
                "TM1",
                START + timedelta(hours=hour),
                Status.DELIVERED,
                quantity=quantity,
                partner="northwind",
            )
        ]
    )
    for hour, quantity in enumerate((0.1, 0.2, 0.3))
]


@pytest.mark.parametrize("order", list(permutations(SAME_MOMENT)))
def test_of_etas_said_at_one_moment_the_greatest_stays(
    tables_after: TablesAfter, order: tuple[Page, ...]
) -> None:
    tables = tables_after([("tracker", page) for page in order])
    (estimate,) = tables["estimate"]
    (shipment,) = tables["shipment"]
    assert estimate["estimated_at"] == START + timedelta(days=2, hours=3)
    assert shipment["estimated_at"] == estimate["estimated_at"]


@pytest.mark.parametrize("order", list(permutations(LOTS)))
def test_lots_add_up_to_the_very_same_figure_in_any_order(
    tables_after: TablesAfter, order: tuple[Page, ...]
) -> None:
    together = Page(checkpoints=[page.checkpoints[0] for page in order])
    for news in ([("tracker", page) for page in order], [("tracker", together)]):
        (shipment,) = tables_after(news)["shipment"]
        assert shipment["delivered_quantity"] == 0.6
