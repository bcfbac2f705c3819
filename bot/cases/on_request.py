"""What a person asks of a case: the deed and the words that it owes, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_card
from bot.alerts.planning import plan
from bot.book.models import Book
from bot.cases.acting import NotFound
from bot.cases.changes import CaseChange
from bot.cases.states import Refused
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import HistoryEntry, case_reference
from bot.messages.refusal import refused_case
from bot.viewer import Viewer
from storage import cases
from storage.vocabulary import CaseAction

_BY_SOMEBODY = frozenset(
    {
        CaseAction.ACKNOWLEDGED,
        CaseAction.SNOOZED,
        CaseAction.ESCALATED,
        CaseAction.RESOLVED,
    }
)

Deed = Callable[[Session, int, Viewer, datetime], CaseChange]


def carry_out(
    session: Session, deed: Deed, case_id: int, viewer: Viewer, book: Book, now: datetime
) -> Message | None:
    """None when it is done. Otherwise nothing was, and this tells the person why; a message that
    still shows what is no longer so is drawn again."""
    try:
        change = deed(session, case_id, viewer, now)
    except NotFound:
        return errors.unknown_case(case_reference(case_id))
    except Refused as refused:
        _redraw(session, case_id, book, now)
        return refusal(session, case_id, str(refused), book, now)
    plan(session, [change], book, now)
    return None


def refusal(session: Session, case_id: int, reason: str, book: Book, now: datetime) -> Message:
    """The reason, with who did what is in the way, and when. For who may see the case."""
    case = cases.get(session, case_id)
    if case is None:
        return errors.unknown_case(case_reference(case_id))
    card = case_card(session, case, book, now)
    events = [e for e in cases.history(session, case_id) if e.action in _BY_SOMEBODY]
    last = None
    if events:
        event = events[-1]
        last = HistoryEntry(
            event.at, event.actor, CaseAction(event.action), event.note, card.snoozed_until
        )
    return refused_case(card, reason, last)


def _redraw(session: Session, case_id: int, book: Book, now: datetime) -> None:
    case = cases.get(session, case_id)
    if case is not None and case.alert_id is not None:
        plan(session, [CaseChange(case, None)], book, now)
