"""Makes reports fit to be stored: cut to their limits, in UTC, and nothing that a database refuses.

What cannot be made to fit is `Unfit`, with the reason.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sources.reports import CheckpointReport, MeasurementReport, Promise, ShipmentReport
from storage.journeys import StoredCheckpoint
from storage.vocabulary import Reason, Status

LONGEST_NUMBER = 100  # characters, of a tracking number
LONGEST_WORD = 100  # of a code, a service, a currency
LONGEST_LINE = 200  # of a place, an order reference
LONGEST_TEXT = 500  # of what a source says in its own words
FIRST_YEAR, LAST_YEAR = 1990, 2100
GREATEST_FIGURE = 1e15  # more is no quantity or value of anything that is shipped

_LENGTH_OF_TEXT = {
    "reference": LONGEST_LINE,
    "carrier": LONGEST_WORD,
    "service": LONGEST_WORD,
    "order_reference": LONGEST_LINE,
    "origin": LONGEST_LINE,
    "destination": LONGEST_LINE,
    "destination_zone": LONGEST_WORD,
    "currency": LONGEST_WORD,
    "mode": LONGEST_WORD,
    "priority": LONGEST_WORD,
    "account": LONGEST_LINE,
    "item": LONGEST_LINE,
}
_TEXTS, _LENGTHS = tuple(_LENGTH_OF_TEXT), tuple(_LENGTH_OF_TEXT.values())
_INSTANTS = ("as_of", "ordered_at", "ship_by", "announced_at")
_texts, _instants = attrgetter(*_TEXTS), attrgetter(*_INSTANTS)


class Unfit(ValueError):
    """The text says what is wrong, and with what."""


def clean_number(number: str) -> str:
    """Raises Unfit."""
    cleaned = number.strip()
    if not cleaned:
        raise Unfit("the tracking number is empty")
    if len(cleaned) > LONGEST_NUMBER:
        raise Unfit(f"the tracking number is longer than {LONGEST_NUMBER} characters")
    return cleaned if cleaned.isprintable() else _storable(cleaned)


def clean_checkpoint(report: CheckpointReport, source_key: str, now: datetime) -> StoredCheckpoint:
    """Raises Unfit."""
    occurred_at = report.occurred_at
    if occurred_at.tzinfo is not UTC or not FIRST_YEAR <= occurred_at.year <= LAST_YEAR:
        occurred_at = _instant(occurred_at, "the time of the checkpoint")
    if report.quantity is not None:
        _check_figure(report.quantity, "the quantity")
    fingerprint, status, reason, code, text, location = _words(
        report.status, report.reason, report.raw_code, report.raw_text, report.location
    )
    estimated_at, recorded_at = report.estimated_at, report.recorded_at
    return StoredCheckpoint(
        occurred_at,
        fingerprint,
        status,
        reason,
        code,
        text,
        location,
        None if estimated_at is None else _instant(estimated_at, "the ETA"),
        report.quantity,
        source_key,
        now if recorded_at is None else _instant(recorded_at, "the time of recording"),
    )


def clean_shipment(report: ShipmentReport, tracking_number: str) -> ShipmentReport:
    """With the cleaned number. Raises Unfit."""
    changes: dict[str, Any] = {}
    if report.tracking_number != tracking_number:
        changes["tracking_number"] = tracking_number
    texts = [value for value in _texts(report) if value is not None]
    if texts and not _are_plain(texts):
        for name, length, value in zip(_TEXTS, _LENGTHS, _texts(report), strict=True):
            if value is not None:
                changes[name] = _text(value, length)
    for name, instant in zip(_INSTANTS, _instants(report), strict=True):
        if instant is not None and (told := _instant(instant, name)) is not instant:
            changes[name] = told
    if report.estimated is not None:
        changes["estimated"] = _moment(report.estimated, "estimated")
    promise = report.promise
    if promise is not None and (by := _moment(promise.by, "promise")) is not promise.by:
        changes["promise"] = Promise(by, promise.basis)
    _check_figure(report.value, "value")
    _check_figure(report.quantity, "quantity")
    cleaned = replace(report, **changes) if changes else report
    if cleaned.destination_zone is not None and not is_zone(cleaned.destination_zone):
        raise Unfit(
            f"destination_zone {cleaned.destination_zone!r} is no time zone: "
            "use an IANA name like Europe/Berlin"
        )
    return cleaned


def clean_measurement(report: MeasurementReport) -> MeasurementReport:
    """Raises Unfit."""
    metric = _text(report.metric.strip(), LONGEST_WORD)
    if not metric:
        raise Unfit("the metric has no name")
    _check_day(report.period_start, "the first day of the period")
    _check_day(report.period_end, "the last day of the period")
    if report.period_start > report.period_end:
        raise Unfit(f"the period ends on {report.period_end}, before it starts")
    _check_figure(report.numerator, "the numerator")
    _check_figure(report.denominator, "the denominator")
    return replace(report, metric=metric, measured_at=_optional(report.measured_at, "measured_at"))


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=16_384)  # most checkpoints say what many others have said, there or elsewhere
def _words(
    status: Status,
    reason: Reason | None,
    code: str | None,
    text: str | None,
    location: str | None,
) -> tuple[str, str, str | None, str | None, str | None, str | None]:
    """Fingerprint, status, reason, code, text, location."""
    code, text = _text(code, LONGEST_WORD), _text(text, LONGEST_TEXT)
    location = _text(location, LONGEST_LINE)
    told = "\x1f".join((status.value, code or "", text or "", location or ""))
    fingerprint = blake2b(told.encode(), digest_size=12).hexdigest()
    return fingerprint, status.value, reason and reason.value, code, text, location


def _are_plain(texts: list[str]) -> bool:
    """There is nothing to do about any of them. Quicker than to look at each."""
    return (
        "" not in texts
        and len(max(texts, key=len)) <= LONGEST_WORD
        and "".join(texts).isprintable()
    )


def _text(value: str | None, length: int) -> str | None:
    if value is None or (len(value) <= length and value.isprintable()):
        return value or None
    return _storable(value[:length]) or None


def _storable(text: str) -> str:
    # Neither database takes a NUL, or half of a surrogate pair.
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _optional(value: datetime | None, what: str) -> datetime | None:
    return None if value is None else _instant(value, what)


def _instant(value: datetime, what: str) -> datetime:
    if value.tzinfo is None:
        raise Unfit(f"{what}, {value}, has no time zone")
    _check_day(value, what)
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _moment(value: datetime | date, what: str) -> datetime | date:
    if isinstance(value, datetime):
        return _instant(value, what)
    _check_day(value, what)
    return value


def _check_day(value: date, what: str) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unfit(f"{what}, {value}, is not between {FIRST_YEAR} and {LAST_YEAR}")


def _check_figure(value: float | None, what: str) -> None:
    if value is not None and not -GREATEST_FIGURE <= value <= GREATEST_FIGURE:
        raise Unfit(f"{what} is {value}, which is no figure to reckon with")
