"""Slack gives a private channel another id when it becomes shared, and when it stops."""

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage import addresses, partners
from storage.statements import change
from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxState

_UNSENT = (OutboxState.PENDING, OutboxState.SENDING)


def renumber(session: Session, old_id: str, new_id: str) -> int:
    """Partners, the messages that stand there, and those still owed follow the channel; so does
    what will be owed under the old id, as long as the book says it. Returns how many partners it
    concerned."""
    move_all(session, old_id, new_id)
    return partners.change_channel(session, old_id, new_id)


def move_all(session: Session, named: str, channel: str) -> None:
    """All that was said, is owed and will be owed under this name is in this channel."""
    addresses.remember(session, named, channel)
    is_there = col(Alert.channel) == named
    # Whoever needs alerts and messages takes the alerts first, in their order: nobody then waits
    # for somebody who waits for him.
    session.execute(select(col(Alert.id)).where(is_there).order_by(col(Alert.id)).with_for_update())
    session.execute(update(Alert).where(is_there).values(channel=channel))
    is_unsent = col(OutboxMessage.state).in_(_UNSENT)
    change(
        session,
        update(OutboxMessage)
        .where(is_unsent, col(OutboxMessage.lane) == named)
        .values(lane=channel),
    )
    change(
        session,
        update(OutboxMessage)
        .where(is_unsent, col(OutboxMessage.channel) == named)
        .values(channel=channel),
    )
