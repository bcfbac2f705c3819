"""One case, whatever it is told together with: as its own message, or in a line."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_card
from bot.alerts.links import linked_cards
from bot.book.models import Book
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import case_reference
from bot.messages.case_alert import case_alert
from bot.messages.exceptions_view import one_case_view
from bot.viewer import Viewer
from storage import cases


def answer(session: Session, case_id: int, book: Book, viewer: Viewer, now: datetime) -> Message:
    """With its own buttons."""
    case = cases.get(session, case_id)
    if case is None or not viewer.may_see(case.partner_key):
        return errors.unknown_case(case_reference(case_id))
    return case_alert(case_card(session, case, book, now))


def in_a_line(session: Session, case_id: int, book: Book, viewer: Viewer, now: datetime) -> Message:
    """With the way to its message, where its buttons are."""
    case = cases.get(session, case_id)
    if case is None or not viewer.may_see(case.partner_key):
        return errors.unknown_case(case_reference(case_id))
    [card] = linked_cards(session, [case], book, now)
    return one_case_view(card, now)
