"""A message that takes another way than it was meant to: to another channel, or under a new
message of its alert. Each returns False, and changes nothing, if the message is no longer this
owner's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import addresses, alerts, channels
from storage.outbox.rows import IN_A_THREAD, held, lane_of, move, set_free, unsent_of_alert
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

_SAID_OR_OWED = (OutboxState.SENT, OutboxState.PENDING, OutboxState.SENDING)


def redirect(
    session: Session,
    message_id: int,
    owner: str,
    channel: str,
    reworded: Callable[[dict[str, Any]], dict[str, Any]],
    now: datetime,
) -> bool:
    """Its channel takes nothing of ours: it is said in another one, reworded, and all that
    follows of its alert goes there too. An EDIT's words become the alert's new message there; for
    a REPLY and a FILE, the alert's message goes first. False too if it is in that channel
    already."""
    message = held(session, message_id, owner)
    channel = addresses.channels_now(session, {channel}).get(channel, channel)
    if message is None or message.channel == channel:
        return False
    old_channel = message.channel
    set_free(message, message.payload, now)
    alert = alerts.get(session, message.alert_id) if message.alert_id is not None else None
    if alert is None or alert.id is None:
        message.payload = reworded(message.payload)
        move(message, channel)
        session.flush()
        return True
    if alert.channel != old_channel:  # it went elsewhere meanwhile: so does this
        move(message, alert.channel)
    elif message.method in IN_A_THREAD:
        parent = _parent_to_post(session, message, alert.id, now)
        if parent is not None:
            parent.payload = reworded(parent.payload)
            _move_alert(session, alert.id, channel)
    else:
        message.payload = reworded(message.payload)
        message.method = OutboxMethod.POST
        _move_alert(session, alert.id, channel)
    session.flush()
    return True


def direct_message_opened(
    session: Session, message_id: int, owner: str, person: str, channel: str, now: datetime
) -> bool:
    """It is meant for a person, and this is the channel in which we write to them: from now on
    all that is for them goes there."""
    channels.move_all(session, person, channel)
    message = held(session, message_id, owner)
    if message is None:
        return False
    set_free(message, message.payload, now)
    session.flush()
    return True


def post_anew(session: Session, message_id: int, owner: str, gone_ts: str, now: datetime) -> bool:
    """Its alert's message is gone from Slack. An EDIT's words become the alert's new message; a
    REPLY or a FILE waits for one that says what was last said."""
    message = held(session, message_id, owner)
    if message is None:
        return False
    set_free(message, message.payload, now)
    alert = alerts.get(session, message.alert_id) if message.alert_id is not None else None
    if alert is None or alert.id is None or alert.message_ts != gone_ts:
        session.flush()  # another one is there already, or under way
        return True
    if message.method in IN_A_THREAD:
        if _parent_to_post(session, message, alert.id, now) is not None:
            alerts.forget_message(session, alert.id)
    else:
        message.method = OutboxMethod.POST
        message.lane = lane_of(OutboxMethod.POST, message.channel, message.alert_id)
        alerts.forget_message(session, alert.id)
    session.flush()
    return True


def _move_alert(session: Session, alert_id: int, channel: str) -> None:
    """To where its message is yet to be posted, with all that is owed of it."""
    alerts.move(session, alert_id, channel)
    alerts.forget_message(session, alert_id)
    for unsent in unsent_of_alert(session, alert_id):
        move(unsent, channel)


def _parent_to_post(
    session: Session, follower: OutboxMessage, alert_id: int, now: datetime
) -> OutboxMessage | None:
    """A new POST of what was last said of the alert; None where an EDIT is under way, which will
    find out for itself."""
    said = session.scalars(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.alert_id) == alert_id,
            col(OutboxMessage.method).in_((OutboxMethod.POST, OutboxMethod.EDIT)),
            col(OutboxMessage.state).in_(_SAID_OR_OWED),
        )
        .order_by(col(OutboxMessage.id).desc())
        .limit(1)
    ).one()
    if said.state != OutboxState.SENT:
        return None
    parent = OutboxMessage(
        lane=lane_of(OutboxMethod.POST, follower.channel, alert_id),
        urgency=follower.urgency,
        key=f"{said.key}:before:{follower.id}",
        method=OutboxMethod.POST,
        channel=follower.channel,
        alert_id=alert_id,
        payload=said.payload,
        state=OutboxState.PENDING,
        due_at=now,
        created_at=now,
    )
    session.add(parent)
    session.flush()
    return parent
