"""Slack gives a private channel another id when it becomes shared, and when it stops."""

from sqlalchemy import update
from sqlmodel import Session, col

from storage import partners
from storage.statements import change
from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxState

_UNSENT = (OutboxState.PENDING, OutboxState.SENDING)


def renumber(session: Session, old_id: str, new_id: str) -> int:
    """Partners, the messages that stand there, and those still owed follow the channel. Returns
    how many partners it concerned."""
    is_unsent = col(OutboxMessage.state).in_(_UNSENT)
    change(
        session,
        update(OutboxMessage)
        .where(is_unsent, col(OutboxMessage.lane) == old_id)
        .values(lane=new_id),
    )
    change(
        session,
        update(OutboxMessage)
        .where(is_unsent, col(OutboxMessage.channel) == old_id)
        .values(channel=new_id),
    )
    change(session, update(Alert).where(col(Alert.channel) == old_id).values(channel=new_id))
    return partners.change_channel(session, old_id, new_id)
