"""What a person asks of a case, or of all cases of a message: the deed and the words that it
owes, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_card
from bot.alerts.planning import plan
from bot.book.models import Book
from bot.cases.acting import NotFound
from bot.cases.acting_on_groups import GroupChange
from bot.cases.changes import CaseChange
from bot.cases.handing_over import seen_by_its_partner
from bot.cases.states import Refused
from bot.messages import errors, group_answers
from bot.messages.blocks import Message
from bot.messages.cards import HistoryEntry, case_reference
from bot.messages.refusal import refused_case
from bot.viewer import Viewer
from storage import cases, inbound
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
GroupDeed = Callable[[Session, int, Viewer, datetime], GroupChange]
"""Takes the id of the alert that tells of them."""
Request = Callable[[Session, Viewer, Book, datetime], Message | None]
"""What was filled in, with all that it is about: does it, and gives what the person is told."""


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


def carry_out_on_all(
    session: Session, deed: GroupDeed, alert_id: int, viewer: Viewer, book: Book, now: datetime
) -> Message | None:
    """None when it is done to all of them. Otherwise it is done to those that it could be done to,
    and this tells the person what was not."""
    try:
        change = deed(session, alert_id, viewer, now)
    except NotFound:
        return group_answers.unknown_group()
    except Refused as refused:
        return errors.refused(str(refused))
    # Where nothing was done, what was clicked shows what is no longer so.
    stale = [CaseChange(case, None) for case in change.left[:1]] if not change.changes else []
    plan(session, [*change.changes, *stale], book, now)
    if change.together.is_as_asked(viewer.user_id):
        return None
    return group_answers.not_all_done(change.together, viewer.user_id)


def carry_out_once(
    session: Session, key: str, request: Request, viewer: Viewer, book: Book, now: datetime
) -> Message | None:
    """What is handed over again under the same key was done, and is not done twice."""
    if not inbound.begin(session, key, now):
        return None
    return request(session, viewer, book, now)


def refusal(session: Session, case_id: int, reason: str, book: Book, now: datetime) -> Message:
    """The reason, with who did what is in the way, and when. For who may see the case."""
    case = cases.get(session, case_id)
    if case is None:
        return errors.unknown_case(case_reference(case_id))
    card = case_card(session, case, book, now)
    history = seen_by_its_partner(cases.histories(session, [case_id])[case_id])
    events = [event for event in history if event.action in _BY_SOMEBODY]
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
