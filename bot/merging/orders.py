"""Order facts: each is as new as its report, and the newer wins."""

from operator import attrgetter

from bot.merging.ages import UNDATED, age_of, as_written, later, set_age
from bot.sources.reports import ShipmentReport
from storage.journeys import StoredShipment

_ORDER_FACTS = (
    "carrier",
    "service",
    "order_reference",
    "origin",
    "destination",
    "destination_zone",
    "ordered_at",
    "ship_by",
    "value",
    "currency",
    "quantity",
    "mode",
    "priority",
    "account",
    "item",
    "is_return",
)
_order_facts = attrgetter(*_ORDER_FACTS)


def merge_order(
    shipment: StoredShipment,
    report: ShipmentReport,
    ages: dict[str, str | None],
    is_first: bool,
) -> None:
    told = [
        (name, value)
        for name, value in zip(_ORDER_FACTS, _order_facts(report), strict=True)
        if value is not None
    ]
    if not told:
        return
    if is_first:
        for name, value in told:
            setattr(shipment, name, value)
        shipment.order_as_of = report.as_of
        return
    base = shipment.order_as_of
    weight = report.as_of or UNDATED
    new_base = later(base, report.as_of)
    if new_base != base:
        for name in _ORDER_FACTS:
            if name not in ages and getattr(shipment, name) is not None:
                ages[name] = as_written(base)
    for name, value in told:
        stored = getattr(shipment, name)
        if stored is None or (weight, value) > (age_of(ages, name, new_base), stored):
            setattr(shipment, name, value)
            set_age(ages, name, report.as_of, new_base)
    shipment.order_as_of = new_base
