"""The demo's order system: drops its exports into a folder, as an ERP would."""

import asyncio
import csv
import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.demo.world import ANNOUNCED_AT, Consignment, FreightCosts, World, next_month

SHIPMENT_COLUMNS = (
    "tracking_number",
    "partner",
    "carrier",
    "service",
    "order_reference",
    "destination",
    "destination_zone",
    "ordered_at",
    "announced_at",
    "promised_at",
    "value",
    "currency",
    "quantity",
    "as_of",
)
KPI_COLUMNS = (
    "partner",
    "metric",
    "period_start",
    "period_end",
    "numerator",
    "denominator",
    "measured_at",
)
COST_SHARE = "cost_share"


class OrdersFolder:
    """Every file is written once, whole, under its final name: after a restart only what is
    missing is written."""

    def __init__(self, path: Path, world: World, start: datetime) -> None:
        self._path = path
        self._world = world
        self._start = start

    def write(self, now: datetime) -> list[Path]:
        """Everything that is known by now and not there yet; the files that were written."""
        self._path.mkdir(parents=True, exist_ok=True)
        return [
            *self._write_shipments("shipments-before.csv", self._world.known(self._start)),
            *self._write_days(now),
            *self._write_months(now),
        ]

    async def keep_writing(self, clock: Clock, every_seconds: float) -> None:
        """Until cancelled. The seconds are the system's."""
        while True:
            await asyncio.to_thread(self.write, clock())
            await asyncio.sleep(every_seconds)

    def _write_days(self, now: datetime) -> Iterable[Path]:
        after = self._start
        while (until := _next_announcement(after)) <= now:
            announced = self._world.announced_between(after, until)
            if announced:
                yield from self._write_shipments(f"shipments-{until:%Y-%m-%d}.csv", announced)
            after = until

    def _write_months(self, now: datetime) -> Iterable[Path]:
        for month in self._world.months_ended(now):
            name = f"kpis-{month:%Y-%m}.csv"
            if self._lacks(name) and (costs := self._world.freight_costs(month)):
                yield self._write(name, KPI_COLUMNS, [_kpi_row(one) for one in costs])

    def _write_shipments(self, name: str, known: Sequence[Consignment]) -> Iterable[Path]:
        if self._lacks(name):
            yield self._write(name, SHIPMENT_COLUMNS, [_shipment_row(one) for one in known])

    def _lacks(self, name: str) -> bool:
        return not (self._path / name).exists()

    def _write(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
        target = self._path / name
        unfinished = target.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        return target


def _next_announcement(after: datetime) -> datetime:
    same_day = datetime.combine(after.date(), ANNOUNCED_AT)
    return same_day if same_day > after else same_day + timedelta(days=1)


def _shipment_row(one: Consignment) -> list[str]:
    delivery = one.delivery
    return [
        one.tracking_number,
        delivery.vendor,
        delivery.vendor,
        delivery.mode,
        delivery.order_reference,
        delivery.country,
        one.zone,
        _stamp(delivery.ordered_on),
        one.announced_at.isoformat(),
        delivery.scheduled_on.isoformat(),
        f"{delivery.value:.2f}",
        "USD",
        f"{delivery.quantity:.0f}",
        one.announced_at.isoformat(),
    ]


def _stamp(ordered_on: date | None) -> str:
    return datetime.combine(ordered_on, ANNOUNCED_AT).isoformat() if ordered_on else ""


def _kpi_row(costs: FreightCosts) -> list[str]:
    after_the_end = next_month(costs.month)
    return [
        costs.vendor,
        COST_SHARE,
        costs.month.isoformat(),
        (after_the_end - timedelta(days=1)).isoformat(),
        f"{costs.freight:.2f}",
        f"{costs.value:.2f}",
        datetime.combine(after_the_end, ANNOUNCED_AT).isoformat(),
    ]
