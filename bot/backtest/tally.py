"""Counts what the outbox would have said, and lists what happened to cases, as it happens."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime
from html import unescape
from typing import TextIO

from sqlalchemy import text
from sqlmodel import Session

from bot.alerts.card import case_cards
from bot.book.models import Book
from bot.cells import harmless
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.case_alert import notification
from bot.messages.history import history_line
from storage import cases
from storage.cases import PastEvent
from storage.tables import Case
from storage.vocabulary import CaseAction, OutboxMethod

EVENTS = {
    CaseAction.OPENED: "opened",
    CaseAction.REOPENED: "opened",
    CaseAction.CHANGED: "changed",
    CaseAction.HANDED_OVER: "changed",
    CaseAction.RESOLVED: "resolved",
}
_SAID = text(
    "SELECT outbox.method, outbox.channel, "
    "CASE alert.form WHEN 'group' THEN cases.kind ELSE alert.form END "
    "FROM outbox LEFT JOIN alert ON alert.id = outbox.alert_id LEFT JOIN cases ON cases.id = "
    "(SELECT min(case_id) FROM alert_case WHERE alert_case.alert_id = outbox.alert_id) "
    "ORDER BY outbox.id"
)
_IS_ANYTHING_SAID = "SELECT EXISTS (SELECT 1 FROM outbox)"
_NAME_MESSAGES = text(
    "UPDATE alert SET message_ts = :message_ts "
    "WHERE id IN (SELECT alert_id FROM outbox WHERE method = 'post')"
)
_CLEAR = text("DELETE FROM outbox")


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A line of the alerts file."""

    at: str
    event: str
    case: int
    kind: str
    severity: str
    partner: str
    """Its key in the book; where the book was derived, its name in the file."""
    tracking_number: str
    promised_at: str
    detail: str


ALERT_COLUMNS = tuple(column.name for column in fields(AlertRow))


@dataclass(frozen=True, slots=True)
class Said:
    """What is counted alike."""

    day: date
    """In UTC."""
    channel: str
    kind: str
    method: OutboxMethod


class AlertsFile:
    """Written as it comes; the same history gives the same bytes."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow(ALERT_COLUMNS)

    def add(self, row: AlertRow) -> None:
        self._writer.writerow(harmless(value) for value in astuple(row))


class Tally:
    """What was said from `since` on; what was said before is as if it had been read already."""

    def __init__(
        self,
        book: Book,
        since: datetime,
        partner_names: Mapping[str, str],
        listen: Callable[[AlertRow], None],
    ) -> None:
        """`partner_names`: what to call each in the alerts, by its key."""
        self.messages: Counter[Said] = Counter()
        self._book = book
        self._since = since
        self._partner_names = partner_names
        self._listen = listen
        self._last_event = 0

    def take(self, session: Session, now: datetime) -> None:
        """Takes out of the outbox what was put there, as if it were delivered at once."""
        session.flush()
        self._list_events(session, now)
        (has_owed,) = session.connection().exec_driver_sql(_IS_ANYTHING_SAID).one()
        if not has_owed:
            return
        said = session.execute(_SAID).all()
        if now >= self._since:
            for method, channel, kind in said:
                self.messages[Said(now.date(), channel, kind or "", OutboxMethod(method))] += 1
        session.execute(_NAME_MESSAGES, {"message_ts": f"{now.timestamp():.6f}"})
        session.execute(_CLEAR)

    def _list_events(self, session: Session, now: datetime) -> None:
        events = cases.events_after(session, self._last_event)
        if not events:
            return
        self._last_event = events[-1].id
        if now < self._since:
            return
        concerned = cases.by_ids(session, {event.case_id for event in events})
        cards = case_cards(session, list(concerned.values()), self._book, now)
        card_of = {card.case_id: card for card in cards}
        for event in events:
            if event.action in EVENTS:
                self._listen(self._row(event, concerned[event.case_id], card_of[event.case_id]))

    def _row(self, event: PastEvent, case: Case, card: CaseCard) -> AlertRow:
        action = CaseAction(event.action)
        shipment = card.shipment
        promised_at = shipment.promised_at if shipment else None
        partner = case.partner_key or ""
        unrung = replace(card, account_manager=None)  # a file asks nobody
        if action is CaseAction.OPENED:
            detail = notification(unrung)
        else:
            entry = HistoryEntry(event.at, event.actor, action, event.note)
            detail = history_line(entry, unrung)
        return AlertRow(
            at=event.at.isoformat(),
            event=EVENTS[action],
            case=card.case_id,
            kind=case.kind,
            severity=case.severity,
            partner=self._partner_names.get(partner, partner),
            tracking_number=shipment.tracking_number if shipment else "",
            promised_at=promised_at.isoformat() if promised_at else "",
            detail=unescape(detail),
        )
