"""What of the history is known at an instant. Pure: nothing here reads a clock or a file."""

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.demo.history import Delivery
from bot.demo.zones import ZONE_OF_COUNTRY

ANNOUNCED_AT = time(8, tzinfo=UTC)
DELIVERED_AT = time(12, tzinfo=UTC)
"""The history has days only: 12:00 UTC is on the same day in every country that it went to."""
LONGEST_LEAD = timedelta(days=120)
USUAL_LEAD = timedelta(days=45)
"""When it is announced if the order's day is unknown, or too long ago to have meant a shipment."""


@dataclass(frozen=True, slots=True)
class Consignment:
    """A delivery of the history, and when each thing about it came to be known."""

    delivery: Delivery
    tracker_id: str
    announced_at: datetime
    delivered_at: datetime
    zone: str

    @property
    def tracking_number(self) -> str:
        return self.delivery.tracking_number

    def is_delivered(self, now: datetime) -> bool:
        return self.delivered_at <= now

    def changed_at(self, now: datetime) -> datetime:
        return self.delivered_at if self.is_delivered(now) else self.announced_at


@dataclass(frozen=True, slots=True)
class FreightCosts:
    """Of a vendor's shipments that were delivered in a month and whose freight is a number."""

    vendor: str
    month: date
    """Its first day."""
    freight: float
    value: float


class World:
    """The shipments of some vendors that were due or delivered on a day or later."""

    def __init__(
        self, deliveries: Iterable[Delivery], vendors: Collection[str], since: date
    ) -> None:
        self._consignments = sorted(
            (
                _consignment(delivery)
                for delivery in deliveries
                if delivery.vendor in vendors
                and max(delivery.scheduled_on, delivery.delivered_on) >= since
            ),
            key=lambda one: (one.announced_at, one.tracker_id),
        )
        self._announced = [one.announced_at for one in self._consignments]
        self._position = {one.tracker_id: at for at, one in enumerate(self._consignments)}
        self._by_number = {one.tracking_number: one for one in self._consignments}
        self._since = since

    def __len__(self) -> int:
        return len(self._consignments)

    def known(self, now: datetime) -> Sequence[Consignment]:
        """Oldest first."""
        return self._consignments[: bisect_right(self._announced, now)]

    def announced_between(self, after: datetime, until: datetime) -> Sequence[Consignment]:
        """Oldest first, without those announced at `after` itself."""
        return self._consignments[
            bisect_right(self._announced, after) : bisect_right(self._announced, until)
        ]

    def older_than(self, tracker_id: str, now: datetime) -> Sequence[Consignment]:
        """Oldest first. KeyError if no such tracker is known."""
        return self._consignments[: self._position[self.by_id(tracker_id, now).tracker_id]]

    def by_id(self, tracker_id: str, now: datetime) -> Consignment:
        """KeyError if no such tracker is known."""
        consignment = self._consignments[self._position[tracker_id]]
        if consignment.announced_at > now:
            raise KeyError(tracker_id)
        return consignment

    def by_number(self, tracking_number: str, now: datetime) -> Consignment | None:
        consignment = self._by_number.get(tracking_number)
        return consignment if consignment and consignment.announced_at <= now else None

    def freight_costs(self, month: date) -> list[FreightCosts]:
        """Vendors in order of name; those without any such shipment are left out."""
        totals: dict[str, list[tuple[float, float]]] = {}
        for one in self._consignments:
            delivery = one.delivery
            if delivery.freight is not None and delivery.delivered_on.replace(day=1) == month:
                totals.setdefault(delivery.vendor, []).append((delivery.freight, delivery.value))
        return [
            FreightCosts(
                vendor,
                month,
                freight=round(sum(freight for freight, _ in shipments), 2),
                value=round(sum(value for _, value in shipments), 2),
            )
            for vendor, shipments in sorted(totals.items())
        ]

    def months_ended(self, now: datetime) -> list[date]:
        """First days of the months that lie wholly between the world's first day and now."""
        month = self._since if self._since.day == 1 else next_month(self._since)
        months = []
        while datetime.combine(next_month(month), ANNOUNCED_AT) <= now:
            months.append(month)
            month = next_month(month)
        return months


def next_month(day: date) -> date:
    """The first day of it."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _consignment(delivery: Delivery) -> Consignment:
    digest = hashlib.sha256(delivery.tracking_number.encode()).hexdigest()
    return Consignment(
        delivery=delivery,
        tracker_id=f"trk_{digest[:32]}",
        announced_at=datetime.combine(_announced_on(delivery), ANNOUNCED_AT),
        delivered_at=datetime.combine(delivery.delivered_on, DELIVERED_AT),
        zone=ZONE_OF_COUNTRY[delivery.country],
    )


def _announced_on(delivery: Delivery) -> date:
    ordered_on = delivery.ordered_on
    if ordered_on is not None and delivery.scheduled_on - ordered_on <= LONGEST_LEAD:
        return ordered_on
    return min(delivery.scheduled_on, delivery.delivered_on) - USUAL_LEAD
