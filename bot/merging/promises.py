"""The promise: the weightier basis wins, then the newer."""

from datetime import datetime
from typing import Any

from bot.merging.ages import UNDATED
from bot.sources.reports import Promise
from storage.journeys import StoredShipment
from storage.vocabulary import PromiseBasis

_WEIGHT_OF_BASIS = {basis.value: basis.weight for basis in PromiseBasis}


def merge_promise(
    shipment: StoredShipment,
    promise: Promise,
    as_of: datetime | None,
    provenance: dict[str, Any],
) -> None:
    if shipment.promise_basis is not None and shipment.promised_at is not None:
        stored = provenance.get("promise_day") or shipment.promised_at.isoformat()
        if (promise.basis.weight, as_of or UNDATED, promise.by.isoformat()) <= (
            _WEIGHT_OF_BASIS.get(shipment.promise_basis, 0),
            shipment.promise_as_of or UNDATED,
            stored,
        ):
            return
    shipment.promise_basis = promise.basis._value_
    shipment.promise_as_of = as_of
    if isinstance(promise.by, datetime):
        shipment.promised_at = promise.by
        provenance.pop("promise_day", None)
    else:
        shipment.promised_at = UNDATED  # `settle` knows the zone
        provenance["promise_day"] = promise.by.isoformat()
