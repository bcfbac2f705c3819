"""What could not be said, and what a person makes of it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage import alerts
from storage.outbox.rows import DEAD, set_free, unsent_of_alert
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState


def list_dead(session: Session, limit: int = 100) -> list[OutboxMessage]:
    """The newest first."""
    return list(
        session.scalars(
            select(OutboxMessage).where(DEAD).order_by(col(OutboxMessage.id).desc()).limit(limit)
        )
    )


def count_dead(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(OutboxMessage).where(DEAD)).one()


def retry(session: Session, message_id: int, now: datetime) -> bool:
    """Gives a dead message another life: it is said at once, for whoever asks has looked whether
    it is there. An EDIT that was overtaken meanwhile says what is so by now. False if there is no
    such dead message."""
    message = _dead(session, message_id)
    if message is None:
        return False
    if message.method == OutboxMethod.EDIT:
        message.payload = _said_last_of(session, message).payload
    set_free(message, message.payload, now)
    message.attempt = 0
    message.tried_at = None
    session.flush()
    return True


def drop(session: Session, message_id: int, note: str) -> int:
    """A dead message is not to be said any more, and neither is what waits for it; all of it is
    kept, with the note. Returns how many that were: 0 if there is no such dead message."""
    message = _dead(session, message_id)
    if message is None:
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


def _dead(session: Session, message_id: int) -> OutboxMessage | None:
    """The message, locked, if it is one."""
    message = session.get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    return message if message is not None and message.state == OutboxState.DEAD else None


def _said_last_of(session: Session, edit: OutboxMessage) -> OutboxMessage:
    """The latest words that its alert's message has, or will have."""
    return session.scalars(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.alert_id) == edit.alert_id,
            col(OutboxMessage.method).in_((OutboxMethod.POST, OutboxMethod.EDIT)),
            col(OutboxMessage.state) != OutboxState.DROPPED,
        )
        .order_by(col(OutboxMessage.id).desc())
        .limit(1)
    ).one()
