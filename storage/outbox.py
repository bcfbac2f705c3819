"""Every word that we owe Slack. Within a lane the lower id is said first, one at a time."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, text, update
from sqlmodel import Session, SQLModel, col

from storage import alerts
from storage.statements import change
from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

# Said with literals, so that SQLite can see that the partial index holds them all.
_UNSENT = text("outbox.state IN ('pending', 'sending')")

_WAITING = SQLModel.metadata.tables["outbox"].alias("waiting")
_PARENT = SQLModel.metadata.tables["alert"].alias("parent")


def put(
    session: Session,
    *,
    key: str,
    method: OutboxMethod,
    channel: str,
    payload: dict[str, Any],
    urgency: int,
    now: datetime,
    alert_id: int | None = None,
) -> int:
    """Owes Slack a message; returns its id. The same key twice is one message.

    An EDIT takes the place of what is unsent of its alert, be it an EDIT or the POST that nobody
    has tried to say yet: only the latest state is shown.
    """
    known = session.scalar(select(col(OutboxMessage.id)).where(col(OutboxMessage.key) == key))
    if known is not None:
        return known
    lane = _lane(method, channel, alert_id)
    waiting = _overtaken(session, alert_id) if method is OutboxMethod.EDIT else None
    if waiting is not None and waiting.id is not None:
        if waiting.method == OutboxMethod.EDIT:
            waiting.key = key
        waiting.payload = payload
        waiting.urgency = min(waiting.urgency, urgency)
        session.flush()
        return waiting.id
    message = OutboxMessage(
        lane=lane,
        urgency=urgency,
        key=key,
        method=method,
        channel=channel,
        alert_id=alert_id,
        payload=payload,
        state=OutboxState.PENDING,
        due_at=now,
        created_at=now,
    )
    session.add(message)
    session.flush()
    if message.id is None:
        raise RuntimeError(f"the database gave the message {key} no id")
    return message.id


def claim(
    session: Session,
    now: datetime,
    owner: str,
    lease: timedelta,
    *,
    limits: Mapping[OutboxMethod, int],
    waiting_lanes: Collection[str] = (),
) -> list[tuple[OutboxMessage, str | None]]:
    """The next message of each lane, if it is due and nobody is saying it, with the ts of its
    alert's message; the most urgent first, at most so many of each method.

    One whose owner's lease ran out is given out again as ambiguous: its owner may have said it.
    """
    claimed: list[tuple[OutboxMessage, str | None]] = []
    for method, limit in limits.items():
        rows = session.execute(
            select(OutboxMessage, col(Alert.message_ts))
            .outerjoin(Alert, col(Alert.id) == col(OutboxMessage.alert_id))
            .where(
                col(OutboxMessage.id).in_(_heads()),
                _UNSENT,
                col(OutboxMessage.method) == method,
                col(OutboxMessage.due_at) <= now,
                col(OutboxMessage.lane).not_in(waiting_lanes),
                col(OutboxMessage.lane).not_in(_lanes_in_use(now)),
            )
            .order_by(col(OutboxMessage.urgency), col(OutboxMessage.due_at), col(OutboxMessage.id))
            .limit(max(limit, 0))
            .with_for_update(of=OutboxMessage, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for message, alert_ts in rows:
            _take(message, now, owner, lease)
            claimed.append((message, alert_ts))
    session.flush()
    return sorted(claimed, key=lambda pair: (pair[0].urgency, pair[0].id))


def mark_sent(
    session: Session, message_id: int, owner: str, message_ts: str, now: datetime
) -> bool:
    """Slack has it. A POST names its alert's message, and where it is, in the same transaction.
    False, and nothing changes, if the message is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    message.state = OutboxState.SENT
    message.message_ts = message_ts
    message.sent_at = now
    message.owner = None
    message.ambiguous_since = None
    message.last_error = None
    if message.method == OutboxMethod.POST and message.alert_id is not None:
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
    not have it. False if the message is no longer this owner's."""
    message = _held(session, message_id, owner)
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
    up. False if the message is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    message.state = OutboxState.DEAD
    message.owner = None
    message.last_error = error
    session.flush()
    return True


def redirect(
    session: Session,
    message_id: int,
    owner: str,
    channel: str,
    payload: dict[str, Any],
    now: datetime,
) -> bool:
    """To be said in another channel, in these words; all that follows of its alert goes there
    too. False if it is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    _set_free(message, payload, now)
    if message.alert_id is None:
        _move(message, channel)
    else:
        alerts.move(session, message.alert_id, channel)
        for unsent in _unsent_of_alert(session, message.alert_id):
            _move(unsent, channel)
    session.flush()
    return True


def rewrite(
    session: Session, message_id: int, owner: str, payload: dict[str, Any], now: datetime
) -> bool:
    """To be said at once in other words. False if the message is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    _set_free(message, payload, now)
    session.flush()
    return True


def post_anew(session: Session, message_id: int, owner: str, now: datetime) -> bool:
    """The message that an EDIT was for is gone: its words become the alert's new message.
    False if the message is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    message.method = OutboxMethod.POST
    message.lane = _lane(OutboxMethod.POST, message.channel, message.alert_id)
    _set_free(message, message.payload, now)
    if message.alert_id is not None:
        alerts.forget_message(session, message.alert_id)
    session.flush()
    return True


def retry(session: Session, message_id: int, now: datetime) -> bool:
    """Gives a dead message another life. False if there is no such dead message."""
    return (
        change(
            session,
            update(OutboxMessage)
            .where(
                col(OutboxMessage.id) == message_id, col(OutboxMessage.state) == OutboxState.DEAD
            )
            .values(state=OutboxState.PENDING, due_at=now, attempt=0),
        )
        == 1
    )


def get(session: Session, message_id: int) -> OutboxMessage | None:
    return session.get(OutboxMessage, message_id)


def list_unsent(session: Session, limit: int = 100) -> list[OutboxMessage]:
    """The oldest first."""
    return list(
        session.scalars(
            select(OutboxMessage).where(_UNSENT).order_by(col(OutboxMessage.id)).limit(limit)
        )
    )


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


def counts(session: Session) -> dict[OutboxState, int]:
    rows = session.execute(
        select(col(OutboxMessage.state), func.count()).group_by(col(OutboxMessage.state))
    )
    return {OutboxState(state): count for state, count in rows}


def next_due(session: Session) -> datetime | None:
    """When `claim` has something to give out again, as things stand."""
    return session.scalar(
        select(func.min(col(OutboxMessage.due_at))).where(
            col(OutboxMessage.id).in_(_heads()), _UNSENT
        )
    )


def _lane(method: OutboxMethod, channel: str, alert_id: int | None) -> str:
    return f"edit:{alert_id}" if method is OutboxMethod.EDIT else channel


def _heads() -> Select[int | None]:
    # What waits for its alert's message is no head: it would hold up all that come after it.
    return (
        select(func.min(_WAITING.c.id))
        .select_from(_WAITING.outerjoin(_PARENT, _PARENT.c.id == _WAITING.c.alert_id))
        .where(
            text("waiting.state IN ('pending', 'sending')"),
            or_(
                _WAITING.c.method == OutboxMethod.POST,
                _WAITING.c.alert_id.is_(None),
                _PARENT.c.message_ts.is_not(None),
            ),
        )
        .group_by(_WAITING.c.lane)
    )


def _lanes_in_use(now: datetime) -> Select[str]:
    # A head may be younger in its lane than what is being said: it waited for its alert.
    return select(_WAITING.c.lane).where(
        text("waiting.state IN ('pending', 'sending')"),
        _WAITING.c.state == OutboxState.SENDING,
        _WAITING.c.due_at > now,
    )


def _take(message: OutboxMessage, now: datetime, owner: str, lease: timedelta) -> None:
    if message.state == OutboxState.SENDING and message.ambiguous_since is None:
        message.ambiguous_since = message.due_at - lease
    message.state = OutboxState.SENDING
    message.owner = owner
    message.due_at = now + lease
    message.attempt += 1


def _set_free(message: OutboxMessage, payload: dict[str, Any], now: datetime) -> None:
    message.payload = payload
    message.state = OutboxState.PENDING
    message.owner = None
    message.due_at = now
    message.ambiguous_since = None


def _held(session: Session, message_id: int, owner: str) -> OutboxMessage | None:
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


def _move(message: OutboxMessage, channel: str) -> None:
    message.channel = channel
    message.lane = _lane(OutboxMethod(message.method), channel, message.alert_id)


def _unsent_of_alert(session: Session, alert_id: int) -> list[OutboxMessage]:
    """The newest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(_UNSENT, col(OutboxMessage.alert_id) == alert_id)
            .order_by(col(OutboxMessage.id).desc())
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _overtaken(session: Session, alert_id: int | None) -> OutboxMessage | None:
    if alert_id is None:
        return None
    for message in _unsent_of_alert(session, alert_id):
        is_untried_post = message.method == OutboxMethod.POST and message.attempt == 0
        if message.state == OutboxState.PENDING and (
            message.method == OutboxMethod.EDIT or is_untried_post
        ):
            return message
    return None
