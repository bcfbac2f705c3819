"""What stands in Slack, held against what the database knows to be true."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.alerts.card import case_card
from bot.book.models import Book
from bot.messages.blocks import Message
from bot.messages.case_alert import case_alert
from bot.workspace import Workspace
from bot.workspace.json_values import object_at, text_at
from bot.workspace.sights import Shown
from storage import alerts, cases, outbox
from storage.tables import Case
from storage.vocabulary import OutboxState


@dataclass(frozen=True, slots=True)
class Verdict:
    messages: int
    lost: list[str]
    doubled: list[str]
    untrue: list[str]
    dead: int

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.untrue or self.dead)


def judge(session: Session, workspace: Workspace, book: Book) -> Verdict:
    """Every case has one message, in its final state, and every entry of its history one reply."""
    said = _everything_said(workspace)
    by_ts = {(message.channel, message.ts): message for message in said}
    owed: Counter[str] = Counter()
    lost: list[str] = []
    untrue: list[str] = []
    for case in session.scalars(select(Case).order_by(col(Case.id))):
        if case.id is None or case.alert_id is None:
            raise AssertionError(f"case {case.id} was never planned")
        alert = alerts.get(session, case.alert_id)
        message = by_ts.get((alert.channel, alert.message_ts or "")) if alert else None
        if message is None:
            lost.append(f"alert {case.alert_id}")
            continue
        card = case_card(session, case, book, case.changed_at)
        if not _is_as(message, case_alert(card)):
            untrue.append(f"alert {case.alert_id}: {message.text!r}")
        owed[f"alert:{alert.id}" if alert else ""] += 1
        replies = [_key(reply) for reply in message.thread]
        for event in cases.history(session, case.id)[1:]:
            key = f"alert:{case.alert_id}:history:{event.id}"
            owed[key] += 1
            if key not in replies:
                lost.append(key)
    keys = Counter(_key(message) for message in said)
    doubled = [key for key, times in keys.items() if times > owed[key]]
    dead = outbox.counts(session).get(OutboxState.DEAD, 0)
    return Verdict(len(said), lost, doubled, untrue, dead)


def _is_as(message: Shown, expected: Message) -> bool:
    """Slack gives a block_id to each block that has none."""
    shown = [
        {name: value for name, value in block.items() if name in due}
        for block, due in zip(message.blocks, expected.blocks, strict=False)
    ]
    return message.text == expected.text and shown == list(expected.blocks)


def _everything_said(workspace: Workspace) -> list[Shown]:
    said: dict[tuple[str, str], Shown] = {}
    for channel in workspace.setup.channels:
        for message in workspace.channel(channel.name).messages:
            for each in (message, *message.thread):
                said[each.channel, each.ts] = each
    return [each for each in said.values() if each.from_app]


def _key(message: Shown) -> str:
    return text_at(object_at(message.metadata or {}, "event_payload"), "key")
