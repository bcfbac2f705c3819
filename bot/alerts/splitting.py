"""A book may want a message each where only few belong together."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.grouping import alone_key, takes_others
from bot.book.telling import GroupingEntry
from storage import alert_cases, alerts
from storage.alerts import NewAlert
from storage.tables import Alert, Case

_SMALLEST = 2  # cases that can be a group at all


def split_small_groups(
    session: Session, to_be_said: Sequence[Alert], grouping: GroupingEntry, now: datetime
) -> list[Alert]:
    """What is said instead of these: of a new group that is too small, each case by itself, and
    nothing joins it later."""
    if grouping.group_from_cases <= _SMALLEST:
        return list(to_be_said)
    new = [alert for alert in to_be_said if alert.said_at is None and takes_others(alert)]
    members = alert_cases.cases_of(session, [alert.id for alert in new if alert.id is not None])
    said = list(to_be_said)
    for alert in new:
        cases = members.get(alert.id or 0, ())
        if cases and len(cases) < grouping.group_from_cases:
            said.extend(_split(session, alert, cases, now))
    return said


def _split(session: Session, alert: Alert, cases: Sequence[Case], now: datetime) -> list[Alert]:
    """The first case keeps the alert; returns those of the others."""
    first, *others = cases
    _free_keys_of(session, alert, cases)
    alert.group_key = alone_key(alert.channel, first)
    keys = {alone_key(alert.channel, case): case for case in others}
    own = alerts.begin(
        session, [NewAlert(key, alert.partner_key, alert.channel) for key in keys], now
    )
    for key, case in keys.items():
        alert_cases.move_case(session, case, from_id=alert.id or 0, to_id=own[key].id or 0)
    return [own[key] for key in keys]


def _free_keys_of(session: Session, alert: Alert, cases: Sequence[Case]) -> None:
    """One that came back from another partner was told here before."""
    keys = [alone_key(alert.channel, case) for case in cases]
    for before in alerts.by_group_keys(session, keys).values():
        before.group_key = None
    session.flush()
