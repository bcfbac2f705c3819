"""Findings become cases: a new one opens, a repeat changes nothing, a cleared one resolves.

- A cleared condition must stay away for its hold time before its case resolves; a journey that is
  over, and a finding that another one explains, resolve at once.
- A resolved case that comes back within `REOPENS_WITHIN` is the same case again, with its history
  and its thread. One that comes back again and again is kept open until it stays away for a
  whole day: in and out all day is one steady case that says so.
- A case resolved by hand keeps its open key until the rules see the condition gone, so that the
  same finding does not open it again the next day; only a worse one does. A condition that is
  there and held back, because another explains it, is not gone.
- What a case was snoozed for may come, or move, whatever becomes of the condition.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cases.changes import RULE, CaseChange, explained_by, open_key, record, severity_step
from bot.cases.holding import hold_of
from bot.rules.finding import Finding
from storage import cases, due, shipments
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseKind, CaseState, DueKind, Severity, SnoozedFor

BY_HAND = frozenset({CaseKind.ESCALATION})  # kinds that no rule opens, and none resolves
REOPENS_WITHIN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Subject:
    """What was judged: all that the rules did not find on it is over."""

    name: str
    partner_key: str | None
    shipment_id: int | None = None
    is_over: bool = False
    """Nothing more is expected of it: what is away stays away."""
    why_over: str | None = None
    """For the history, where nothing else that is known of it says so."""
    explained: Mapping[CaseKind, CaseKind] = field(default_factory=dict)
    """What was found but is held back, and the kind that is its cause."""
    last_checkpoint_at: datetime | None = None


@dataclass(slots=True)
class Remembered:
    changes: list[CaseChange] = field(default_factory=list)
    look_again_at: dict[str, datetime] = field(default_factory=dict)
    """By subject: when a condition that is away will have stayed away for long enough."""


def remember(
    session: Session, subjects: Sequence[Subject], findings: Iterable[Finding], now: datetime
) -> Remembered:
    """Compares all that the rules found on these subjects with the cases that are open there."""
    names = [subject.name for subject in subjects]
    subject_named = {subject.name: subject for subject in subjects}
    of_subjects = cases.open_of_subjects(session, names).values()
    all_open = [case for of_subject in of_subjects for case in of_subject]
    remembered = Remembered()
    for held in all_open:
        _keep(remembered, _follow_promise(session, held))
        if held.kind in BY_HAND:
            _keep(remembered, _end_if_awaited(session, held, subject_named[held.subject], now))
    open_cases = {(held.kind, held.subject): held for held in all_open if held.kind not in BY_HAND}
    new: list[Finding] = []
    for finding in findings:
        case = open_cases.pop((finding.kind, finding.subject), None)
        if case is None:
            new.append(finding)
        else:
            subject = subject_named[finding.subject]
            _keep(remembered, _repeat(session, case, finding, subject, now))
    for gone in open_cases.values():
        _clear(session, gone, subject_named[gone.subject], remembered, now)
    earlier = _resolved_lately(session, new, subject_named, now)
    first_time = [each for each in new if (each.kind, each.subject) not in earlier]
    opened = [_new_case(each, subject_named[each.subject], now) for each in first_time]
    cases.add_many(session, opened)
    for case in opened:
        _keep(remembered, record(session, case, CaseAction.OPENED, RULE, now))
    for finding in new:
        case = earlier.get((finding.kind, finding.subject))
        if case is not None:
            _keep(remembered, _reopen(session, case, finding, now))
    return remembered


def _keep(remembered: Remembered, change: CaseChange | None) -> None:
    if change is not None:
        remembered.changes.append(change)


def _new_case(finding: Finding, subject: Subject, now: datetime) -> Case:
    return Case(
        partner_key=subject.partner_key,
        kind=finding.kind,
        subject=finding.subject,
        open_key=open_key(finding.kind, finding.subject),
        shipment_id=subject.shipment_id,
        severity=finding.severity,
        state=CaseState.OPEN,
        facts=_facts(finding),
        since=finding.since,
        opened_at=now,
        changed_at=now,
    )


def _resolved_lately(
    session: Session,
    findings: Sequence[Finding],
    subject_named: Mapping[str, Subject],
    now: datetime,
) -> dict[tuple[str, str], Case]:
    """The last such case of each finding, if it was resolved not long ago. What was resolved as
    another partner's stays with that one."""
    if not findings:
        return {}
    lately = cases.resolved_since(
        session, {finding.subject for finding in findings}, now - REOPENS_WITHIN
    )
    return {
        (case.kind, case.subject): case
        for case in lately
        if case.partner_key == subject_named[case.subject].partner_key
    }


def _reopen(session: Session, case: Case, finding: Finding, now: datetime) -> CaseChange:
    case.state = CaseState.OPEN
    case.open_key = open_key(finding.kind, finding.subject)
    case.resolved_at = None
    case.clear_since = None
    case.times_back += 1
    case.facts = _facts(finding)
    case.since = finding.since
    case.severity = finding.severity
    return record(session, case, CaseAction.REOPENED, RULE, now)


def _repeat(
    session: Session, case: Case, finding: Finding, subject: Subject, now: datetime
) -> CaseChange | None:
    facts = _facts(finding)
    before = Severity(case.severity)
    is_worse = finding.severity.rank > before.rank
    if case.state == CaseState.RESOLVED:
        return _worse_than_resolved(session, case, finding, now) if is_worse else None
    was_away = case.clear_since is not None
    if was_away:
        case.clear_since = None
        case.times_back += 1
    is_awaited = _has_come_what_it_was_snoozed_for(case, subject)
    if facts == case.facts and finding.severity == before and not was_away and not is_awaited:
        return None
    note = _why_severer(case, finding)
    case.facts = facts
    case.since = finding.since
    case.severity = finding.severity
    case.changed_at = now
    if is_worse and case.state in (CaseState.SNOOZED, CaseState.ACKNOWLEDGED):
        # What somebody took calmly has become worse: it needs a look again.
        _take_up_again(case)
    change = CaseChange(case, None)
    if finding.severity != before:
        change = record(session, case, CaseAction.CHANGED, RULE, now, note)
    if is_awaited and case.state == CaseState.SNOOZED:
        return _end_awaited_snooze(session, case, now)
    return change


def _worse_than_resolved(
    session: Session, case: Case, finding: Finding, now: datetime
) -> CaseChange:
    note = _why_severer(case, finding)
    change = _reopen(session, case, finding, now)
    if change.event is not None:
        change.event.note = note
    return change


def _why_severer(case: Case, finding: Finding) -> str:
    """Such as `warning to critical`; with the reason where the message itself does not tell it."""
    step = severity_step(Severity(case.severity), finding.severity)
    matters = finding.facts.get("matters")
    is_why = finding.severity.rank > Severity(case.severity).rank and matters is not None
    return f"{step}: {matters}" if is_why and matters != case.facts.get("matters") else step


def _clear(
    session: Session, case: Case, subject: Subject, remembered: Remembered, now: datetime
) -> None:
    if case.state == CaseState.RESOLVED:
        if CaseKind(case.kind) not in subject.explained:
            case.open_key = None
        return
    cause = subject.explained.get(CaseKind(case.kind))
    hold = hold_of(CaseKind(case.kind), case.times_back)
    if cause is not None or subject.is_over or not hold:
        note = explained_by(cause) if cause else subject.why_over
        remembered.changes.append(end(session, case, now, note))
        return
    if case.clear_since is None:
        case.clear_since = now
        remembered.changes.append(CaseChange(case, None))
    if now >= case.clear_since + hold:
        remembered.changes.append(end(session, case, now))
        return
    over_at = case.clear_since + hold
    known = remembered.look_again_at.get(subject.name, over_at)
    remembered.look_again_at[subject.name] = min(known, over_at)


def end(session: Session, case: Case, now: datetime, note: str | None = None) -> CaseChange:
    """Resolves it: its condition is gone, or nobody looks for it any more."""
    case.open_key = None
    case.state = CaseState.RESOLVED
    case.resolved_at = now
    case.clear_since = None
    case.snoozed_until = None
    case.snoozed_for = None
    return record(session, case, CaseAction.RESOLVED, RULE, now, note)


def _has_come_what_it_was_snoozed_for(case: Case, subject: Subject) -> bool:
    if case.state != CaseState.SNOOZED or case.snoozed_for != SnoozedFor.CHECKPOINT:
        return False
    if subject.last_checkpoint_at is None:
        return False
    return case.snoozed_after is None or subject.last_checkpoint_at > case.snoozed_after


def _end_if_awaited(
    session: Session, case: Case, subject: Subject, now: datetime
) -> CaseChange | None:
    if not _has_come_what_it_was_snoozed_for(case, subject):
        return None
    return _end_awaited_snooze(session, case, now)


def _end_awaited_snooze(session: Session, case: Case, now: datetime) -> CaseChange:
    _take_up_again(case)
    return record(session, case, CaseAction.SNOOZE_ENDED, RULE, now, "a new checkpoint")


def _follow_promise(session: Session, case: Case) -> CaseChange | None:
    """A case that is snoozed until the promise goes with it when it moves."""
    if case.state != CaseState.SNOOZED or case.snoozed_for != SnoozedFor.PROMISE:
        return None
    shipment = shipments.get(session, case.shipment_id) if case.shipment_id else None
    if shipment is None or shipment.promised_at in (None, case.snoozed_until):
        return None
    case.snoozed_until = shipment.promised_at
    due.schedule_many(session, DueKind.WAKE_CASE, {str(case.id): shipment.promised_at})
    return CaseChange(case, None)


def _take_up_again(case: Case) -> None:
    case.state = CaseState.OPEN
    case.snoozed_until = None
    case.snoozed_for = None


def _facts(finding: Finding) -> dict[str, object]:
    return {**finding.facts, "side": finding.side.value}
