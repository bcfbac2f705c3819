"""Counts what the outbox would have said, and lists what happened to cases, as it happens."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from typing import TextIO

from sqlalchemy import select, text
from sqlmodel import Session, col

from storage import alerts
from storage.tables import Case, CaseEvent, Shipment
from storage.vocabulary import CaseAction, OutboxMethod

EVENTS = {
    CaseAction.OPENED: "opened",
    CaseAction.REOPENED: "opened",
    CaseAction.CHANGED: "changed",
    CaseAction.RESOLVED: "resolved",
}
_SAID = text(
    "SELECT outbox.method, outbox.channel, outbox.key, outbox.alert_id, cases.kind, "
    "json_extract(outbox.payload, '$.text') "
    "FROM outbox LEFT JOIN cases ON cases.id = "
    "(SELECT min(id) FROM cases WHERE cases.alert_id = outbox.alert_id) ORDER BY outbox.id"
)
_CLEAR = text("DELETE FROM outbox")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
        values = astuple(row)
        # What comes from outside must not become a formula where the file is opened.
        self._writer.writerow(
            f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
            for value in values
        )


class Tally:
    """What was said from `since` on; what was said before is as if it had been read already."""

    def __init__(
        self,
        since: datetime,
        partner_names: Mapping[str, str],
        listen: Callable[[AlertRow], None],
    ) -> None:
        """`partner_names`: what to call each in the alerts, by its key."""
        self.messages: Counter[Said] = Counter()
        self._since = since
        self._partner_names = partner_names
        self._listen = listen
        self._last_event = 0

    def take(self, session: Session, now: datetime) -> None:
        """Takes out of the outbox what was put there, as if it were delivered at once."""
        session.flush()
        said = session.execute(_SAID).all()
        if not said:
            return
        counts = now >= self._since
        announced: dict[int, str] = {}
        replied: dict[int, str] = {}
        for method, channel, key, alert_id, kind, words in said:
            if counts:
                self.messages[Said(now.date(), channel, kind or "", OutboxMethod(method))] += 1
            if method == OutboxMethod.POST and alert_id is not None:
                alerts.set_message_ts(session, alert_id, f"{now.timestamp():.6f}", channel)
                announced[alert_id] = words
            elif method == OutboxMethod.REPLY:
                replied[int(key.rsplit(":", 1)[1])] = words
        session.execute(_CLEAR)
        self._list_events(session, announced, replied, counts)

    def _list_events(
        self,
        session: Session,
        announced: Mapping[int, str],
        replied: Mapping[int, str],
        counts: bool,
    ) -> None:
        rows = session.execute(
            select(
                col(CaseEvent.id),
                col(CaseEvent.at),
                col(CaseEvent.action),
                col(CaseEvent.note),
                col(Case.id),
                col(Case.kind),
                col(Case.severity),
                col(Case.partner_key),
                col(Case.alert_id),
                col(Shipment.tracking_number),
                col(Shipment.promised_at),
            )
            .join(Case, col(Case.id) == col(CaseEvent.case_id))
            .outerjoin(Shipment, col(Shipment.id) == col(Case.shipment_id))
            .where(col(CaseEvent.id) > self._last_event)
            .order_by(col(CaseEvent.id))
        ).all()
        for event_id, at, action, note, case_id, kind, severity, partner, alert, number, by in rows:
            self._last_event = event_id
            event = EVENTS.get(CaseAction(action))
            if event is None or not counts:
                continue
            self._listen(
                AlertRow(
                    at=at.isoformat(),
                    event=event,
                    case=case_id,
                    kind=kind,
                    severity=severity,
                    partner=self._partner_names.get(partner, partner) if partner else "",
                    tracking_number=number or "",
                    promised_at=by.isoformat() if by else "",
                    detail=replied.get(event_id) or announced.get(alert or 0) or note or "",
                )
            )
