"""One case, as its own message, whatever it is told together with."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_card
from bot.book.models import Book
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import case_reference
from bot.messages.case_alert import case_alert
from bot.viewer import Viewer
from storage import cases


def answer(session: Session, case_id: int, book: Book, viewer: Viewer, now: datetime) -> Message:
    """With its own buttons."""
    case = cases.get(session, case_id)
    if case is None or not viewer.may_see(case.partner_key):
        return errors.unknown_case(case_reference(case_id))
    return case_alert(case_card(session, case, book, now))
