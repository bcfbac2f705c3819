"""Every change of a case owes Slack a word: in the same transaction, its alerts are made due.

The words themselves are found when the alert is said (`bot.alerts.speaking`), of its cases as they
are then: so what belongs together is told together, and what is overtaken is never said.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.alerts.announcing import announce
from bot.alerts.quiet import may_not_wait
from bot.book.models import Book
from bot.cases.changes import CaseChange, is_automatic
from bot.mutes.holding_back import held_back
from storage import alert_cases, due
from storage.tables import Alert, Case
from storage.vocabulary import AlertForm, CaseState, DueKind, Severity

AlertsOfCases = Mapping[int, Sequence[Alert]]
"""By case, every alert that tells of it."""


def plan(session: Session, changes: Sequence[CaseChange], book: Book, now: datetime) -> None:
    """Each new case joins an alert, in each place that it is routed to; the alerts of all that
    changed come due. What a mute holds back has no alert until the mute ends."""
    if not changes:
        return
    changed = {_id(change.case): change.case for change in changes}
    told = [case_id for case_id, case in changed.items() if case.alert_id is not None]
    told_in = alert_cases.lock_alerts_of(session, told)
    misplaced = [changed[key] for key in told_in if _is_misplaced(changed[key], told_in[key])]
    for case in misplaced:
        _leave(session, case, told_in[_id(case)], now)
    new = [c for c in changed.values() if c.alert_id is None and c.state != CaseState.RESOLVED]
    announced = _unmuted(session, new, now)
    begun = announce(session, announced, book, now)
    _make_due(session, changes, {**told_in, **begun}, book, now)


def _is_misplaced(case: Case, told_in: Sequence[Alert]) -> bool:
    """It is another partner's, or waits for the morning and may not wait any more."""
    return any(
        alert.partner_key != case.partner_key
        or (_waits_for_the_morning(alert) and may_not_wait(case))
        for alert in told_in
    )


def _waits_for_the_morning(alert: Alert) -> bool:
    return alert.form == AlertForm.HELD_BACK and alert.said_at is None


def _leave(session: Session, case: Case, told_in: Sequence[Alert], now: datetime) -> None:
    for alert in told_in:
        alert_cases.leave(session, _alert_id(alert), [_id(case)])
    _say_by(session, {_alert_id(alert): now for alert in told_in if alert.said_at is not None})
    case.alert_id = None


def _unmuted(session: Session, new: Sequence[Case], now: datetime) -> list[Case]:
    if not new:
        return []
    muted = held_back(session, new, now)
    for case in new:
        case.muted_by = muted.get(_id(case))
    return [case for case in new if case.muted_by is None]


def _make_due(
    session: Session,
    changes: Sequence[CaseChange],
    told_in: AlertsOfCases,
    book: Book,
    now: datetime,
) -> None:
    """What a person did is shown at once; what a rule saw of a group waits for others of it."""
    groups = _groups(session, told_in)
    redrawn_at = now + timedelta(seconds=book.grouping.redraw_seconds)
    due_at: dict[int, datetime] = {}
    for change in changes:
        can_wait = is_automatic(change) and change.case.severity != Severity.CRITICAL
        for alert in told_in.get(_id(change.case), ()):
            alert_id = _alert_id(alert)
            if alert.said_at is None and is_automatic(change):
                continue  # it is due already, when those that belong to it have come
            if _waits_for_the_morning(alert):
                continue  # so do the others that it tells of
            at = redrawn_at if can_wait and alert_id in groups else now
            due_at[alert_id] = min(at, due_at.get(alert_id, at))
    _say_by(session, due_at)


def _groups(session: Session, told_in: AlertsOfCases) -> set[int]:
    """Those of several cases that were said already."""
    said = {
        _alert_id(alert)
        for of_case in told_in.values()
        for alert in of_case
        if alert.said_at is not None
    }
    members = alert_cases.memberships(session, said)
    return {alert_id for alert_id, standing in members.items() if standing.cases > 1}


def _say_by(session: Session, due_at: Mapping[int, datetime]) -> None:
    due.schedule_earlier_many(
        session, DueKind.SAY_ALERT, {str(alert_id): at for alert_id, at in due_at.items()}
    )


def _alert_id(alert: Alert) -> int:
    if alert.id is None:
        raise ValueError("an alert is stored before it is said")
    return alert.id


def _id(case: Case) -> int:
    if case.id is None:
        raise ValueError("a case is stored before it is told")
    return case.id
