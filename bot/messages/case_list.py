"""All cases of a message as a file, one a line: what did not fit into it, for a spreadsheet."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from bot.cells import harmless
from bot.messages import case_words, text
from bot.messages.cards import CaseCard, ShipmentCard
from bot.messages.lists import worst_first
from storage.vocabulary import CaseState

FIELD = 300  # characters of a cell
_PARTNER_IN_NAME = 40  # characters
_SOMEBODYS = {CaseState.ACKNOWLEDGED, CaseState.SNOOZED, CaseState.ESCALATED}


@dataclass(frozen=True, slots=True)
class CaseList:
    file_name: str
    content: str
    """CSV with a header; instants as ISO 8601 with the offset of the partner's zone."""
    rows: int
    """Cases in it."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the list; empty where nothing is known."""

    case: str
    severity: str
    state: str
    kind: str
    what: str
    partner: str
    tracking_number: str
    order: str
    origin: str
    destination: str
    promised_at: str
    hours_past_promise: float | str
    """Until it was delivered, else until now; less than 0 while the promise lies ahead."""
    last_heard_at: str
    last_heard_in: str
    value: float | str
    currency: str
    who_has_it: str
    """Slack user id."""
    since: str
    resolved_at: str


COLUMNS = tuple(column.name for column in fields(CaseRow))
_values_of = attrgetter(*COLUMNS)


def case_list(cards: Sequence[CaseCard], now: datetime) -> CaseList:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for card in worst_first(cards):
        writer.writerow(harmless(value) for value in _values_of(_row(card, now)))
    return CaseList(_file_name(cards, now), stream.getvalue(), len(cards))


def _row(card: CaseCard, now: datetime) -> CaseRow:
    shipment = card.shipment
    heard = shipment.last_checkpoint if shipment else None
    is_somebodys = card.state in _SOMEBODYS and case_words.is_person(card.handled_by)
    return CaseRow(
        case=card.reference,
        severity=card.severity.value,
        state=card.state.value,
        kind=card.kind.value,
        what=text.literal(case_words.headline(card)),
        partner=_words(card.partner_name),
        tracking_number=_words(shipment.tracking_number) if shipment else "",
        order=_words(shipment.order_reference) if shipment else "",
        origin=_words(shipment.origin) if shipment else "",
        destination=_words(shipment.destination) if shipment else "",
        promised_at=_instant(shipment.promised_at, card.zone) if shipment else "",
        hours_past_promise=_hours_past_promise(shipment, now) if shipment else "",
        last_heard_at=_instant(heard.occurred_at, card.zone) if heard else "",
        last_heard_in=_words(heard.location) if heard else "",
        value=shipment.value if shipment and shipment.value is not None else "",
        currency=_words(shipment.currency) if shipment else "",
        who_has_it=_words(card.handled_by) if is_somebodys else "",
        since=_instant(card.since, card.zone),
        resolved_at=_instant(card.resolved_at, card.zone),
    )


def _words(said: str | None) -> str:
    """On one line, however long and odd it came."""
    return text.cut(text.plain(said[: 4 * FIELD]), FIELD) if said else ""


def _instant(at: datetime | None, zone: str) -> str:
    return text.in_zone(at, zone).isoformat(timespec="seconds") if at else ""


def _hours_past_promise(shipment: ShipmentCard, now: datetime) -> float | str:
    if shipment.promised_at is None:
        return ""
    return round(((shipment.delivered_at or now) - shipment.promised_at) / text.HOUR, 1)


def _file_name(cards: Sequence[CaseCard], now: datetime) -> str:
    """`acme-freight-cases-2014-03-17-0812.csv`, at the partner's hour."""
    names = {card.partner_name for card in cards}
    zones = {card.zone for card in cards}
    partner = (names.pop() or "") if len(names) == 1 else ""
    slug = re.sub(r"[^a-z0-9]+", "-", partner.lower()[:_PARTNER_IN_NAME]).strip("-")
    at = text.in_zone(now, zones.pop() if len(zones) == 1 else "UTC")
    return "-".join(part for part in (slug, "cases", f"{at:%Y-%m-%d-%H%M}") if part) + ".csv"
