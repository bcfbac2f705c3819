"""What is in the outbox, for those who only look."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.outbox.rows import UNSENT
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

# To look whether something stands there twice is a chore, not a message that anybody waits for.
_IS_MESSAGE = col(OutboxMessage.method) != OutboxMethod.TIDY


def get(session: Session, message_id: int) -> OutboxMessage | None:
    return session.get(OutboxMessage, message_id)


def list_unsent(session: Session, limit: int = 100) -> list[OutboxMessage]:
    """The messages that wait or are being said, the oldest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(UNSENT, _IS_MESSAGE)
            .order_by(col(OutboxMessage.id))
            .limit(limit)
        )
    )


def count_waiting(session: Session) -> int:
    """How many messages wait or are being said."""
    return session.scalars(
        select(func.count()).select_from(OutboxMessage).where(UNSENT, _IS_MESSAGE)
    ).one()
