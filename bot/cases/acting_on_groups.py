"""What people do to all cases of a message at once. Each is one step of one transaction; the
caller plans the words. What cannot be done to one of them is counted and stops nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cases import acting
from bot.cases.acting import NotFound
from bot.cases.changes import CaseChange
from bot.cases.states import Refused
from bot.cases.together import Left, Together, WhyLeft, left_as_it_is
from bot.viewer import Viewer
from storage import alerts, cases, shipments
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseState


@dataclass(frozen=True, slots=True)
class GroupChange:
    together: Together
    changes: Sequence[CaseChange]
    left: Sequence[Case]
    """Those that stay as they are."""


def acknowledge(session: Session, alert_id: int, viewer: Viewer, now: datetime) -> GroupChange:
    """Raises NotFound, as all of these do."""
    ready, left = _ready(session, alert_id, CaseAction.ACKNOWLEDGED, viewer)
    changes = [acting.act(session, one, CaseAction.ACKNOWLEDGED, viewer, now) for one in ready]
    return _change(CaseAction.ACKNOWLEDGED, changes, left)


def snooze(
    session: Session,
    alert_id: int,
    viewer: Viewer,
    now: datetime,
    until: datetime,
    seen_at: datetime,
) -> GroupChange:
    """Pauses them until a time. Those that joined after `seen_at` stay as they are."""
    if until <= now:
        raise Refused("That time has passed: choose a later one.")
    ready, left = _ready(session, alert_id, CaseAction.SNOOZED, viewer, seen_at)
    changes = [acting.snooze_case(session, one, viewer, now, until) for one in ready]
    acting.wake_in_time(session, changes)
    return _change(CaseAction.SNOOZED, changes, left)


def snooze_until_checkpoint(
    session: Session, alert_id: int, viewer: Viewer, now: datetime, seen_at: datetime
) -> GroupChange:
    """Pauses each until its own shipment is heard of again."""
    ready, left = _ready(session, alert_id, CaseAction.SNOOZED, viewer, seen_at)
    known = shipments.by_ids(session, sorted({one.shipment_id for one in ready if one.shipment_id}))
    changes: list[CaseChange] = []
    for one in ready:
        shipment = known.get(one.shipment_id or 0)
        if shipment is None:
            left.append((one, Left(WhyLeft.NO_SHIPMENT)))
        else:
            changes.append(acting.snooze_case_until_checkpoint(session, one, shipment, viewer, now))
    return _change(CaseAction.SNOOZED, changes, left)


def resolve(
    session: Session,
    alert_id: int,
    viewer: Viewer,
    now: datetime,
    reason: str,
    seen_at: datetime,
) -> GroupChange:
    """Those that joined after `seen_at` stay as they are."""
    ready, left = _ready(session, alert_id, CaseAction.RESOLVED, viewer, seen_at)
    changes = [acting.resolve_case(session, one, viewer, now, reason) for one in ready]
    return _change(CaseAction.RESOLVED, changes, left)


def _ready(
    session: Session,
    alert_id: int,
    action: CaseAction,
    viewer: Viewer,
    seen_at: datetime | None = None,
) -> tuple[list[Case], list[tuple[Case, Left]]]:
    """Those that it is done to, and those that stay as they are; both of the viewer's alone."""
    ready: list[Case] = []
    left: list[tuple[Case, Left]] = []
    for one, joined_at in _told_in(session, alert_id, viewer):
        why = left_as_it_is(action, CaseState(one.state), one.handled_by, viewer.user_id)
        if why is None and seen_at is not None and joined_at > seen_at:
            why = Left(WhyLeft.JOINED_SINCE)
        if why is None:
            ready.append(one)
        else:
            left.append((one, why))
    return ready, left


def _told_in(session: Session, alert_id: int, viewer: Viewer) -> list[tuple[Case, datetime]]:
    alert = alerts.get(session, alert_id)
    if alert is not None and viewer.may_see(alert.partner_key):
        told = cases.lock_told_in(session, alert_id)
        visible = [(one, at) for one, at in told if viewer.may_see(one.partner_key)]
        if visible:
            return visible
    raise NotFound(f"There is no alert {alert_id} here.")


def _change(
    action: CaseAction, changes: Sequence[CaseChange], left: Sequence[tuple[Case, Left]]
) -> GroupChange:
    together = Together(action, len(changes), Counter(why for _, why in left))
    return GroupChange(together, changes, [one for one, _ in left])
