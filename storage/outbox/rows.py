"""What the outbox's transactions have in common: which rows, and how they are moved and freed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, col

from storage import alerts
from storage.statements import in_batches, is_among
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

# Said with literals, so that SQLite can see that the partial indexes hold them all.
UNSENT = text("outbox.state IN ('pending', 'sending')")
DEAD = text("outbox.state = 'dead'")

_UNSENT_OF_ALERTS = (
    select(OutboxMessage)
    .where(UNSENT, is_among(col(OutboxMessage.alert_id), "alerts"))
    .order_by(col(OutboxMessage.id).desc())
    .with_for_update()
    .execution_options(populate_existing=True)
)

IN_A_THREAD = (OutboxMethod.REPLY, OutboxMethod.FILE)


def lane_of(method: OutboxMethod, channel: str, alert_id: int | None) -> str:
    return f"edit:{alert_id}" if method is OutboxMethod.EDIT else channel


def held(session: Session, message_id: int, owner: str) -> OutboxMessage | None:
    """The message, locked, if this owner is still saying it. Its alert is locked before it: whoever
    needs both takes them in this order, and nobody waits for somebody who waits for him."""
    alert_id = session.scalar(
        select(col(OutboxMessage.alert_id)).where(col(OutboxMessage.id) == message_id)
    )
    if alert_id is not None:
        alerts.lock(session, [alert_id])
    return session.scalars(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.id) == message_id,
            col(OutboxMessage.owner) == owner,
            col(OutboxMessage.state) == OutboxState.SENDING,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def set_free(message: OutboxMessage, payload: dict[str, Any], now: datetime) -> None:
    """To be said at once, by anybody; Slack is known not to have it."""
    message.payload = payload
    message.state = OutboxState.PENDING
    message.owner = None
    message.due_at = now
    message.ambiguous_since = None


def move(message: OutboxMessage, channel: str) -> None:
    message.channel = channel
    message.lane = lane_of(OutboxMethod(message.method), channel, message.alert_id)


def unsent_of_alert(session: Session, alert_id: int) -> list[OutboxMessage]:
    """The newest first, locked."""
    return unsent_of_alerts(session, [alert_id])[alert_id]


def unsent_of_alerts(
    session: Session, alert_ids: Sequence[int]
) -> defaultdict[int | None, list[OutboxMessage]]:
    """By alert, the newest first, locked."""
    found: defaultdict[int | None, list[OutboxMessage]] = defaultdict(list)
    for batch in in_batches(alert_ids):
        for message in session.scalars(_UNSENT_OF_ALERTS, {"alerts": batch}):
            found[message.alert_id].append(message)
    return found
