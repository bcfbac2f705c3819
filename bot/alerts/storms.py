"""More at once than anybody reads one by one becomes one message a partner."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.grouping import storm_key, takes, takes_others
from bot.book.calendar import calendar_for
from bot.book.models import Book
from bot.book.telling import GroupingEntry
from storage import alert_cases, alerts, due
from storage.alerts import NewAlert
from storage.tables import Alert
from storage.vocabulary import AlertForm, DueKind, Severity


def gather_storms(
    session: Session, to_be_said: Sequence[Alert], book: Book, now: datetime
) -> list[Alert]:
    """What is said instead of these: where too many of one partner wait to be said for the first
    time in one channel, all of them become one storm, those that are not due yet too."""
    said: dict[int | None, Alert] = {}
    merged: set[int | None] = set()
    for alert in to_be_said:
        if alert.id in merged:
            continue
        waiting = _waiting_with(session, alert)
        if not _is_storm(session, waiting, book.grouping):
            said[alert.id] = alert
            continue
        merged.update(each.id for each in waiting)
        storm = _merge(session, waiting, book, now)
        said[storm.id] = storm
    return list(said.values())


def _waiting_with(session: Session, alert: Alert) -> list[Alert]:
    if alert.said_at is not None or not takes_others(alert):
        return []
    unsaid = alerts.unsaid_groups(session, alert.channel, alert.partner_key)
    return [each for each in unsaid if takes_others(each)]


def _is_storm(session: Session, waiting: Sequence[Alert], grouping: GroupingEntry) -> bool:
    if len(waiting) < 2:  # one message is one message already
        return False
    members = alert_cases.memberships(session, [each.id for each in waiting if each.id])
    cases = sum(standing.cases for standing in members.values())
    return len(waiting) >= grouping.storm_from_messages or cases >= grouping.storm_from_cases


def _merge(session: Session, waiting: Sequence[Alert], book: Book, now: datetime) -> Alert:
    storm = _storm_for(session, waiting, book, now)
    ids = [each.id for each in waiting if each.id is not None]
    alert_cases.move(session, ids, storm.id or 0)
    due.cancel_many(session, DueKind.SAY_ALERT, [str(each) for each in ids])
    alerts.remove(session, ids)
    return storm


def _storm_for(session: Session, waiting: Sequence[Alert], book: Book, now: datetime) -> Alert:
    """The one that goes on, if it takes them; else a new one."""
    first = waiting[0]
    key = storm_key(first.channel, first.partner_key)
    going_on = alerts.by_group_keys(session, [key]).get(key)
    if going_on is not None:
        members = alert_cases.memberships(session, [going_on.id or 0]).get(going_on.id or 0)
        zone = calendar_for(book, first.partner_key).zone
        if takes(going_on, members, _worst(session, waiting), zone, now):
            return going_on
        going_on.group_key = None
    new = NewAlert(
        group_key=key,
        partner_key=first.partner_key,
        channel=first.channel,
        form=AlertForm.STORM,
        continues_id=going_on.id if going_on and going_on.resolved_at is None else None,
    )
    return alerts.begin(session, [new], now)[key]


def _worst(session: Session, waiting: Sequence[Alert]) -> Severity:
    cases = alert_cases.cases_of(session, [each.id for each in waiting if each.id])
    severities = {Severity(case.severity) for of_alert in cases.values() for case in of_alert}
    return max(severities, key=lambda severity: severity.rank, default=Severity.INFO)
