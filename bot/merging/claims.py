"""Which source tracks a shipment."""

from typing import Any

from bot.merging.ages import UNDATED, age_of, set_age
from bot.sources.reports import ShipmentReport
from storage.journeys import StoredShipment

BROUGHT_CHECKPOINTS, REPORTED, TRACKS = 0, 1, 2
"""How strong a source's claim is to be the one that tracks a shipment."""


def merge_checkpoint_source(shipment: StoredShipment, source_key: str) -> None:
    """Only where nobody has reported the shipment itself does a checkpoint's source count."""
    provenance = shipment.provenance
    if (
        provenance is not None
        and provenance.get("source") == BROUGHT_CHECKPOINTS
        and source_key < shipment.source_key
    ):
        shipment.source_key = source_key


def is_tracked(shipment: StoredShipment) -> bool:
    """Its source wants to be polled for it."""
    return shipment.provenance is not None and shipment.provenance.get("source") == TRACKS


def claim_source(
    shipment: StoredShipment,
    provenance: dict[str, Any],
    ages: dict[str, str | None],
    strength: int,
    source_key: str,
    report: ShipmentReport,
) -> None:
    held = provenance.get("source", REPORTED)
    if strength < held:
        return
    reference = report.reference or None
    if strength == held == REPORTED:
        told, stored = (
            (source_key, reference or ""),
            (shipment.source_key, shipment.source_reference or ""),
        )
        if told > stored or told == stored:
            return
    elif strength == held == TRACKS:
        base = shipment.tracking_as_of
        if (report.as_of or UNDATED, source_key, reference or "") <= (
            age_of(ages, "source_key", base),
            shipment.source_key,
            shipment.source_reference or "",
        ):
            return
    shipment.source_key, shipment.source_reference = source_key, reference
    if strength == TRACKS:
        provenance["source"] = TRACKS
        set_age(ages, "source_key", report.as_of, shipment.tracking_as_of)
    else:
        provenance.pop("source", None)
