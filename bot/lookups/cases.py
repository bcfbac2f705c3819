"""/exceptions: open cases, worst first; and the cases that a question is about."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.links import linked_cards
from bot.book.models import Book, PartnerEntry
from bot.lookups import one_case
from bot.lookups.case_names import case_named
from bot.lookups.names import partner_named, visible_partners
from bot.lookups.unknown import unknown_partner
from bot.lookups.unread import warning
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard
from bot.messages.exceptions_view import exceptions_view
from bot.viewer import Viewer
from storage import cases
from storage.tables import Case
from storage.vocabulary import CaseState, Severity

SHOWN_AT_MOST = 100


def answer(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Message:
    partners = visible_partners(book, viewer)
    if not partners and not viewer.is_internal:
        return errors.not_yours()
    if text.strip():
        partner = partner_named(partners, text)
        if partner is None:
            return _not_of_a_partner(session, book, viewer, text, now)
    else:
        partner = next((p for p in partners if p.key == viewer.partner_key), None)
    if partner is None:
        cards, not_read = open_cards(session, book, viewer, None, now)
        return exceptions_view(
            cards, now, book.time_zone, not_read=not_read, warning=warning(session, book, viewer)
        )
    cards, not_read = open_cards(session, book, viewer, partner, now)
    return exceptions_view(
        cards, now, partner.time_zone, partner.name, not_read, warning(session, book, viewer)
    )


def _not_of_a_partner(
    session: Session, book: Book, viewer: Viewer, text: str, now: datetime
) -> Message:
    case_id = case_named(text)
    if case_id is None:
        return unknown_partner(visible_partners(book, viewer), viewer, text)
    return one_case.in_a_line(session, case_id, book, viewer, now)


def open_cards(
    session: Session,
    book: Book,
    viewer: Viewer,
    partner: PartnerEntry | None,
    now: datetime,
    limit: int = SHOWN_AT_MOST,
) -> tuple[list[CaseCard], int]:
    """The worst, and how many there are beyond them."""
    key = partner.key if partner else viewer.partner_key
    found = cases.list_open(session, key, limit)
    shown = [case for case in found if viewer.may_see(case.partner_key) and is_open(case)]
    left_out = max(cases.count_open(session, key) - len(found), 0)
    return linked_cards(session, shown, book, now), left_out


def open_cases_of(session: Session, shipment_id: int) -> list[Case]:
    """Worst first."""
    found = [case for case in cases.of_shipment(session, shipment_id) if is_open(case)]
    return sorted(found, key=lambda case: (-Severity(case.severity).rank, case.since))


def is_open(case: Case) -> bool:
    """A case resolved by hand keeps its key while its condition lasts, and asks for nothing."""
    return case.open_key is not None and case.state != CaseState.RESOLVED
