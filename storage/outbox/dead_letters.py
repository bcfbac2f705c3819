"""What could not be said, and what a person makes of it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage import alerts
from storage.outbox.rows import unsent_of_alert
from storage.statements import change
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState


def list_dead(session: Session, limit: int = 100) -> list[OutboxMessage]:
    """The newest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(col(OutboxMessage.state) == OutboxState.DEAD)
            .order_by(col(OutboxMessage.id).desc())
            .limit(limit)
        )
    )


def retry(session: Session, message_id: int, now: datetime) -> bool:
    """Gives a dead message another life: it is said at once, for whoever asks has looked whether
    it is there. False if there is no such dead message."""
    return (
        change(
            session,
            update(OutboxMessage)
            .where(
                col(OutboxMessage.id) == message_id, col(OutboxMessage.state) == OutboxState.DEAD
            )
            .values(
                state=OutboxState.PENDING,
                due_at=now,
                attempt=0,
                ambiguous_since=None,
                tried_at=None,
            ),
        )
        == 1
    )


def drop(session: Session, message_id: int, note: str) -> int:
    """A dead message is not to be said any more, and neither is what waits for it; all of it is
    kept, with the note. Returns how many that were: 0 if there is no such dead message."""
    message = session.get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.state != OutboxState.DEAD:
        return 0
    dropped = [message]
    if message.method == OutboxMethod.POST and message.alert_id is not None:
        alert = alerts.get(session, message.alert_id)
        if alert is not None and alert.message_ts is None:
            dropped.extend(unsent_of_alert(session, message.alert_id))
    for each in dropped:
        each.state = OutboxState.DROPPED
        each.last_error = f"{note} (before: {each.last_error})" if each.last_error else note
    session.flush()
    return len(dropped)
