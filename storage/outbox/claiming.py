"""Giving out what is due: the head of each lane, to one at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    func,
    not_,
    or_,
    select,
    text,
)
from sqlmodel import Session, SQLModel, col

from storage.outbox.rows import UNSENT
from storage.tables import Alert, OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

_WAITING = SQLModel.metadata.tables["outbox"].alias("waiting")
_PARENT = SQLModel.metadata.tables["alert"].alias("parent")

_IDS = 1 << 48  # more than there will ever be


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody began to say something there."""

    method: OutboxMethod
    lane: str
    at: datetime


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
    chosen = _choose(session, now, limits, waiting_lanes)
    if not chosen:
        return []
    rows = session.execute(
        select(OutboxMessage, col(Alert.message_ts))
        .outerjoin(Alert, col(Alert.id) == col(OutboxMessage.alert_id))
        .where(
            col(OutboxMessage.id).in_(chosen),
            UNSENT,
            col(OutboxMessage.due_at) <= now,
            or_(
                col(OutboxMessage.method) == OutboxMethod.POST,
                col(OutboxMessage.alert_id).is_(None),
                col(Alert.message_ts).is_not(None),
            ),
        )
        .order_by(col(OutboxMessage.urgency), col(OutboxMessage.id))
        .with_for_update(of=OutboxMessage, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for message, _ in rows:
        _take(message, now, owner, lease)
    session.flush()
    return [(message, alert_ts) for message, alert_ts in rows]


def tries_since(session: Session, since: datetime) -> list[Try]:
    """What any process began to say since then, the earliest first."""
    rows = session.execute(
        select(col(OutboxMessage.method), col(OutboxMessage.lane), col(OutboxMessage.tried_at))
        .where(col(OutboxMessage.tried_at) > since)
        .order_by(col(OutboxMessage.tried_at))
    )
    return [Try(OutboxMethod(method), lane, at) for method, lane, at in rows]


def _choose(
    session: Session,
    now: datetime,
    limits: Mapping[OutboxMethod, int],
    waiting_lanes: Collection[str],
) -> list[int]:
    """The ids of the heads to take. They are not locked yet: another process may have been
    quicker."""
    allowed = {method.value: limit for method, limit in limits.items() if limit > 0}
    if not allowed:
        return []
    heads = _heads(now).subquery()
    place = func.row_number().over(
        partition_by=case(
            # They share a limit: the less urgent waits, whichever it is.
            (col(OutboxMessage.method) == OutboxMethod.REPLY, OutboxMethod.POST),
            else_=col(OutboxMessage.method),
        ),
        order_by=(col(OutboxMessage.urgency), col(OutboxMessage.due_at), col(OutboxMessage.id)),
    )
    due = (
        select(
            col(OutboxMessage.id).label("id"),
            col(OutboxMessage.method).label("method"),
            place.label("place"),
        )
        .join(heads, heads.c.id == col(OutboxMessage.id))
        .where(
            col(OutboxMessage.method).in_(allowed),
            col(OutboxMessage.due_at) <= now,
            col(OutboxMessage.lane).not_in(waiting_lanes),
        )
        .subquery()
    )
    return list(
        session.scalars(
            select(due.c.id).where(due.c.place <= case(allowed, value=due.c.method, else_=0))
        )
    )


def _heads(now: datetime) -> Select[int]:
    """The id of what comes next in each lane. What waits for its alert's message is no head: it
    would hold up all that come after it; nor is a file whose upload has to wait."""
    is_being_said = and_(_WAITING.c.state == OutboxState.SENDING, _WAITING.c.due_at > now)
    is_file_not_yet_due = and_(
        _WAITING.c.method == OutboxMethod.FILE,
        _WAITING.c.state == OutboxState.PENDING,
        _WAITING.c.ambiguous_since.is_(None),
        _WAITING.c.due_at > now,
    )
    return (
        select((func.min(_rank(now) * _IDS + _WAITING.c.id) % _IDS).label("id"))
        .select_from(_WAITING.outerjoin(_PARENT, _PARENT.c.id == _WAITING.c.alert_id))
        .where(
            text("waiting.state IN ('pending', 'sending')"),
            or_(
                _WAITING.c.method == OutboxMethod.POST,
                _WAITING.c.alert_id.is_(None),
                _PARENT.c.message_ts.is_not(None),
                is_being_said,
            ),
            not_(is_file_not_yet_due),
        )
        .group_by(_WAITING.c.lane)
    )


def _rank(now: datetime) -> ColumnElement[int]:
    """What is being said, in doubt, or told by Slack to wait, keeps its lane; else urgency goes
    first."""
    keeps_its_lane = or_(
        _WAITING.c.state == OutboxState.SENDING,
        _WAITING.c.ambiguous_since.is_not(None),
        _WAITING.c.due_at > now,
    )
    return cast(case((keeps_its_lane, 0), else_=_WAITING.c.urgency + 1), BigInteger)


def _take(message: OutboxMessage, now: datetime, owner: str, lease: timedelta) -> None:
    if message.state == OutboxState.SENDING:
        message.ambiguous_since = now  # its owner may have said it a moment ago
    elif message.ambiguous_since is None:
        message.tried_at = now
    message.state = OutboxState.SENDING
    message.owner = owner
    message.due_at = now + lease
    message.attempt += 1
