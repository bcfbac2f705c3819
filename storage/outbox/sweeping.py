"""Forgetting what was said long ago: a word's payload is the largest thing that is stored."""

from datetime import datetime

from sqlalchemy import delete, exists, or_, select
from sqlmodel import Session, SQLModel, col

from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxState

SWEPT_AT_ONCE = 500

_TABLE = SQLModel.metadata.tables["outbox"]


def sweep(session: Session, before: datetime) -> int:
    """Forgets some of what was said before then, the oldest first; returns how many that were.

    What belongs to a message that is not over stays, and so does what could not be said.
    """
    is_not_over = exists().where(
        col(Alert.id) == col(OutboxMessage.alert_id), col(Alert.resolved_at).is_(None)
    )
    oldest = (
        select(col(OutboxMessage.id))
        .where(
            col(OutboxMessage.tried_at) < before,
            col(OutboxMessage.state) == OutboxState.SENT,
            or_(col(OutboxMessage.alert_id).is_(None), ~is_not_over),
        )
        .order_by(col(OutboxMessage.tried_at))
        .limit(SWEPT_AT_ONCE)
    )
    found = list(session.scalars(oldest))
    session.execute(delete(_TABLE).where(_TABLE.c.id.in_(found)))
    return len(found)
