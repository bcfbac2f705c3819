"""What became of a message that was claimed. Each returns False, and changes nothing, if the
message is no longer this owner's."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import alerts
from storage.outbox.rows import IN_A_THREAD, held, set_free
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState


def mark_sent(
    session: Session,
    message_id: int,
    owner: str,
    message_ts: str | None,
    now: datetime,
    tidy_at: datetime | None = None,
) -> bool:
    """Slack has it. A POST names its alert's message, and where it is, in the same transaction.
    `message_ts` None: Slack did not say, as of a file. `tidy_at`: when to look whether it stands
    there twice."""
    message = held(session, message_id, owner)
    if message is None:
        return False
    if tidy_at is not None:
        session.add(_tidying(session, message, message_ts, now, tidy_at))
    message.state = OutboxState.SENT
    message.message_ts = message_ts
    message.sent_at = now
    message.owner = None
    message.ambiguous_since = None
    message.last_error = None
    if message.method == OutboxMethod.POST and message.alert_id is not None and message_ts:
        alerts.set_message_ts(session, message.alert_id, message_ts, message.channel)
    session.flush()
    return True


def put_back(
    session: Session,
    message_id: int,
    owner: str,
    due_at: datetime,
    error: str,
    ambiguous_since: datetime | None,
) -> bool:
    """Not said: to be tried again then. `ambiguous_since` None says for certain that Slack does
    not have it."""
    message = held(session, message_id, owner)
    if message is None:
        return False
    message.state = OutboxState.PENDING
    message.owner = None
    message.due_at = due_at
    message.last_error = error
    message.ambiguous_since = ambiguous_since
    session.flush()
    return True


def mark_dead(session: Session, message_id: int, owner: str, error: str) -> bool:
    """It cannot be said until a person mends something; the channel's next one is no longer held
    up."""
    message = held(session, message_id, owner)
    if message is None:
        return False
    message.state = OutboxState.DEAD
    message.owner = None
    message.last_error = error
    session.flush()
    return True


def rewrite(
    session: Session, message_id: int, owner: str, payload: dict[str, Any], now: datetime
) -> bool:
    """To be said at once in other words."""
    message = held(session, message_id, owner)
    if message is None:
        return False
    set_free(message, payload, now)
    session.flush()
    return True


def tell_instead_of_file(
    session: Session, message_id: int, owner: str, payload: dict[str, Any], now: datetime
) -> bool:
    """Slack does not take the file: its thread gets these words."""
    message = held(session, message_id, owner)
    if message is None:
        return False
    message.method = OutboxMethod.REPLY
    set_free(message, payload, now)
    session.flush()
    return True


def repeat_newest_edit(session: Session, message_id: int, now: datetime) -> None:
    """An EDIT was said by one who had lost it: what was said of its alert since may be hidden
    under it, and is said again."""
    overtaken = session.get(OutboxMessage, message_id)
    if overtaken is None or overtaken.alert_id is None:
        return
    newest = session.scalars(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.alert_id) == overtaken.alert_id,
            col(OutboxMessage.method) == OutboxMethod.EDIT,
        )
        .order_by(col(OutboxMessage.id).desc())
        .limit(1)
        .with_for_update()
    ).one()
    if newest.state == OutboxState.SENT:
        newest.state = OutboxState.PENDING
        newest.due_at = now
        session.flush()


def _tidying(
    session: Session,
    message: OutboxMessage,
    kept_ts: str | None,
    now: datetime,
    due_at: datetime,
) -> OutboxMessage:
    alert = alerts.get(session, message.alert_id) if message.alert_id is not None else None
    is_in_a_thread = message.method in IN_A_THREAD
    return OutboxMessage(
        lane=f"tidy:{message.id}",
        urgency=message.urgency,
        key=f"{message.key}:tidy:{kept_ts or now.isoformat()}",
        method=OutboxMethod.TIDY,
        channel=message.channel,
        payload={
            "text": message.payload["text"],
            "key": message.key,
            "file_name": message.payload.get("file_name"),
            "kept_ts": kept_ts,
            "thread_ts": alert.message_ts if alert and is_in_a_thread else None,
            "since": (message.tried_at or message.created_at).isoformat(),
        },
        state=OutboxState.PENDING,
        due_at=due_at,
        created_at=now,
    )
