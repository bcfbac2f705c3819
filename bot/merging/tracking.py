"""Tracking facts: the status that was reported, and the ETA."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.merging.ages import UNDATED, age_of, as_written, exceptions_among, keep, later, set_age
from bot.merging.claims import TRACKS
from bot.sources.reports import ShipmentReport
from storage.journeys import StoredShipment


def merge_estimates(
    shipment: StoredShipment, said: Sequence[tuple[datetime, datetime | date]]
) -> None:
    """Takes the latest ETA, if nothing newer told it. Of each: when it was said, and what."""
    if not said:
        return
    provenance = dict(shipment.provenance or {})
    ages: dict[str, str | None] = dict(provenance.get("ages", ()))
    for said_at, estimated in said:
        _merge_estimate(shipment, estimated, said_at, ages, provenance)
    keep(provenance, "ages", exceptions_among(shipment, ages))
    shipment.provenance = provenance or None


def merge_tracking(
    shipment: StoredShipment,
    report: ShipmentReport,
    ages: dict[str, str | None],
    provenance: dict[str, Any],
) -> None:
    if report.status is None and report.estimated is None and not report.is_tracked:
        return
    base = shipment.tracking_as_of
    new_base = later(base, report.as_of)
    if new_base != base:
        for name in ("reported_status", "estimated_at"):
            if name not in ages and getattr(shipment, name) is not None:
                ages[name] = as_written(base)
        if "source_key" not in ages and provenance.get("source") == TRACKS:
            ages["source_key"] = as_written(base)
        shipment.tracking_as_of = new_base
    if report.status is not None:
        told = (report.as_of or UNDATED, report.status._value_, report.reason or "")
        stored = shipment.reported_status
        if stored is None or told > (
            age_of(ages, "reported_status", new_base),
            stored,
            provenance.get("reason", ""),
        ):
            shipment.reported_status = report.status._value_
            keep(provenance, "reason", report.reason and report.reason._value_)
            set_age(ages, "reported_status", report.as_of, new_base)
    if report.estimated is not None:
        _merge_estimate(shipment, report.estimated, report.as_of, ages, provenance)


def _merge_estimate(
    shipment: StoredShipment,
    estimated: datetime | date,
    as_of: datetime | None,
    ages: dict[str, str | None],
    provenance: dict[str, Any],
) -> None:
    base = shipment.tracking_as_of
    if shipment.estimated_at is not None:
        stored = provenance.get("estimate_day") or shipment.estimated_at.isoformat()
        told = (as_of or UNDATED, estimated.isoformat())
        if told <= (age_of(ages, "estimated_at", base), stored):
            return
    if isinstance(estimated, datetime):
        shipment.estimated_at = estimated
        provenance.pop("estimate_day", None)
    else:
        shipment.estimated_at = UNDATED  # `settle` knows the zone
        provenance["estimate_day"] = estimated.isoformat()
    set_age(ages, "estimated_at", as_of, base)
