"""Every change of a case owes Slack a word: it is put into the outbox in the same transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_card
from bot.book.models import Book
from bot.cases.changes import CaseChange
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.case_alert import case_alert
from bot.messages.history import history_reply
from storage import alerts, outbox, partners
from storage.tables import Case, CaseEvent
from storage.vocabulary import CaseAction, OutboxMethod, Severity

PERSON_WAITS, CRITICAL, ROUTINE = 0, 1, 2
"""Urgencies: the lower goes first."""

AUTOMATIC_ACTORS = frozenset({"rule", "clock"})


def plan(session: Session, changes: Sequence[CaseChange], book: Book, now: datetime) -> None:
    """One message a case: posted when it is new, edited when it changed, its history in the
    thread. What is said out loud in the channel again is an escalation."""
    for change in changes:
        card = case_card(session, change.case, book, now)
        if change.case.alert_id is None:
            _announce(session, change, card, book)
        else:
            _update(session, change, card, change.case.alert_id)


def _announce(session: Session, change: CaseChange, card: CaseCard, book: Book) -> None:
    channel = _channel_of(session, change.case, book)
    alert = alerts.add(session, change.case.partner_key, channel, card.now)
    change.case.alert_id = alert.id
    session.add(change.case)
    outbox.put(
        session,
        method=OutboxMethod.POST,
        key=f"alert:{alert.id}",
        channel=alert.channel,
        alert_id=alert.id,
        payload=_payload(case_alert(card)),
        urgency=_urgency(change, card),
        now=card.now,
    )


def _update(session: Session, change: CaseChange, card: CaseCard, alert_id: int) -> None:
    alert = alerts.get(session, alert_id)
    if alert is None:
        raise LookupError(f"case {card.case_id} has lost its alert {alert_id}")
    payload = _payload(case_alert(card))
    reply = _reply(change.event, card) if change.event else None
    version = f"event:{change.event.id}" if change.event else _version(payload, card.now)
    outbox.put(
        session,
        method=OutboxMethod.EDIT,
        key=f"alert:{alert_id}:edit:{version}",
        channel=alert.channel,
        alert_id=alert_id,
        payload=payload,
        urgency=_urgency(change, card),
        now=card.now,
    )
    if change.event is None or reply is None:
        return
    outbox.put(
        session,
        method=OutboxMethod.REPLY,
        key=f"alert:{alert_id}:history:{change.event.id}",
        channel=alert.channel,
        alert_id=alert_id,
        payload=_payload(reply) | {"reply_broadcast": change.event.action == CaseAction.ESCALATED},
        urgency=_urgency(change, card),
        now=card.now,
    )


def _channel_of(session: Session, case: Case, book: Book) -> str:
    partner = partners.get(session, case.partner_key) if case.partner_key else None
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
