"""All that one report knows better."""

from datetime import datetime

from bot.merging.ages import exceptions_among, keep
from bot.merging.claims import BROUGHT_CHECKPOINTS, REPORTED, TRACKS, claim_source
from bot.merging.orders import merge_order
from bot.merging.promises import merge_promise
from bot.merging.tracking import merge_tracking
from bot.sources.reports import ShipmentReport
from storage.journeys import StoredShipment


def merge_report(shipment: StoredShipment, report: ShipmentReport, source_key: str) -> None:
    """Takes what this report knows better. `settle` must follow. Instants are in UTC."""
    provenance = dict(shipment.provenance or {})
    ages: dict[str, str | None] = dict(provenance.get("ages", ()))
    is_first = provenance.get("source") == BROUGHT_CHECKPOINTS
    merge_order(shipment, report, ages, is_first)
    merge_tracking(shipment, report, ages, provenance)
    strength = TRACKS if report.is_tracked else REPORTED
    claim_source(shipment, provenance, ages, strength, source_key, report)
    if report.promise is not None:
        merge_promise(shipment, report.promise, report.as_of, provenance)
    if report.announced_at is not None:
        shipment.announced_at = earlier(shipment.announced_at, report.announced_at)
    keep(provenance, "ages", exceptions_among(shipment, ages))
    shipment.provenance = provenance or None


def earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)
