"""From rows to what the rules see of a shipment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.rules.journey import Checkpoint, Estimate, Journey
from storage import due, estimates, shipments, sources, tables
from storage.vocabulary import DueKind, Reason, Status


def load_journeys(session: Session, shipment_ids: Sequence[int]) -> list[Journey]:
    """Of those that exist, in a few statements for all of them."""
    subjects = [str(shipment_id) for shipment_id in shipment_ids]
    asked_at = due.done_at(session, DueKind.POLL_SHIPMENT, subjects)
    read_at = {health.source_key: health.read_whole_at for health in sources.list_all(session)}
    said = estimates.of_shipments(session, shipment_ids)
    return [
        journey_of(
            shipment,
            checkpoints,
            said.get(shipment.id or 0, ()),
            _heard_until(shipment, asked_at, read_at),
        )
        for shipment, checkpoints in shipments.load_with_checkpoints(session, shipment_ids)
    ]


def journey_of(
    shipment: tables.Shipment,
    checkpoints: Sequence[tables.Checkpoint],
    said: Sequence[tables.Estimate],
    heard_until: datetime | None,
) -> Journey:
    """`checkpoints` and `said` oldest first. `heard_until`: when its source last told all."""
    if shipment.id is None:
        raise ValueError("a shipment is stored before it is judged")
    return Journey(
        shipment_id=shipment.id,
        partner_key=shipment.partner_key,
        status=Status(shipment.status),
        service=shipment.service,
        reason=Reason(shipment.reason) if shipment.reason else None,
        announced_at=shipment.announced_at,
        ordered_at=shipment.ordered_at,
        ship_by=shipment.ship_by,
        first_scan_at=shipment.first_scan_at,
        last_scan_at=shipment.last_scan_at,
        promised_at=shipment.promised_at,
        estimated_at=shipment.estimated_at,
        delivered_at=shipment.delivered_at,
        value=shipment.value,
        quantity=shipment.quantity,
        delivered_quantity=shipment.delivered_quantity,
        mode=shipment.mode,
        priority=shipment.priority,
        is_return=bool(shipment.is_return),
        destination_zone=shipment.destination_zone,
        checkpoints=[
            Checkpoint(
                occurred_at=checkpoint.occurred_at,
                status=Status(checkpoint.status),
                reason=Reason(checkpoint.reason) if checkpoint.reason else None,
                text=checkpoint.raw_text,
                location=checkpoint.location,
                estimated_at=checkpoint.estimated_at,
            )
            for checkpoint in checkpoints
        ],
        estimates=[Estimate(one.said_at, one.estimated_at) for one in said],
        heard_until=heard_until,
    )


def _heard_until(
    shipment: tables.Shipment,
    asked_at: Mapping[str, datetime | None],
    read_at: Mapping[str, datetime | None],
) -> datetime | None:
    """A source that follows single shipments was last heard when it was asked about this one,
    any other when it was last read to its end."""
    subject = str(shipment.id)
    if subject in asked_at:
        return asked_at[subject] or shipment.created_at
    return read_at.get(shipment.source_key)
