"""How old each fact of a shipment is: as old as its order, or its tracking, as a whole; what is not
stands in `ages` of its provenance."""

from datetime import UTC, datetime
from typing import Any

from storage.journeys import StoredShipment

UNDATED = datetime.min.replace(tzinfo=UTC)
TRACKING_FACTS = frozenset(("reported_status", "estimated_at", "source_key"))


def age_of(ages: dict[str, str | None], name: str, base: datetime | None) -> datetime:
    """`base`: of the order, or of the tracking, whichever the fact belongs to."""
    if name in ages:
        told = ages[name]
        return UNDATED if told is None else datetime.fromisoformat(told)
    return base or UNDATED


def set_age(
    ages: dict[str, str | None], name: str, as_of: datetime | None, base: datetime | None
) -> None:
    if as_of == base:
        ages.pop(name, None)
    else:
        ages[name] = as_written(as_of)


def exceptions_among(
    shipment: StoredShipment, ages: dict[str, str | None]
) -> dict[str, str | None]:
    """Those of other ages than their order or their tracking."""
    if not ages:
        return ages
    order, tracking = as_written(shipment.order_as_of), as_written(shipment.tracking_as_of)
    return {
        name: age
        for name, age in ages.items()
        if age != (tracking if name in TRACKING_FACTS else order)
    }


def as_written(as_of: datetime | None) -> str | None:
    return None if as_of is None else as_of.isoformat()


def keep(provenance: dict[str, Any], name: str, value: object) -> None:
    """Nothing is kept of what is empty."""
    if value:
        provenance[name] = value
    else:
        provenance.pop(name, None)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
