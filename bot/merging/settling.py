"""What follows from the merged facts."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.merging.ages import age_of
from storage.journeys import StoredShipment
from storage.vocabulary import Status

END_OF_DAY = time(23, 59, 59, fold=1)  # the later one, where the clocks show it twice
_FINAL = frozenset(status.value for status in Status if status.is_final)
_UNSEEN = frozenset((Status.NOT_FOUND.value, Status.LABEL_CREATED.value))


def settle(shipment: StoredShipment, partner_zone: ZoneInfo) -> None:
    """Derives what follows from the merged facts. The status must be the last checkpoint's."""
    provenance = shipment.provenance or {}
    zone = destination_zone_of(shipment, partner_zone)
    if shipment.promise_basis is not None:
        day = provenance.get("promise_day")
        if day is not None:
            shipment.promised_on = date.fromisoformat(day)
            shipment.promised_at = end_of_day(shipment.promised_on, zone)
        elif shipment.promised_at is not None:
            shipment.promised_on = shipment.promised_at.astimezone(zone).date()
    day = provenance.get("estimate_day")
    if day is not None:
        shipment.estimated_at = end_of_day(date.fromisoformat(day), zone)
    if shipment.delivered_at is not None:
        shipment.delivered_on = shipment.delivered_at.astimezone(zone).date()
    if shipment.last_checkpoint_at is None:
        is_announced = shipment.announced_at is not None
        shipment.status = Status.LABEL_CREATED if is_announced else Status.NOT_FOUND
        shipment.reason = None
    if shipment.reported_status is not None and _reported_status_counts(shipment):
        shipment.status = shipment.reported_status
        shipment.reason = provenance.get("reason")


def destination_zone_of(shipment: StoredShipment, partner_zone: ZoneInfo) -> ZoneInfo:
    return _zone(shipment.destination_zone) if shipment.destination_zone else partner_zone


def is_finished(shipment: StoredShipment) -> bool:
    return shipment.status in _FINAL


@lru_cache(maxsize=4096)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day there, in UTC."""
    return datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)


def _reported_status_counts(shipment: StoredShipment) -> bool:
    if shipment.last_checkpoint_at is None:
        return True
    if shipment.reported_status in _UNSEEN and shipment.first_scan_at is not None:
        return False
    ages = (shipment.provenance or {}).get("ages", {})
    age = age_of(ages, "reported_status", shipment.tracking_as_of)
    return age > shipment.last_checkpoint_at


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
