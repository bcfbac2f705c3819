"""Putting a message into the outbox."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, SQLModel, col

from storage import addresses, alerts
from storage.bulk import BulkInsert, Prepared, Row, json_text
from storage.outbox.rows import lane_of, unsent_of_alerts
from storage.statements import in_batches, is_among
from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

_LEAST_URGENT = 2
_INSERT = BulkInsert(
    SQLModel.metadata.tables["outbox"],
    (
        "lane",
        "urgency",
        "key",
        "method",
        "channel",
        "alert_id",
        "payload",
        "state",
        "due_at",
        "attempt",
        "created_at",
    ),
    lambda insert: insert,
)
_IDS_BY_KEY = Prepared(
    select(col(OutboxMessage.key), col(OutboxMessage.id)).where(
        is_among(col(OutboxMessage.key), "keys")
    )
)
_UNANNOUNCED = Prepared(
    select(col(Alert.id)).where(
        is_among(col(Alert.id), "alerts"),
        col(Alert.message_ts).is_(None),
        ~exists().where(
            col(OutboxMessage.alert_id) == col(Alert.id),
            col(OutboxMessage.method) == OutboxMethod.POST.value,
            col(OutboxMessage.state) != OutboxState.DROPPED.value,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that we owe Slack, and nothing yet of how it gets there."""

    key: str
    method: OutboxMethod
    channel: str
    """A channel's id, or a person's: then it is a direct message."""
    payload: dict[str, Any]
    """`text` and `blocks`; of a FILE `text`, `file_name` and `content`."""
    urgency: int
    alert_id: int | None = None


@dataclass(slots=True)
class _New:
    """A message on its way into the outbox. What is owed after it may still take its place."""

    lane: str
    urgency: int
    key: str
    method: OutboxMethod
    channel: str
    alert_id: int | None
    payload: dict[str, Any]
    state: OutboxState = OutboxState.PENDING
    attempt: int = 0


_Waiting = OutboxMessage | _New


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
    has tried to say yet: only the latest state is shown. What is more urgent hurries all that is
    unsent of its alert: it is told in its order.
    """
    owed = Owed(key, method, channel, payload, urgency, alert_id)
    (put_as,) = _put_all(session, [owed], now)
    return _ids_by_key(session, [put_as])[put_as]


def put_many(session: Session, owed: Sequence[Owed], now: datetime) -> None:
    """The same for many, in their order, as if they were put one after the other."""
    if owed:
        _put_all(session, owed, now)


def _put_all(session: Session, owed: Sequence[Owed], now: datetime) -> list[str]:
    """The keys under which they are in the outbox."""
    owed = _where_they_are_now(session, owed)
    known: dict[str, _Waiting | None] = dict.fromkeys(
        _ids_by_key(session, [each.key for each in owed])
    )
    edited = [e.alert_id for e in owed if e.method is OutboxMethod.EDIT and e.alert_id is not None]
    hurried = [e.alert_id for e in owed if e.urgency < _LEAST_URGENT and e.alert_id is not None]
    unsent = unsent_of_alerts(session, sorted({*edited, *hurried}))
    waiting: defaultdict[int | None, list[_Waiting]] = defaultdict(list)
    for alert_id, messages in unsent.items():
        waiting[alert_id].extend(messages)
    unannounced = _unannounced(session, edited)
    new: list[_New] = []
    for each in owed:
        if each.key not in known:
            known[each.key] = _put(each, waiting[each.alert_id], unannounced, new)
    session.flush()
    _INSERT.execute(session, [_row(message, now) for message in new])
    return [message.key if (message := known[each.key]) else each.key for each in owed]


def _put(
    owed: Owed, unsent: list[_Waiting], unannounced: Collection[int], new: list[_New]
) -> _Waiting:
    """`unsent` of the same alert, the newest first."""
    if owed.alert_id is not None:
        for each in unsent:
            each.urgency = min(each.urgency, owed.urgency)
    is_edit = owed.method is OutboxMethod.EDIT
    waiting = _overtaken(unsent) if is_edit else None
    if waiting is not None:
        if waiting.method == OutboxMethod.EDIT:
            waiting.key = owed.key
        waiting.payload = owed.payload
        return waiting
    method = OutboxMethod.POST if is_edit and owed.alert_id in unannounced else owed.method
    message = _New(
        lane=lane_of(method, owed.channel, owed.alert_id),
        urgency=owed.urgency,
        key=owed.key,
        method=method,
        channel=owed.channel,
        alert_id=owed.alert_id,
        payload=owed.payload,
    )
    new.append(message)
    unsent.insert(0, message)
    return message


def _row(new: _New, now: datetime) -> Row:
    return (
        new.lane,
        new.urgency,
        new.key,
        new.method.value,
        new.channel,
        new.alert_id,
        json_text(new.payload),
        new.state.value,
        now,
        new.attempt,
        now,
    )


def _where_they_are_now(session: Session, owed: Sequence[Owed]) -> list[Owed]:
    """The book's ids and people's, as Slack knows their channels."""
    found = addresses.channels_now(session, {each.channel for each in owed})
    if not found:
        return list(owed)
    moved = [replace(each, channel=found.get(each.channel, each.channel)) for each in owed]
    for before, after in zip(owed, moved, strict=True):
        if before.channel != after.channel and after.alert_id is not None:
            alerts.move(session, after.alert_id, after.channel)
    return moved


def _unannounced(session: Session, alert_ids: Sequence[int]) -> set[int]:
    """Those that have no message, nor one under way, as after theirs was dropped: what is said
    next of them is their message."""
    found: set[int] = set()
    for batch in in_batches(alert_ids):
        found.update(alert_id for (alert_id,) in _UNANNOUNCED.execute(session, alerts=batch))
    return found


def _ids_by_key(session: Session, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in in_batches(keys):
        found.update(_IDS_BY_KEY.execute(session, keys=batch))
    return found


def _overtaken(unsent: Sequence[_Waiting]) -> _Waiting | None:
    for message in unsent:
        is_untried_post = message.method == OutboxMethod.POST and message.attempt == 0
        if message.state == OutboxState.PENDING and (
            message.method == OutboxMethod.EDIT or is_untried_post
        ):
            return message
    return None
