"""What a dialogue about a case needs to know before it is shown."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_card
from bot.book.models import Book
from bot.cases.on_request import refusal
from bot.cases.states import Refused, next_state
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, case_reference
from bot.viewer import Viewer
from storage import cases
from storage.vocabulary import CaseAction, CaseState


def case_for(
    session: Session, case_id: int, action: CaseAction, viewer: Viewer, book: Book, now: datetime
) -> CaseCard | Message:
    """The case, or why that action is not possible on it: then nobody fills in a form in vain."""
    case = cases.get(session, case_id)
    if case is None or not viewer.may_see(case.partner_key):
        return errors.unknown_case(case_reference(case_id))
    try:
        next_state(CaseState(case.state), action)
    except Refused as refused:
        return refusal(session, case_id, str(refused), book, now)
    return case_card(session, case, book, now)
