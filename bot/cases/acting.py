"""What people do to cases. Each is one step of one transaction; the caller plans the words."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.cases.changes import CLOCK, CaseChange, open_key, record
from bot.cases.remembering import BY_HAND
from bot.cases.states import Refused, next_state
from bot.viewer import Viewer
from storage import cases, due, shipments
from storage.tables import Case, Shipment
from storage.vocabulary import CaseAction, CaseKind, CaseState, DueKind, Severity, Side, SnoozedFor


class NotFound(Exception):
    """There is no such case for this viewer."""


def acknowledge(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
    return act(session, _of(session, case_id, viewer), CaseAction.ACKNOWLEDGED, viewer, now)


def snooze(
    session: Session,
    case_id: int,
    viewer: Viewer,
    now: datetime,
    until: datetime,
    what_ends_it: SnoozedFor = SnoozedFor.TIME,
) -> CaseChange:
    """Pauses it until a time, when it is open again; what the rules see goes on being seen."""
    change = snooze_case(session, _of(session, case_id, viewer), viewer, now, until, what_ends_it)
    wake_in_time(session, [change])
    return change


def snooze_until_checkpoint(
    session: Session, case_id: int, viewer: Viewer, now: datetime
) -> CaseChange:
    """Pauses it until its shipment is heard of again."""
    case = _of(session, case_id, viewer)
    shipment = shipments.get(session, case.shipment_id) if case.shipment_id else None
    return snooze_case_until_checkpoint(session, case, shipment, viewer, now)


def snooze_until_promise(
    session: Session, case_id: int, viewer: Viewer, now: datetime
) -> CaseChange:
    """Pauses it until its shipment should have arrived."""
    case = _of(session, case_id, viewer)
    shipment = shipments.get(session, case.shipment_id) if case.shipment_id else None
    if shipment is None or shipment.promised_at is None:
        raise Refused("No promise is known for it: choose a time instead.")
    if shipment.promised_at <= now:
        raise Refused("Its promise has passed: choose a time instead.")
    return snooze(session, case_id, viewer, now, shipment.promised_at, SnoozedFor.PROMISE)


def escalate(
    session: Session, case_id: int, viewer: Viewer, now: datetime, reason: str
) -> CaseChange:
    case = _of(session, case_id, viewer)
    return act(session, case, CaseAction.ESCALATED, viewer, now, reason)


def resolve(
    session: Session, case_id: int, viewer: Viewer, now: datetime, reason: str
) -> CaseChange:
    return resolve_case(session, _of(session, case_id, viewer), viewer, now, reason)


# -- of a case that is locked already, and that the viewer may see -------------------------------


def act(
    session: Session,
    case: Case,
    action: CaseAction,
    viewer: Viewer,
    now: datetime,
    note: str | None = None,
) -> CaseChange:
    """Raises Refused."""
    case.state = next_state(CaseState(case.state), action)
    case.handled_by = viewer.user_id
    case.snoozed_until = None
    case.snoozed_for = None
    return record(session, case, action, viewer.user_id, now, note)


def snooze_case(
    session: Session,
    case: Case,
    viewer: Viewer,
    now: datetime,
    until: datetime,
    what_ends_it: SnoozedFor = SnoozedFor.TIME,
) -> CaseChange:
    """Raises Refused. It is woken in time only if `wake_in_time` is asked to."""
    if until <= now:
        raise Refused("That time has passed: choose a later one.")
    change = act(session, case, CaseAction.SNOOZED, viewer, now)
    case.snoozed_until = until
    case.snoozed_for = what_ends_it
    return change


def snooze_case_until_checkpoint(
    session: Session, case: Case, shipment: Shipment | None, viewer: Viewer, now: datetime
) -> CaseChange:
    """Raises Refused."""
    if shipment is None:
        raise Refused("It is about no single shipment: choose a time instead.")
    change = act(session, case, CaseAction.SNOOZED, viewer, now)
    case.snoozed_for = SnoozedFor.CHECKPOINT
    case.snoozed_after = shipment.last_checkpoint_at
    return change


def wake_in_time(session: Session, snoozed: Sequence[CaseChange]) -> None:
    """Their snoozes end when their times come."""
    ends = {str(c.case.id): c.case.snoozed_until for c in snoozed if c.case.snoozed_until}
    due.schedule_many(session, DueKind.WAKE_CASE, ends)


def resolve_case(
    session: Session, case: Case, viewer: Viewer, now: datetime, reason: str
) -> CaseChange:
    """Raises Refused."""
    change = act(session, case, CaseAction.RESOLVED, viewer, now, reason)
    case.resolved_at = now
    if case.kind in BY_HAND or case.clear_since is not None:
        case.open_key = None  # no rule will ever see it gone, or one has: it may come back
    case.clear_since = None
    return change


# -- what time does, and what no rule has found ---------------------------------------------------


def wake(session: Session, case_id: int, now: datetime) -> CaseChange | None:
    """Ends a snooze whose time has come; None where somebody has ended it before."""
    case = cases.lock(session, case_id)
    if case is None or case.state != CaseState.SNOOZED or case.snoozed_until is None:
        return None
    if case.snoozed_for == SnoozedFor.PROMISE and case.shipment_id is not None:
        shipment = shipments.get(session, case.shipment_id)
        if shipment is not None and shipment.promised_at is not None:
            case.snoozed_until = shipment.promised_at  # it may have moved meanwhile
    if case.snoozed_until > now:
        due.schedule(session, DueKind.WAKE_CASE, str(case_id), case.snoozed_until)
        return None
    case.state = next_state(CaseState(case.state), CaseAction.SNOOZE_ENDED)
    case.snoozed_until = None
    case.snoozed_for = None
    return record(session, case, CaseAction.SNOOZE_ENDED, CLOCK, now)


def open_escalation(
    session: Session,
    subject: str,
    partner_key: str,
    shipment_id: int | None,
    viewer: Viewer,
    now: datetime,
    reason: str,
) -> CaseChange:
    """Escalates what no rule has found: a shipment or a partner as a whole."""
    key = open_key(CaseKind.ESCALATION, subject)
    existing = cases.open_by_key(session, [key]).get(key)
    if existing is not None:
        raise Refused(f"It is already escalated, as case {existing.id}.")
    case = Case(
        partner_key=partner_key,
        kind=CaseKind.ESCALATION,
        subject=subject,
        open_key=key,
        shipment_id=shipment_id,
        severity=Severity.CRITICAL,
        state=CaseState.ESCALATED,
        facts={"reason": reason, "side": Side.CARRIER},
        since=now,
        opened_at=now,
        changed_at=now,
        handled_by=viewer.user_id,
    )
    cases.add(session, case)
    return record(session, case, CaseAction.ESCALATED, viewer.user_id, now, reason)


def _of(session: Session, case_id: int, viewer: Viewer) -> Case:
    case = cases.lock(session, case_id)
    if case is None or not viewer.may_see(case.partner_key):
        raise NotFound(f"There is no case {case_id} here.")
    return case
