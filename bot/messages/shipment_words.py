"""Shipments, what was heard of them, and how late they are, in words."""

from datetime import datetime

from bot.messages import text, words
from bot.messages.cards import CheckpointLine, MissLine, ShipmentCard

NUMBER = 60  # characters shown of a tracking number or an order
PLACE = 80
QUOTE = 240  # of a carrier's own words


def shipment_name(shipment: ShipmentCard) -> str:
    """Number, order, way and value: what one needs to find it."""
    way = " → ".join(
        text.safe(end, PLACE) for end in (shipment.origin, shipment.destination) if end
    )
    if shipment.destination and not shipment.origin:
        way = f"to {way}"
    parts = [
        f"*{text.safe(shipment.tracking_number, NUMBER)}*",
        f"order {text.safe(shipment.order_reference, NUMBER)}" if shipment.order_reference else "",
        way,
        text.money(shipment.value, shipment.currency) if shipment.value is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def against_promise(shipment: ShipmentCard, now: datetime) -> str | None:
    """`2 days past`, `1 day to go`, `today`; delivered: `4 days late`, `on time`."""
    if shipment.promised_at is None:
        return None
    if shipment.delivered_at is not None:
        return lateness(shipment.promised_at, shipment.delivered_at, shipment.zone)
    if shipment.status.is_final:
        return None
    zone = shipment.zone
    if now > shipment.promised_at:
        return f"{overdue(shipment.promised_at, now, zone)} past"
    if not text.is_end_of_day(shipment.promised_at, zone):
        return f"{text.about(shipment.promised_at - now)} to go"
    days = text.days_between(now, shipment.promised_at, zone)
    return f"{text.plural(days, 'day')} to go" if days else "today"


def lateness(promised_at: datetime, delivered_at: datetime, zone: str) -> str:
    """`4 days late`, `on time`."""
    if delivered_at <= promised_at:
        return "on time"
    return f"{overdue(promised_at, delivered_at, zone)} late"


def overdue(promised_at: datetime, at: datetime, zone: str) -> str:
    """How far past its promise it is at a later time; in days of the calendar where a day was
    promised."""
    if text.is_end_of_day(promised_at, zone):
        return text.plural(max(text.days_between(promised_at, at, zone), 1), "day")
    return text.about(at - promised_at)


def last_heard(line: CheckpointLine, status: str | None, now: datetime) -> str:
    """`2 days ago in Dubai: on hold (weather), “Held by storm”`; `status` is the shipment's, in
    words, where it says more than its last checkpoint."""
    where = f" in {text.safe(line.location, PLACE)}" if line.location else ""
    quoted = f"“{text.safe(line.text, QUOTE)}”" if line.text else ""
    said = [part for part in (status, quoted) if part] or [words.status(line.status, line.reason)]
    return f"{text.ago(line.occurred_at, now)}{where}: {', '.join(said)}"


def miss(line: MissLine, now: datetime) -> str:
    parts = [f"*{text.safe(line.tracking_number, NUMBER)}*"]
    if line.order_reference:
        parts.append(f"order {text.safe(line.order_reference, NUMBER)}")
    if line.destination:
        parts.append(f"to {text.safe(line.destination, PLACE)}")
    if line.promised_at is not None:
        parts.append(f"promised {text.day(line.promised_at, line.zone, now)}")
        if line.delivered_at is None:
            parts.append(f"not delivered, {overdue(line.promised_at, now, line.zone)} past")
        else:
            late = lateness(line.promised_at, line.delivered_at, line.zone)
            parts.append(f"delivered {text.day(line.delivered_at, line.zone, now)}, {late}")
    elif line.delivered_at is not None:
        parts.append(f"delivered {text.day(line.delivered_at, line.zone, now)}")
    return "• " + " · ".join(parts)


def miss_shortly(line: MissLine, now: datetime) -> str:
    """Which, where to, and how late."""
    parts = [f"*{text.safe(line.tracking_number, NUMBER)}*"]
    if line.destination:
        parts.append(f"to {text.safe(line.destination, PLACE)}")
    if line.promised_at is not None:
        parts.append(f"promised {text.day(line.promised_at, line.zone, now)}")
        until = line.delivered_at or now
        late = lateness(line.promised_at, until, line.zone)
        parts.append(late if line.delivered_at else f"not delivered, {late}")
    return "• " + " · ".join(parts)


def delivery(shipment: ShipmentCard, now: datetime) -> str:
    """`delivered Tue 18 Mar, 4 days late`."""
    if shipment.delivered_at is None:
        return words.STATUS[shipment.status]
    shown = f"delivered {text.day(shipment.delivered_at, shipment.zone, now)}"
    if shipment.promised_at is None:
        return shown
    return f"{shown}, {lateness(shipment.promised_at, shipment.delivered_at, shipment.zone)}"
