"""All cases of a message as they are now, as a file in its thread, for whoever asks."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_cards
from bot.alerts.urgency import PERSON_WAITS
from bot.book.models import Book
from bot.lookups.groups import group_of
from bot.messages import group_answers
from bot.messages.blocks import Message
from bot.messages.case_list import case_list
from bot.viewer import Viewer
from storage import outbox
from storage.vocabulary import OutboxMethod


def list_in_thread(
    session: Session, alert_id: int, asked_as: str, viewer: Viewer, book: Book, now: datetime
) -> Message | None:
    """None when it is owed; `asked_as` is the same where the same is asked again, and it is owed
    once. Otherwise this tells the person why it is not."""
    group = group_of(session, alert_id, viewer)
    if group is None:
        return group_answers.unknown_group()
    cards = case_cards(session, group.cases, book, now)
    listed = case_list(cards, now)
    outbox.put(
        session,
        key=f"alert:{alert_id}:list:asked:{asked_as}",
        method=OutboxMethod.FILE,
        channel=group.alert.channel,
        payload={
            "text": group_answers.list_asked_for(viewer.user_id, len(cards), now, cards[0].zone),
            "file_name": listed.file_name,
            "content": listed.content,
        },
        urgency=PERSON_WAITS,
        now=now,
        alert_id=alert_id,
    )
    return None
