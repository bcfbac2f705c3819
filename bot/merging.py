"""How news about one shipment become its row, whatever the order in which they arrive.

The law. Every fact keeps the news with the greatest weight, and of equal weight the greater value:
- an order fact weighs its report's `as_of`; undated news weigh least;
- a promise weighs its basis, then `as_of`; the ETA weighs `as_of`, or the time of the checkpoint
  that carries it; the reported status and its reason weigh `as_of` together;
- the source is the latest that tracks the shipment; else the first by name that reported it; else
  the first by name that brought a checkpoint of it;
- what a report leaves out changes nothing.
Checkpoints are a set. From the set come the first and last scan, the delivery (the earliest told),
the delivered quantity (the sum of what its deliveries counted) and, with the reports, the
announcement (the earliest). The status is the last checkpoint's; of several at the same moment the
one furthest along. A reported status counts where it is newer than the last checkpoint, but a
shipment once seen is not unseen by it. That it is delivered tells no time of delivery: only a
checkpoint does.

ETAs are a set too, by the time at which they were said: `as_of`, or the time of the checkpoint. Of
several at the same time the greatest stays. See bot.said_estimates.

All of these are maxima and minima, so no order and no repetition makes a difference.
`Shipment.provenance` keeps what they need beside the columns:
`ages` of facts that are not as old as `order_as_of` or `tracking_as_of` say, `reason` of the
reported status, `promise_day` and `estimate_day` where a day was given, `source` (how strong its
claim is) and `partner` where no name told whose it is: see bot.placing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from math import fsum
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from bot.sources.reports import Promise, ShipmentReport
from storage.journeys import StoredCheckpoint, StoredShipment
from storage.vocabulary import PromiseBasis, Status

END_OF_DAY = time(23, 59, 59)
BROUGHT_CHECKPOINTS, REPORTED, TRACKS = 0, 1, 2
"""How strong a source's claim is to be the one that tracks a shipment."""

_UNDATED = datetime.min.replace(tzinfo=UTC)
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
_TRACKING_FACTS = frozenset(("reported_status", "estimated_at", "source_key"))
_WEIGHT_OF_BASIS = {basis.value: basis.weight for basis in PromiseBasis}
_FURTHEST_LAST = (
    Status.NOT_FOUND,
    Status.LABEL_CREATED,
    Status.IN_TRANSIT,
    Status.OUT_FOR_DELIVERY,
    Status.AVAILABLE_FOR_PICKUP,
    Status.ON_HOLD,
    Status.ATTEMPT_FAILED,
    Status.EXPIRED,
    Status.CANCELLED,
    Status.UNDELIVERABLE,
    Status.LOST,
    Status.RETURNING,
    Status.RETURNED,
    Status.DELIVERED,
    Status.DISPOSITIONED,
)
_RANK = {status.value: rank for rank, status in enumerate(_FURTHEST_LAST)}
_SCANS = frozenset(status.value for status in Status if status.is_scan)
_FINAL = frozenset(status.value for status in Status if status.is_final)
_UNSEEN = frozenset((Status.NOT_FOUND.value, Status.LABEL_CREATED.value))


def merge_report(shipment: StoredShipment, report: ShipmentReport, source_key: str) -> None:
    """Takes what this report knows better. `settle` must follow. Instants are in UTC."""
    provenance = dict(shipment.provenance or {})
    ages: dict[str, str | None] = dict(provenance.get("ages", ()))
    is_first = provenance.get("source") == BROUGHT_CHECKPOINTS
    _merge_order(shipment, report, ages, is_first)
    _merge_tracking(shipment, report, ages, provenance)
    strength = TRACKS if report.is_tracked else REPORTED
    _claim_source(shipment, provenance, ages, strength, source_key, report)
    if report.promise is not None:
        _merge_promise(shipment, report.promise, report.as_of, provenance)
    if report.announced_at is not None:
        shipment.announced_at = _earlier(shipment.announced_at, report.announced_at)
    _keep(provenance, "ages", _exceptions(shipment, ages))
    shipment.provenance = provenance or None


def merge_checkpoint_source(shipment: StoredShipment, source_key: str) -> None:
    """Only where nobody has reported the shipment itself does a checkpoint's source count."""
    provenance = shipment.provenance
    if (
        provenance is not None
        and provenance.get("source") == BROUGHT_CHECKPOINTS
        and source_key < shipment.source_key
    ):
        shipment.source_key = source_key


def merge_estimates(shipment: StoredShipment, checkpoints: Sequence[StoredCheckpoint]) -> None:
    """Takes the ETA from the latest checkpoint that carries one, if nothing newer told it."""
    if not checkpoints:
        return
    provenance = dict(shipment.provenance or {})
    ages: dict[str, str | None] = dict(provenance.get("ages", ()))
    for checkpoint in checkpoints:
        if checkpoint.estimated_at is not None:
            estimated_at, occurred_at = checkpoint.estimated_at, checkpoint.occurred_at
            _merge_estimate(shipment, estimated_at, occurred_at, ages, provenance)
    _keep(provenance, "ages", _exceptions(shipment, ages))
    shipment.provenance = provenance or None


def merge_journey(shipment: StoredShipment, checkpoints: Iterable[StoredCheckpoint]) -> None:
    """Takes what all checkpoints of the shipment say together. `settle` must follow."""
    first_scan, last_scan = shipment.first_scan_at, shipment.last_scan_at
    delivered, announced = shipment.delivered_at, shipment.announced_at
    last: StoredCheckpoint | None = None
    counted: list[float] = []
    for checkpoint in checkpoints:
        at, status = checkpoint.occurred_at, checkpoint.status
        if last is None or at > last.occurred_at or _is_further(checkpoint, last):
            last = checkpoint
        if status in _SCANS:
            if first_scan is None or at < first_scan:
                first_scan = at
            if last_scan is None or at > last_scan:
                last_scan = at
            if status == "delivered":
                if delivered is None or at < delivered:
                    delivered = at
                if checkpoint.quantity is not None:
                    counted.append(checkpoint.quantity)
        elif status == "label_created" and (announced is None or at < announced):
            announced = at
    shipment.first_scan_at, shipment.last_scan_at = first_scan, last_scan
    shipment.delivered_at, shipment.announced_at = delivered, announced
    shipment.delivered_quantity = fsum(counted) if counted else None
    if last is not None:
        shipment.last_checkpoint_at = last.occurred_at
        shipment.status, shipment.reason = last.status, last.reason


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


def is_tracked(shipment: StoredShipment) -> bool:
    """Its source wants to be polled for it."""
    return shipment.provenance is not None and shipment.provenance.get("source") == TRACKS


@lru_cache(maxsize=4096)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day there, in UTC."""
    return datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)


def _merge_order(
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
    weight = report.as_of or _UNDATED
    new_base = _later(base, report.as_of)
    if new_base != base:
        for name in _ORDER_FACTS:
            if name not in ages and getattr(shipment, name) is not None:
                ages[name] = _written(base)
    for name, value in told:
        stored = getattr(shipment, name)
        if stored is None or (weight, value) > (_age(ages, name, new_base), stored):
            setattr(shipment, name, value)
            _set_age(ages, name, report.as_of, new_base)
    shipment.order_as_of = new_base


def _merge_tracking(
    shipment: StoredShipment,
    report: ShipmentReport,
    ages: dict[str, str | None],
    provenance: dict[str, Any],
) -> None:
    if report.status is None and report.estimated is None and not report.is_tracked:
        return
    base = shipment.tracking_as_of
    new_base = _later(base, report.as_of)
    if new_base != base:
        for name in ("reported_status", "estimated_at"):
            if name not in ages and getattr(shipment, name) is not None:
                ages[name] = _written(base)
        if "source_key" not in ages and provenance.get("source") == TRACKS:
            ages["source_key"] = _written(base)
        shipment.tracking_as_of = new_base
    if report.status is not None:
        told = (report.as_of or _UNDATED, report.status._value_, report.reason or "")
        stored = shipment.reported_status
        if stored is None or told > (
            _age(ages, "reported_status", new_base),
            stored,
            provenance.get("reason", ""),
        ):
            shipment.reported_status = report.status._value_
            _keep(provenance, "reason", report.reason and report.reason._value_)
            _set_age(ages, "reported_status", report.as_of, new_base)
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
        told = (as_of or _UNDATED, estimated.isoformat())
        if told <= (_age(ages, "estimated_at", base), stored):
            return
    if isinstance(estimated, datetime):
        shipment.estimated_at = estimated
        provenance.pop("estimate_day", None)
    else:
        shipment.estimated_at = _UNDATED  # `settle` knows the zone
        provenance["estimate_day"] = estimated.isoformat()
    _set_age(ages, "estimated_at", as_of, base)


def _merge_promise(
    shipment: StoredShipment,
    promise: Promise,
    as_of: datetime | None,
    provenance: dict[str, Any],
) -> None:
    if shipment.promise_basis is not None and shipment.promised_at is not None:
        stored = provenance.get("promise_day") or shipment.promised_at.isoformat()
        if (promise.basis.weight, as_of or _UNDATED, promise.by.isoformat()) <= (
            _WEIGHT_OF_BASIS.get(shipment.promise_basis, 0),
            shipment.promise_as_of or _UNDATED,
            stored,
        ):
            return
    shipment.promise_basis = promise.basis._value_
    shipment.promise_as_of = as_of
    if isinstance(promise.by, datetime):
        shipment.promised_at = promise.by
        provenance.pop("promise_day", None)
    else:
        shipment.promised_at = _UNDATED  # `settle` knows the zone
        provenance["promise_day"] = promise.by.isoformat()


def _claim_source(
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
        if (report.as_of or _UNDATED, source_key, reference or "") <= (
            _age(ages, "source_key", base),
            shipment.source_key,
            shipment.source_reference or "",
        ):
            return
    shipment.source_key, shipment.source_reference = source_key, reference
    if strength == TRACKS:
        provenance["source"] = TRACKS
        _set_age(ages, "source_key", report.as_of, shipment.tracking_as_of)
    else:
        provenance.pop("source", None)


def _reported_status_counts(shipment: StoredShipment) -> bool:
    if shipment.last_checkpoint_at is None:
        return True
    if shipment.reported_status in _UNSEEN and shipment.first_scan_at is not None:
        return False
    ages = (shipment.provenance or {}).get("ages", {})
    age = _age(ages, "reported_status", shipment.tracking_as_of)
    return age > shipment.last_checkpoint_at


def _is_further(one: StoredCheckpoint, other: StoredCheckpoint) -> bool:
    return one.occurred_at == other.occurred_at and (
        (_RANK[one.status], one.reason or "") > (_RANK[other.status], other.reason or "")
    )


def _age(ages: dict[str, str | None], name: str, base: datetime | None) -> datetime:
    if name in ages:
        written = ages[name]
        return _UNDATED if written is None else datetime.fromisoformat(written)
    return base or _UNDATED


def _set_age(
    ages: dict[str, str | None], name: str, as_of: datetime | None, base: datetime | None
) -> None:
    if as_of == base:
        ages.pop(name, None)
    else:
        ages[name] = _written(as_of)


def _exceptions(shipment: StoredShipment, ages: dict[str, str | None]) -> dict[str, str | None]:
    if not ages:
        return ages
    order, tracking = _written(shipment.order_as_of), _written(shipment.tracking_as_of)
    return {
        name: age
        for name, age in ages.items()
        if age != (tracking if name in _TRACKING_FACTS else order)
    }


def _written(as_of: datetime | None) -> str | None:
    return None if as_of is None else as_of.isoformat()


def _keep(provenance: dict[str, Any], name: str, value: object) -> None:
    if value:
        provenance[name] = value
    else:
        provenance.pop(name, None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
