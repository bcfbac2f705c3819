"""What stands in Slack, held against what the database knows to be true."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.alerts.sending import marked
from bot.alerts.telling import tellings
from bot.alerts.wording import owed_message
from bot.book.models import Book
from bot.workspace import Workspace
from bot.workspace.json_values import object_at, text_at
from bot.workspace.sights import Shown
from storage import cases
from storage.tables import Alert, AlertCase, Case, OutboxMessage
from storage.vocabulary import CaseAction, OutboxMethod, OutboxState
from tests.states_of_outbox import states_of_outbox


@dataclass(frozen=True, slots=True)
class Verdict:
    messages: int
    groups: int
    """Messages that stand for more than one case."""
    files: int
    lost: list[str]
    doubled: list[str]
    untrue: list[str]
    dead: int

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.untrue or self.dead)


def judge(session: Session, workspace: Workspace, book: Book) -> Verdict:
    """Every case is in one message, which shows it as it is, and every word that was owed stands
    there once."""
    said = _everything_said(workspace)
    told_in = _alerts_by_case(session)
    shown = Counter(_mark(message) for message in said)
    owed = Counter(_marks_owed(session))
    return Verdict(
        messages=len(said),
        groups=sum(times > 1 for times in Counter(a for i in told_in.values() for a in i).values()),
        files=sum(len(message.files) for message in said),
        lost=[*_untold(session, told_in), *(owed - shown)],
        doubled=[
            *(f"case {case}: alerts {alerts}" for case, alerts in told_in.items() if alerts[1:]),
            *(shown - owed),
        ],
        untrue=list(_untrue(session, said, book)),
        dead=states_of_outbox(session).get(OutboxState.DEAD, 0),
    )


def _untold(session: Session, told_in: Mapping[int, Sequence[int]]) -> Iterator[str]:
    """Cases without a message, and entries of their history that no thread was told."""
    alerts = {alert.id: alert for alert in session.scalars(select(Alert))}
    for case_id in session.scalars(select(col(Case.id)).order_by(col(Case.id))):
        told = [alerts[alert] for alert in told_in.get(case_id or 0, ())]
        told_until = session.scalar(
            select(func.min(col(AlertCase.told_event_id))).where(col(AlertCase.case_id) == case_id)
        )
        if not told or any(alert.message_ts is None for alert in told):
            yield f"case {case_id}"
        for event in cases.history(session, case_id or 0):
            is_told = (event.id or 0) <= (told_until or 0)
            if event.action != CaseAction.OPENED and not is_told:
                yield f"case {case_id}: {event.action}"


def _untrue(session: Session, said: Sequence[Shown], book: Book) -> Iterator[str]:
    by_ts = {(message.channel, message.ts): message for message in said}
    for alert in session.scalars(select(Alert).where(col(Alert.said_at).is_not(None))):
        message = by_ts.get((alert.channel, alert.message_ts or ""))
        if message is None:
            yield f"alert {alert.id}: it is nowhere"
        elif not any(
            _is_as(message, owed_message(telling).payload)
            for now in _moments(session, alert)
            for telling in tellings(session, [alert], book, now)
        ):
            yield f"alert {alert.id}: {message.text!r}"


def _moments(session: Session, alert: Alert) -> Iterator[datetime]:
    """When it may have been rendered last: how late something is depends on it."""
    for message in session.scalars(
        select(OutboxMessage)
        .where(col(OutboxMessage.alert_id) == alert.id)
        .order_by(col(OutboxMessage.id).desc())
    ):
        yield message.created_at
        if message.method == OutboxMethod.POST and message.sent_at is not None:
            # An edit that overtakes a post before it is tried leaves no trace of its moment.
            yield from _between(message.created_at, message.sent_at)
        if ":edit:at:" in message.key:
            yield datetime.fromisoformat(message.key.split(":edit:at:")[1].rsplit(":", 1)[0])


def _between(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += timedelta(seconds=1)


def _is_as(message: Shown, expected: Mapping[str, Any]) -> bool:
    """Slack gives a block_id to each block that has none."""
    blocks = expected["blocks"]
    shown = [
        {name: value for name, value in block.items() if name in due}
        for block, due in zip(message.blocks, blocks, strict=False)
    ]
    return bool(message.text == expected["text"] and shown == list(blocks))


def _alerts_by_case(session: Session) -> dict[int, list[int]]:
    told_in: dict[int, list[int]] = {}
    for told in session.scalars(select(AlertCase)):
        told_in.setdefault(told.case_id, []).append(told.alert_id)
    return told_in


def _marks_owed(session: Session) -> Iterator[str]:
    for message in session.scalars(select(OutboxMessage)):
        match OutboxMethod(message.method):
            case OutboxMethod.POST | OutboxMethod.REPLY:
                yield message.key
            case OutboxMethod.FILE:
                yield marked(message.payload["file_name"], message.key)


def _mark(message: Shown) -> str:
    """Its key, or the name of its file."""
    if message.files:
        return message.files[0].name
    return text_at(object_at(message.metadata or {}, "event_payload"), "key")


def _everything_said(workspace: Workspace) -> list[Shown]:
    said: dict[tuple[str, str], Shown] = {}
    for channel in workspace.setup.channels:
        for message in workspace.channel(channel.name).messages:
            for each in (message, *message.thread):
                said[each.channel, each.ts] = each
    return [each for each in said.values() if each.from_app]
