"""What the demo's order system drops is what the real reader takes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.book.models import FolderEntry
from bot.clock import MovableClock
from bot.demo.book import HISTORY_SINCE, START
from bot.demo.history import load
from bot.demo.orders_folder import OrdersFolder
from bot.demo.partners import HISTORY_NAMES
from bot.demo.world import World
from bot.sources.folder import Folder
from bot.sources.reports import MeasurementReport, Promise, ShipmentReport
from storage.vocabulary import PromiseBasis

WORLD = World(load(), HISTORY_NAMES, HISTORY_SINCE)
MONTH_LATER = START + timedelta(days=31)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders"


def names(files: Iterable[Path]) -> list[str]:
    return sorted(file.name for file in files)


async def read(path: Path) -> tuple[dict[str, ShipmentReport], list[MeasurementReport]]:
    shipments: list[ShipmentReport] = []
    measurements: list[MeasurementReport] = []
    source = Folder(FolderEntry(key="orders", kind="folder", path=path))
    async for page in source.pages(None):
        assert list(page.rejected) == []
        shipments += page.shipments
        measurements += page.measurements
    by_number = {report.tracking_number: report for report in shipments}
    assert len(by_number) == len(shipments)
    return by_number, measurements


async def test_the_first_drop_holds_everything_known_at_the_start(path: Path) -> None:
    written = OrdersFolder(path, WORLD, START).write(START)
    assert names(written) == [
        *(f"kpis-2013-0{month}.csv" for month in range(4, 9)),
        "shipments-before.csv",
    ]
    shipments, _ = await read(path)
    assert shipments.keys() == {one.tracking_number for one in WORLD.known(START)}


async def test_day_by_day_all_orders_come_in_whatever_the_steps(path: Path) -> None:
    folder = OrdersFolder(path, WORLD, START)
    now = START
    while now < MONTH_LATER:
        folder.write(now)
        now += timedelta(hours=7)
    folder.write(MONTH_LATER)
    shipments, _ = await read(path)
    assert shipments.keys() == {one.tracking_number for one in WORLD.known(MONTH_LATER)}


async def test_each_order_carries_the_facts_of_the_history(path: Path) -> None:
    OrdersFolder(path, WORLD, START).write(MONTH_LATER)
    shipments, _ = await read(path)
    for one in WORLD.known(MONTH_LATER):
        report, delivery = shipments[one.tracking_number], one.delivery
        assert report.partner == report.carrier == delivery.vendor
        assert report.promise == Promise(delivery.scheduled_on, PromiseBasis.ORDER)
        assert report.destination_zone == one.zone
        assert (report.value, report.currency) == (delivery.value, "USD")
        assert report.quantity == delivery.quantity
        assert report.as_of == report.announced_at == one.announced_at
        assert (report.ordered_at is None) == (delivery.ordered_on is None)
        assert report.status is None
        assert not report.is_tracked


async def test_cost_shares_keep_numerator_and_denominator(path: Path) -> None:
    OrdersFolder(path, WORLD, START).write(MONTH_LATER)
    _, measurements = await read(path)
    september = {
        one.partner: (one.numerator, one.denominator)
        for one in measurements
        if one.period_end == datetime(2013, 9, 30).date()  # noqa: DTZ001
    }
    assert {one.metric for one in measurements} == {"cost_share"}
    assert september == {
        costs.vendor: (costs.freight, costs.value)
        for costs in WORLD.freight_costs(datetime(2013, 9, 1).date())  # noqa: DTZ001
    }


def test_after_a_restart_only_what_is_missing_is_written(path: Path) -> None:
    later = START + timedelta(days=3)
    OrdersFolder(path, WORLD, START).write(later)
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    (path / "shipments-before.unfinished").write_text("a crash left this")
    again = OrdersFolder(path, WORLD, START)
    assert again.write(later) == []
    missing = path / "shipments-before.csv"
    missing.unlink()
    assert again.write(later) == [missing]
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before


class TheEnd(Exception):
    pass


class HurryingClock(MovableClock):
    """Ten days later every time that it is read, three times."""

    def __call__(self) -> datetime:
        self.advance(timedelta(days=10))
        if self.now > MONTH_LATER:
            raise TheEnd
        return self.now


async def test_it_goes_on_writing_as_time_goes_by(path: Path) -> None:
    folder = OrdersFolder(path, WORLD, START)
    with pytest.raises(TheEnd):
        await folder.keep_writing(HurryingClock(START), 0)
    shipments, measurements = await read(path)
    month_later = START + timedelta(days=30)
    assert shipments.keys() == {one.tracking_number for one in WORLD.known(month_later)}
    assert {one.period_end.month for one in measurements} == {4, 5, 6, 7, 8, 9}
