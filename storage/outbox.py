"""Every word that we owe Slack. Within a lane the lower id is said first, one at a time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, text, update
from sqlmodel import Session, SQLModel, col

from storage import alerts
from storage.statements import change, in_batches
from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

# Said with literals, so that SQLite can see that the partial index holds them all.
_UNSENT = text("outbox.state IN ('pending', 'sending')")

_SAID_OR_OWED = (OutboxState.SENT, OutboxState.PENDING, OutboxState.SENDING)

_WAITING = SQLModel.metadata.tables["outbox"].alias("waiting")
_PARENT = SQLModel.metadata.tables["alert"].alias("parent")


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that we owe Slack, and nothing yet of how it gets there."""

    key: str
    method: OutboxMethod
    channel: str
    payload: dict[str, Any]
    urgency: int
    alert_id: int | None = None


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
    owed = Owed(key, method, channel, payload, urgency, alert_id)
    (message,) = put_many(session, [owed], now)
    return message


def put_many(session: Session, owed: Sequence[Owed], now: datetime) -> list[int]:
    """The same for many, in their order, as if they were put one after the other."""
    known = _by_key(session, [each.key for each in owed])
    edited = [e.alert_id for e in owed if e.method is OutboxMethod.EDIT and e.alert_id is not None]
    unsent = _unsent_of_alerts(session, edited)
    unannounced = _unannounced(session, edited)
    put_as: list[OutboxMessage] = []
    for each in owed:
        message = known.get(each.key)
        if message is None:
            message = _put(session, each, unsent[each.alert_id], unannounced, now)
            known[each.key] = message
        put_as.append(message)
    session.flush()
    return [_id_of(message) for message in put_as]


def _put(
    session: Session,
    owed: Owed,
    unsent: list[OutboxMessage],
    unannounced: Collection[int],
    now: datetime,
) -> OutboxMessage:
    """`unsent` of the same alert, the newest first."""
    is_edit = owed.method is OutboxMethod.EDIT
    waiting = _overtaken(unsent) if is_edit else None
    if waiting is not None:
        if waiting.method == OutboxMethod.EDIT:
            waiting.key = owed.key
        waiting.payload = owed.payload
        waiting.urgency = min(waiting.urgency, owed.urgency)
        return waiting
    method = OutboxMethod.POST if is_edit and owed.alert_id in unannounced else owed.method
    message = OutboxMessage(
        lane=_lane(method, owed.channel, owed.alert_id),
        urgency=owed.urgency,
        key=owed.key,
        method=method,
        channel=owed.channel,
        alert_id=owed.alert_id,
        payload=owed.payload,
        state=OutboxState.PENDING,
        due_at=now,
        created_at=now,
    )
    session.add(message)
    unsent.insert(0, message)
    return message


def _unannounced(session: Session, alert_ids: Sequence[int]) -> set[int]:
    """Those that have no message, nor one under way, as after theirs was dropped: what is said
    next of them is their message."""
    found: set[int] = set()
    for batch in in_batches(alert_ids):
        found.update(
            session.scalars(
                select(col(Alert.id)).where(
                    col(Alert.id).in_(batch),
                    col(Alert.message_ts).is_(None),
                    ~exists().where(
                        col(OutboxMessage.alert_id) == col(Alert.id),
                        col(OutboxMessage.method) == OutboxMethod.POST,
                        col(OutboxMessage.state) != OutboxState.DROPPED,
                    ),
                )
            )
        )
    return found


def _by_key(session: Session, keys: Sequence[str]) -> dict[str, OutboxMessage]:
    found: dict[str, OutboxMessage] = {}
    for batch in in_batches(keys):
        for message in session.scalars(
            select(OutboxMessage).where(col(OutboxMessage.key).in_(batch))
        ):
            found[message.key] = message
    return found


def _id_of(message: OutboxMessage) -> int:
    if message.id is None:
        raise RuntimeError(f"the database gave the message {message.key} no id")
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
    session: Session,
    message_id: int,
    owner: str,
    message_ts: str,
    now: datetime,
    tidy_at: datetime | None = None,
) -> bool:
    """Slack has it. A POST names its alert's message, and where it is, in the same transaction.
    `tidy_at`: when to look whether it stands there twice. False, and nothing changes, if the
    message is no longer this owner's."""
    message = _held(session, message_id, owner)
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
    reworded: Callable[[dict[str, Any]], dict[str, Any]],
    now: datetime,
) -> bool:
    """Its channel takes nothing of ours: it is said in another one, reworded, and all that
    follows of its alert goes there too. An EDIT's words become the alert's new message there; for
    a REPLY, the alert's message goes first. False if it is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    old_channel = message.channel
    _set_free(message, message.payload, now)
    alert = session.get(Alert, message.alert_id) if message.alert_id is not None else None
    if alert is None or alert.id is None:
        message.payload = reworded(message.payload)
        _move(message, channel)
        session.flush()
        return True
    if alert.channel != old_channel:  # it went elsewhere meanwhile: so does this
        _move(message, alert.channel)
    elif message.method == OutboxMethod.REPLY:
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


def post_anew(session: Session, message_id: int, owner: str, gone_ts: str, now: datetime) -> bool:
    """Its alert's message is gone from Slack. An EDIT's words become the alert's new message; a
    REPLY waits for one that says what was last said. False if it is no longer this owner's."""
    message = _held(session, message_id, owner)
    if message is None:
        return False
    _set_free(message, message.payload, now)
    alert = session.get(Alert, message.alert_id) if message.alert_id is not None else None
    if alert is None or alert.id is None or alert.message_ts != gone_ts:
        session.flush()  # another one is there already, or under way
        return True
    if message.method == OutboxMethod.REPLY:
        if _parent_to_post(session, message, alert.id, now) is not None:
            alerts.forget_message(session, alert.id)
    else:
        message.method = OutboxMethod.POST
        message.lane = _lane(OutboxMethod.POST, message.channel, message.alert_id)
        alerts.forget_message(session, alert.id)
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
            dropped.extend(_unsent_of_alert(session, message.alert_id))
    for each in dropped:
        each.state = OutboxState.DROPPED
        each.last_error = f"{note} (before: {each.last_error})" if each.last_error else note
    session.flush()
    return len(dropped)


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
    if message.state == OutboxState.SENDING:
        message.ambiguous_since = now  # its owner may have said it a moment ago
    elif message.ambiguous_since is None:
        message.tried_at = now
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


def _tidying(
    session: Session, message: OutboxMessage, kept_ts: str, now: datetime, due_at: datetime
) -> OutboxMessage:
    alert = alerts.get(session, message.alert_id) if message.alert_id is not None else None
    is_reply = message.method == OutboxMethod.REPLY
    return OutboxMessage(
        lane=f"tidy:{message.id}",
        urgency=message.urgency,
        key=f"{message.key}:tidy:{kept_ts}",
        method=OutboxMethod.TIDY,
        channel=message.channel,
        payload={
            "text": message.payload["text"],
            "key": message.key,
            "kept_ts": kept_ts,
            "thread_ts": alert.message_ts if alert and is_reply else None,
            "since": (message.tried_at or message.created_at).isoformat(),
        },
        state=OutboxState.PENDING,
        due_at=due_at,
        created_at=now,
    )


def _move_alert(session: Session, alert_id: int, channel: str) -> None:
    """To where its message is yet to be posted, with all that is owed of it."""
    alerts.move(session, alert_id, channel)
    alerts.forget_message(session, alert_id)
    for unsent in _unsent_of_alert(session, alert_id):
        _move(unsent, channel)


def _parent_to_post(
    session: Session, reply: OutboxMessage, alert_id: int, now: datetime
) -> OutboxMessage | None:
    """A new POST of what was last said of the alert; None where an EDIT is under way, which will
    find out for itself."""
    said = session.scalars(
        select(OutboxMessage)
        .where(
            col(OutboxMessage.alert_id) == alert_id,
            col(OutboxMessage.method) != OutboxMethod.REPLY,
            col(OutboxMessage.state).in_(_SAID_OR_OWED),
        )
        .order_by(col(OutboxMessage.id).desc())
        .limit(1)
    ).one()
    if said.state != OutboxState.SENT:
        return None
    parent = OutboxMessage(
        lane=_lane(OutboxMethod.POST, reply.channel, alert_id),
        urgency=reply.urgency,
        key=f"{said.key}:before:{reply.id}",
        method=OutboxMethod.POST,
        channel=reply.channel,
        alert_id=alert_id,
        payload=said.payload,
        state=OutboxState.PENDING,
        due_at=now,
        created_at=now,
    )
    session.add(parent)
    session.flush()
    return parent


def _unsent_of_alert(session: Session, alert_id: int) -> list[OutboxMessage]:
    """The newest first."""
    return _unsent_of_alerts(session, [alert_id])[alert_id]


def _unsent_of_alerts(
    session: Session, alert_ids: Sequence[int]
) -> defaultdict[int | None, list[OutboxMessage]]:
    """By alert, the newest first."""
    found: defaultdict[int | None, list[OutboxMessage]] = defaultdict(list)
    for batch in in_batches(alert_ids):
        for message in session.scalars(
            select(OutboxMessage)
            .where(_UNSENT, col(OutboxMessage.alert_id).in_(batch))
            .order_by(col(OutboxMessage.id).desc())
            .with_for_update()
            .execution_options(populate_existing=True)
        ):
            found[message.alert_id].append(message)
    return found


def _overtaken(unsent: Sequence[OutboxMessage]) -> OutboxMessage | None:
    for message in unsent:
        is_untried_post = message.method == OutboxMethod.POST and message.attempt == 0
        if message.state == OutboxState.PENDING and (
            message.method == OutboxMethod.EDIT or is_untried_post
        ):
            return message
    return None
