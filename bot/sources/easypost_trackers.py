"""EasyPost's trackers in our words. Vocabulary: docs.easypost.com/docs/trackers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, JsonValue, StringConstraints

from bot.sources.lenient import excerpt, read_leniently
from bot.sources.reports import CheckpointReport, Promise, Rejected, ShipmentReport
from bot.sources.times import aware, believable, split
from storage.vocabulary import PromiseBasis, Reason, Status

PromiseChoice = Literal["guarantee", "first_estimate", "none"]

_UTC_ZONE = ZoneInfo("UTC")

STATUSES: dict[str, Status] = {
    "unknown": Status.NOT_FOUND,
    "pre_transit": Status.LABEL_CREATED,
    "in_transit": Status.IN_TRANSIT,
    "out_for_delivery": Status.OUT_FOR_DELIVERY,
    "delivered": Status.DELIVERED,
    "available_for_pickup": Status.AVAILABLE_FOR_PICKUP,
    "return_to_sender": Status.RETURNING,
    "failure": Status.UNDELIVERABLE,
    "cancelled": Status.CANCELLED,
    "error": Status.NOT_FOUND,  # EasyPost could not get it from the carrier
}

REASONS: dict[str, Reason | None] = {
    "address_correction": Reason.BAD_ADDRESS,
    "arrived_at_destination": None,
    "arrived_at_facility": None,
    "arrived_at_pickup_location": None,
    "awaiting_information": Reason.BAD_DATA,
    "cancelled": None,
    "damaged": Reason.DAMAGED,
    "delayed": Reason.DELAY,
    "delivery_exception": Reason.UNKNOWN,
    "departed_facility": None,
    "departed_origin_facility": None,
    "expired": None,
    "failure": Reason.UNKNOWN,
    "held": Reason.UNKNOWN,
    "in_transit": None,
    "label_created": None,
    "lost": Reason.LOST,
    "missorted": Reason.MISSORT,
    "out_for_delivery": None,
    "received_at_destination_facility": None,
    "received_at_origin_facility": None,
    "refused": Reason.REFUSED,
    "return": None,
    "status_update": None,
    "transferred_to_destination_carrier": None,
    "transit_exception": Reason.UNKNOWN,
    "unknown": None,
    "weather_delay": Reason.WEATHER,
}

_UNDER_WAY = ("in_transit", "out_for_delivery")
_NOT_ENDED = ("unknown", "pre_transit", *_UNDER_WAY, "failure", "error")

FINER_STATUSES: dict[tuple[str, str], Status] = {
    **{(status, "delivery_exception"): Status.ATTEMPT_FAILED for status in _UNDER_WAY},
    **{(status, "refused"): Status.ATTEMPT_FAILED for status in _UNDER_WAY},
    **{(status, "held"): Status.ON_HOLD for status in _UNDER_WAY},
    **{(status, "awaiting_information"): Status.ON_HOLD for status in _UNDER_WAY},
    **{(status, "return"): Status.RETURNING for status in (*_UNDER_WAY, "failure")},
    **{(status, "lost"): Status.LOST for status in (*_UNDER_WAY, "failure", "error")},
    **{(status, "expired"): Status.EXPIRED for status in _NOT_ENDED},
    **{(status, "cancelled"): Status.CANCELLED for status in ("unknown", "pre_transit", "error")},
}
"""Where the detail says more of where it is than the status does."""


def status_of(status: str, detail: str | None) -> Status | None:
    """None for a word that EasyPost did not have when this was written."""
    return FINER_STATUSES.get((status, detail or ""), STATUSES.get(status))


def reason_of(detail: str | None) -> Reason | None:
    return REASONS.get(detail or "")


def _printable(text: object) -> object:
    # Databases refuse NUL, and nobody wants the rest.
    return "".join(filter(_is_printable, text)).strip() if isinstance(text, str) else text


def _is_printable(character: str) -> bool:
    return character == " " or character.isprintable()


def _aware(moment: datetime) -> datetime:
    believable(moment)
    # EasyPost's own default where the place is not known.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


Text = Annotated[str, StringConstraints(max_length=2000), BeforeValidator(_printable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), BeforeValidator(_printable)]
Moment = Annotated[datetime, AfterValidator(_aware)]


class _TrackingLocation(BaseModel):
    city: Text | None = None
    state: Text | None = None
    country: Text | None = None

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.city, self.state, self.country)))


class _TrackingDetail(BaseModel):
    status: Name
    datetime: Moment
    status_detail: Text | None = None
    message: Text | None = None
    description: Text | None = None
    carrier_code: Text | None = None
    tracking_location: _TrackingLocation | None = None
    est_delivery_date: Moment | None = None


class _CarrierDetail(BaseModel):
    service: Text | None = None
    origin_location: Text | None = None
    destination_location: Text | None = None
    guaranteed_delivery_date: Moment | None = None
    est_delivery_date_local: date | None = None
    est_delivery_time_local: time | None = None


class Tracker(BaseModel):
    id: Name
    tracking_code: Name
    status: Name
    status_detail: Text | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    est_delivery_date: Moment | None = None
    carrier: Text | None = None
    is_return: bool | None = None
    tracking_details: list[_TrackingDetail] | None = None
    carrier_detail: _CarrierDetail | None = None


@dataclass(slots=True)
class TrackerReports:
    """What one or more trackers say."""

    trackers: list[Tracker] = field(default_factory=list)
    shipments: list[ShipmentReport] = field(default_factory=list)
    checkpoints: list[CheckpointReport] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def read_trackers(raw_trackers: Sequence[JsonValue], promise: PromiseChoice) -> TrackerReports:
    """The reports of all that can be read; what is broken is rejected by its number and path."""
    reports = TrackerReports()
    for raw in raw_trackers:
        tracker, rejected = read_leniently(Tracker, raw, _place(raw))
        reports.rejected += rejected
        if tracker is not None:
            reports.trackers.append(tracker)
            reports.shipments.append(_shipment(tracker, promise))
            _add_checkpoints(tracker, reports)
            _reject_unknown_status(tracker, reports)
    return reports


def _place(raw: JsonValue) -> str:
    if isinstance(raw, dict):
        for name in ("tracking_code", "id"):
            value = _printable(raw.get(name))
            if isinstance(value, str) and value:
                return excerpt(value)
    return "a tracker without number"


def _shipment(tracker: Tracker, promise: PromiseChoice) -> ShipmentReport:
    details = tracker.carrier_detail or _CarrierDetail()
    return ShipmentReport(
        tracking_number=tracker.tracking_code,
        as_of=_utc(tracker.updated_at),
        reference=tracker.id,
        is_tracked=True,
        carrier=tracker.carrier or None,
        service=details.service or None,
        origin=details.origin_location or None,
        destination=details.destination_location or None,
        announced_at=_utc(tracker.created_at),
        promise=_promise(tracker, details, promise),
        estimated=_estimate(tracker, details),
        status=status_of(tracker.status, tracker.status_detail),
        reason=reason_of(tracker.status_detail),
        is_return=_is_return(tracker),
    )


def _is_return(tracker: Tracker) -> bool | None:
    # EasyPost says false of every number that it has not made the label for.
    return True if tracker.is_return else None


def _add_checkpoints(tracker: Tracker, reports: TrackerReports) -> None:
    for number, detail in enumerate(tracker.tracking_details or ()):
        status = status_of(detail.status, detail.status_detail)
        if status is None:
            reports.rejected.append(
                Rejected(
                    place=f"{tracker.tracking_code}:tracking_details.{number}",
                    reason=f"EasyPost's status {detail.status!r} is not one that we know",
                    excerpt=excerpt(detail.message or detail.description or ""),
                )
            )
            continue
        estimated_at, estimated_on = split(_optional_day(detail.est_delivery_date))
        reports.checkpoints.append(
            CheckpointReport(
                tracking_number=tracker.tracking_code,
                occurred_at=aware(detail.datetime, _UTC_ZONE),
                status=status,
                reason=reason_of(detail.status_detail),
                raw_code=detail.carrier_code
                or "/".join(filter(None, (detail.status, detail.status_detail))),
                raw_text=detail.message or detail.description or None,
                location=str(detail.tracking_location or "") or None,
                estimated_at=estimated_at,
                estimated_on=estimated_on,
            )
        )


def _reject_unknown_status(tracker: Tracker, reports: TrackerReports) -> None:
    if tracker.status not in STATUSES:
        reports.rejected.append(
            Rejected(
                place=f"{tracker.tracking_code}:status",
                reason=f"EasyPost's status {tracker.status!r} is not one that we know; "
                "the rest of the tracker was taken",
                excerpt=excerpt(f"{tracker.status} {tracker.status_detail or ''}".strip()),
            )
        )


def _promise(tracker: Tracker, details: _CarrierDetail, choice: PromiseChoice) -> Promise | None:
    match choice:
        case "guarantee":
            by, basis = details.guaranteed_delivery_date, PromiseBasis.GUARANTEE
        case "first_estimate":
            by, basis = _first_estimate(tracker), PromiseBasis.FIRST_ESTIMATE
        case "none":
            return None
    return None if by is None else Promise(_day_if_midnight(by), basis)


def _first_estimate(tracker: Tracker) -> datetime | None:
    estimates = [
        (detail.datetime, detail.est_delivery_date)
        for detail in tracker.tracking_details or ()
        if detail.est_delivery_date is not None
    ]
    return min(estimates)[1] if estimates else tracker.est_delivery_date


def _estimate(tracker: Tracker, details: _CarrierDetail) -> datetime | date | None:
    if tracker.est_delivery_date is None:
        return details.est_delivery_date_local
    if details.est_delivery_date_local and not details.est_delivery_time_local:
        return details.est_delivery_date_local
    return _day_if_midnight(tracker.est_delivery_date)


def _optional_day(moment: datetime | None) -> datetime | date | None:
    return None if moment is None else _day_if_midnight(moment)


def _day_if_midnight(moment: datetime) -> datetime | date:
    """Midnight is how EasyPost writes a day without a time."""
    return moment.date() if moment.time() == time(0) else aware(moment, _UTC_ZONE)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else aware(moment, _UTC_ZONE)
