"""/shipment: one shipment by its number or its order, or a partner's shipments."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import shipment_card
from bot.alerts.links import linked_cards
from bot.book.models import Book, PartnerEntry
from bot.lookups import one_case
from bot.lookups.case_names import case_named
from bot.lookups.cases import open_cases_of
from bot.lookups.names import partner_named, visible_partners
from bot.lookups.unknown import unknown_shipment
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import ShipmentCard
from bot.messages.shipment_view import shipment_matches, shipment_view, shipments_list
from bot.viewer import Viewer
from storage import cases, checkpoints, shipments, tables

LATE_READ = 1000  # shipments under way of one partner looked through for late ones

_AROUND = " \t\n#\"'`´ˋ“”„‘’«»()[]{}<>*∗_~?!.,;:"


def answer(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Message:
    partners = visible_partners(book, viewer)
    if not text.strip():
        return errors.nothing_typed("/shipment")
    partner = partner_named(partners, text)
    if partner is not None:
        return _of_partner(session, partner, now)
    found = find(session, viewer, text) or find_of_case(session, viewer, text)
    case_id = None if found else case_named(text)
    if case_id is not None:
        return one_case.in_a_line(session, case_id, book, viewer, now)
    if not found:
        return unknown_shipment(session, partners, viewer, text)
    if len(found) > 1:
        return shipment_matches(text, [_card(shipment, book) for shipment in found], now)
    return _one(session, book, found[0], now)


def find(session: Session, viewer: Viewer, text: str) -> list[tables.Shipment]:
    """Also with the marks around it that it was copied with, where no number has them."""
    bare = text.strip(_AROUND)
    return _find(session, viewer, text) or (_find(session, viewer, bare) if bare != text else [])


def find_of_case(session: Session, viewer: Viewer, text: str) -> list[tables.Shipment]:
    """That of the case whose name this is."""
    case_id = case_named(text)
    case = cases.get(session, case_id) if case_id is not None else None
    if case is None or case.shipment_id is None or not viewer.may_see(case.partner_key):
        return []
    shipment = shipments.get(session, case.shipment_id)
    return [shipment] if shipment is not None and viewer.may_see(shipment.partner_key) else []


def _find(session: Session, viewer: Viewer, text: str) -> list[tables.Shipment]:
    return [
        shipment
        for shipment in shipments.find(session, text, viewer.partner_key)
        if viewer.may_see(shipment.partner_key)
    ]


def _one(session: Session, book: Book, shipment: tables.Shipment, now: datetime) -> Message:
    shipment_id = _id(shipment)
    points = checkpoints.of_shipment(session, shipment_id)
    card = shipment_card(shipment, points, _partner_of(shipment, book))
    open_cases = linked_cards(session, open_cases_of(session, shipment_id), book, now)
    return shipment_view(card, open_cases, now)


def _of_partner(session: Session, partner: PartnerEntry, now: datetime) -> Message:
    late = [
        shipment_card(shipment, (), partner)
        for shipment in shipments.open_of_partner(session, partner.key, LATE_READ)
        if shipment.promised_at is not None and shipment.promised_at < now
    ]
    return shipments_list(
        partner.name,
        shipments.count_by_status(session, partner.key),
        late,
        now,
        partner.time_zone,
    )


def _card(shipment: tables.Shipment, book: Book) -> ShipmentCard:
    return shipment_card(shipment, (), _partner_of(shipment, book))


def _partner_of(shipment: tables.Shipment, book: Book) -> PartnerEntry | None:
    return next((p for p in book.partners if p.key == shipment.partner_key), None)


def _id(shipment: tables.Shipment) -> int:
    if shipment.id is None:
        raise ValueError("a shipment is stored before it is shown")
    return shipment.id
