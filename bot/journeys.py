"""From rows to what the rules see of a shipment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.rules.journey import NOTHING_YET, Checkpoint, Estimate, Journey
from storage import checkpoints, due, estimates, shipments, sources
from storage.checkpoints import ToldCheckpoint
from storage.estimates import ToldEstimate
from storage.shipments import JudgedShipment
from storage.vocabulary import DueKind, Reason, Status

# A look into a dict takes a tenth of the time of a call of the enumeration.
_STATUS = {status.value: status for status in Status}
_REASON: dict[str | None, Reason | None] = {None: None} | {
    reason.value: reason for reason in Reason
}


def load_journeys(session: Session, shipment_ids: Sequence[int]) -> list[Journey]:
    """Of those that exist, in a few statements for all of them."""
    subjects = [str(shipment_id) for shipment_id in shipment_ids]
    asked_at = due.done_at(session, DueKind.POLL_SHIPMENT, subjects)
    read_at = sources.read_whole_at(session)
    said = estimates.of_shipments(session, shipment_ids)
    told = checkpoints.told_of_shipments(session, shipment_ids)
    return [
        _journey_of(
            shipment,
            told.get(shipment.id, ()),
            said.get(shipment.id, ()),
            _heard_until(shipment, asked_at, read_at),
        )
        for shipment in shipments.judged_by_ids(session, shipment_ids)
    ]


def _journey_of(
    shipment: JudgedShipment,
    told: Sequence[ToldCheckpoint],
    said: Sequence[ToldEstimate],
    heard_until: datetime | None,
) -> Journey:
    return Journey(
        shipment_id=shipment.id,
        partner_key=shipment.partner_key,
        status=_STATUS[shipment.status],
        service=shipment.service,
        reason=_REASON[shipment.reason],
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
            Checkpoint(occurred_at, _STATUS[status], _REASON[reason], text, location, estimated_at)
            for _, occurred_at, status, reason, text, location, estimated_at in told
        ],
        estimates=[Estimate(said_at, estimated_at) for _, said_at, estimated_at in said],
        heard_until=heard_until,
    )


def _heard_until(
    shipment: JudgedShipment,
    asked_at: Mapping[str, datetime | None],
    read_at: Mapping[str, datetime | None],
) -> datetime | None:
    """A source that follows single shipments was last heard when it was asked about this one,
    any other when it was last read to its end. Where it became known since then, that reading
    goes on: what became of it may stand on a later page."""
    subject = str(shipment.id)
    if subject in asked_at:
        return asked_at[subject] or shipment.created_at
    read = read_at.get(shipment.source_key)
    return NOTHING_YET if read is not None and read < shipment.created_at else read
