"""What carriers said of the time of delivery, over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from storage.statements import in_batches
from storage.tables import Estimate


def of_shipments(session: Session, shipment_ids: Sequence[int]) -> Mapping[int, Sequence[Estimate]]:
    """Oldest first; a shipment without any is left out."""
    found: defaultdict[int, list[Estimate]] = defaultdict(list)
    for batch in in_batches(shipment_ids):
        for estimate in session.scalars(
            select(Estimate)
            .where(col(Estimate.shipment_id).in_(batch))
            .order_by(col(Estimate.shipment_id), col(Estimate.said_at))
        ):
            found[estimate.shipment_id].append(estimate)
    return found
