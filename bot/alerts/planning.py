"""Every change of a case owes Slack a word: it is put into the outbox in the same transaction."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_cards
from bot.book.models import Book
from bot.cases.changes import CaseChange
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.case_alert import case_alert
from bot.messages.history import history_reply
from storage import alerts, outbox, partners
from storage.outbox import Owed
from storage.tables import Alert, Case, CaseEvent
from storage.vocabulary import CaseAction, OutboxMethod, Severity

PERSON_WAITS, CRITICAL, ROUTINE = 0, 1, 2
"""Urgencies: the lower goes first."""

AUTOMATIC_ACTORS = frozenset({"rule", "clock"})


def plan(session: Session, changes: Sequence[CaseChange], book: Book, now: datetime) -> None:
    """One message a case: posted when it is new, edited when it changed, its history in the
    thread. What is said out loud in the channel again is an escalation."""
    announced = _announce(session, [change.case for change in changes], book, now)
    cards = case_cards(session, [change.case for change in changes], book, now)
    alert_of = alerts.by_ids(session, {c.case.alert_id for c in changes if c.case.alert_id})
    owed: list[Owed] = []
    for change, card in zip(changes, cards, strict=True):
        alert = alert_of.get(change.case.alert_id or 0)
        if alert is None or alert.id is None:
            raise LookupError(f"case {card.case_id} has lost its alert {change.case.alert_id}")
        if alert.id in announced:
            announced.remove(alert.id)
            owed.append(_post(change, card, alert.channel, alert.id))
        else:
            owed.extend(_edit(change, card, alert.channel, alert.id))
    outbox.put_many(session, owed, now)


def _announce(
    session: Session, shown: Sequence[Case], book: Book, now: datetime
) -> set[int | None]:
    """Gives an alert to each case that has none; returns the ids of those."""
    new = list({case.id: case for case in shown if case.alert_id is None}.values())
    channels = {key: _channel_of(session, key, book) for key in {c.partner_key for c in new}}
    added = [
        Alert(partner_key=case.partner_key, channel=channels[case.partner_key], created_at=now)
        for case in new
    ]
    alerts.add_many(session, added)
    for case, alert in zip(new, added, strict=True):
        case.alert_id = alert.id
        session.add(case)
    return {alert.id for alert in added}


def _post(change: CaseChange, card: CaseCard, channel: str, alert_id: int) -> Owed:
    return Owed(
        key=f"alert:{alert_id}",
        method=OutboxMethod.POST,
        channel=channel,
        alert_id=alert_id,
        payload=_payload(case_alert(card)),
        urgency=_urgency(change, card),
    )


def _edit(change: CaseChange, card: CaseCard, channel: str, alert_id: int) -> Iterator[Owed]:
    """With its entry of history in the thread, where it has one to tell."""
    payload = _payload(case_alert(card))
    event = change.event
    version = f"event:{event.id}" if event else _version(payload, card.now)
    urgency = _urgency(change, card)
    key = f"alert:{alert_id}:edit:{version}"
    yield Owed(key, OutboxMethod.EDIT, channel, payload, urgency, alert_id)
    if event is None:
        return
    told = _payload(_reply(event, card))
    told["reply_broadcast"] = event.action == CaseAction.ESCALATED
    key = f"alert:{alert_id}:history:{event.id}"
    yield Owed(key, OutboxMethod.REPLY, channel, told, urgency, alert_id)


def _channel_of(session: Session, partner_key: str | None, book: Book) -> str:
    partner = partners.get(session, partner_key) if partner_key else None
    return partner.channel if partner else book.ops_channel


def _reply(event: CaseEvent, card: CaseCard) -> Message:
    entry = HistoryEntry(
        at=event.at,
        actor=event.actor,
        action=CaseAction(event.action),
        note=event.note,
        until=card.snoozed_until,
    )
    return history_reply(entry, card)


def _version(payload: Mapping[str, object], now: datetime) -> str:
    """Two edits of one instant, as where the clock stands still, are two unless they say the
    same."""
    said = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    return f"at:{now.isoformat()}:{said[:16]}"


def _payload(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": list(message.blocks)}


def _urgency(change: CaseChange, card: CaseCard) -> int:
    if change.event is not None and change.event.actor not in AUTOMATIC_ACTORS:
        return PERSON_WAITS
    return CRITICAL if card.severity is Severity.CRITICAL else ROUTINE
