"""The answers to /shipment: one shipment, several that fit, or those of a partner."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import shipment_words, text, words
from bot.messages.blocks import Message, context, fields, message, section
from bot.messages.cards import CaseCard, CheckpointLine, ShipmentCard
from bot.messages.errors import which_one
from bot.messages.kinds.asking import NAME
from bot.messages.lists import as_of, case_line, listing, worst_first
from storage.vocabulary import Status


def shipment_view(shipment: ShipmentCard, open_cases: Sequence[CaseCard], now: datetime) -> Message:
    """Status, promise, carrier's ETA, open cases, and the timeline, newest first."""
    number = text.safe(shipment.tracking_number, shipment_words.NUMBER)
    distance = shipment_words.against_promise(shipment, now)
    status = words.status(shipment.status, shipment.reason)
    summary = f"{number}: {status}" + (f", {distance}" if distance else "")
    head = [
        section(f"{shipment_words.shipment_name(shipment)}\n*{text.sentence(status)}*"),
        fields(_facts(shipment, now, distance)),
        _cases(open_cases),
        section("*What happened, newest first*") if shipment.checkpoints else None,
    ]
    lines = [_checkpoint(line, shipment.zone, now) for line in shipment.checkpoints]
    if not lines:
        lines = ["Nothing has been heard of it yet."]
    return listing(summary, head, lines, [context(as_of(now, shipment.zone))])


def shipment_matches(
    query: str, shipments: Sequence[ShipmentCard], now: datetime, not_read: int = 0
) -> Message:
    """Several fit: one line each, with what tells them apart."""
    count = text.plural(len(shipments) + not_read, "shipment")
    summary = f"{count} for “{text.safe(query, 80)}”"
    how = which_one([shipment.tracking_number for shipment in shipments])
    return listing(
        summary,
        [section(f"*{summary}.* {how}:")],
        [shipment_line(shipment, now) for shipment in shipments],
        not_read=not_read,
    )


def shipments_list(
    partner_name: str,
    counts: Mapping[Status, int],
    late: Sequence[ShipmentCard],
    now: datetime,
    zone: str,
    not_read: int = 0,
) -> Message:
    """How many are where, and those past their promise. `not_read`: late ones beyond `late`."""
    name = text.safe(partner_name, NAME)
    total = sum(counts.values())
    if not total:
        nothing = f"No shipments of {name} are known yet."
        return message(nothing, [section(nothing)])
    where = ", ".join(
        f"{text.number(counts[status])} {words.STATUS[status]}"
        for status in Status
        if counts.get(status)
    )
    late_total = len(late) + not_read
    summary = f"{name}: {text.plural(total, 'shipment')}, {text.number(late_total)} past promise"
    opening = (
        f"*{text.plural(late_total, 'shipment')} undelivered past the promise, the longest first*"
        if late_total
        else "None is past its promise."
    )
    return listing(
        summary,
        [section(f"*{name}: {text.plural(total, 'shipment')}*\n{where}"), section(opening)],
        [shipment_line(replace(shipment, partner_name=None), now) for shipment in late],
        [context(as_of(now, zone))],
        not_read,
    )


def shipment_line(shipment: ShipmentCard, now: datetime) -> str:
    parts = [shipment_words.shipment_name(shipment)]
    if shipment.partner_name:
        parts.append(text.safe(shipment.partner_name, NAME))
    if shipment.delivered_at is not None:
        parts.append(shipment_words.delivery(shipment, now))
    else:
        parts.append(words.status(shipment.status, shipment.reason))
        distance = shipment_words.against_promise(shipment, now)
        if distance:
            parts.append(f"{distance} its promise" if distance.endswith("past") else distance)
    return "• " + " · ".join(parts)


def _facts(
    shipment: ShipmentCard, now: datetime, distance: str | None
) -> list[tuple[str, str | None]]:
    zone = shipment.zone
    promise = "none is known"
    if shipment.promised_at is not None:
        promise = text.promised(shipment.promised_at, zone, now)
        promise += f": {distance}" if distance else ""
        if shipment.promise_basis is not None:
            promise += f" ({words.BASIS[shipment.promise_basis]})"
    is_expected = shipment.estimated_at is not None and not shipment.status.is_final
    return [
        ("Promised", promise),
        (
            "Carrier expects it",
            text.promised(shipment.estimated_at, zone, now)
            if shipment.estimated_at and is_expected
            else None,
        ),
        (
            "Delivered",
            text.moment(shipment.delivered_at, zone, now) if shipment.delivered_at else None,
        ),
        ("Ordered", text.day(shipment.ordered_at, zone, now) if shipment.ordered_at else None),
        ("Partner", text.safe(shipment.partner_name, 80) if shipment.partner_name else None),
        ("Carrier" if shipment.carrier else "Service", _carrier(shipment)),
        ("Quantity", text.number(shipment.quantity) if shipment.quantity is not None else None),
    ]


def _carrier(shipment: ShipmentCard) -> str | None:
    known = [text.safe(name, 80) for name in (shipment.carrier, shipment.service) if name]
    return ", ".join(known) or None


def _cases(open_cases: Sequence[CaseCard]) -> dict[str, object] | None:
    if not open_cases:
        return None
    shown = [case_line(card) for card in worst_first(open_cases)[:5]]
    left_out = len(open_cases) - len(shown)
    more = [f"… and {left_out} more"] if left_out else []
    return section("\n".join([*shown, *more]))


def _checkpoint(line: CheckpointLine, zone: str, now: datetime) -> str:
    said = words.status(line.status, line.reason)
    quoted = f": “{text.safe(line.text, shipment_words.QUOTE)}”" if line.text else ""
    where = f", {text.safe(line.location, shipment_words.PLACE)}" if line.location else ""
    return f"• {text.moment(line.occurred_at, zone, now)} · {said}{quoted}{where}"
