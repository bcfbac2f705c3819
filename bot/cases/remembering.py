"""Findings become cases: a new one opens, a repeat changes nothing, a cleared one resolves.

A case resolved by hand keeps its open key until the rules see the condition gone, so that the
same finding does not open it again the next day; only a worse one does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cases.changes import CaseChange, open_key, record
from bot.rules.finding import Finding
from storage import cases
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseKind, CaseState, Severity

RULE = "rule"  # the actor of what a rule did
BY_HAND = frozenset({CaseKind.ESCALATION})  # kinds that no rule opens, and none resolves


@dataclass(frozen=True, slots=True)
class Subject:
    """What was judged: all that the rules did not find on it is over."""

    name: str
    partner_key: str | None
    shipment_id: int | None = None


def remember(
    session: Session, subjects: Sequence[Subject], findings: Iterable[Finding], now: datetime
) -> list[CaseChange]:
    """Compares all that the rules found on these subjects with the cases that are open there."""
    open_cases = {
        (case.kind, case.subject): case
        for of_subject in cases.open_of_subjects(session, [s.name for s in subjects]).values()
        for case in of_subject
        if case.kind not in BY_HAND
    }
    subject_named = {subject.name: subject for subject in subjects}
    changes: list[CaseChange] = []
    for finding in findings:
        case = open_cases.pop((finding.kind, finding.subject), None)
        if case is None:
            changes.append(_open(session, finding, subject_named[finding.subject], now))
        elif (change := _repeat(session, case, finding, now)) is not None:
            changes.append(change)
    for case in open_cases.values():
        if (change := _clear(session, case, now)) is not None:
            changes.append(change)
    return changes


def _open(session: Session, finding: Finding, subject: Subject, now: datetime) -> CaseChange:
    case = Case(
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
    cases.add(session, case)
    return record(session, case, CaseAction.OPENED, RULE, now)


def _repeat(session: Session, case: Case, finding: Finding, now: datetime) -> CaseChange | None:
    facts = _facts(finding)
    before = Severity(case.severity)
    is_worse = finding.severity.rank > before.rank
    is_resolved_by_hand = case.state == CaseState.RESOLVED
    if is_resolved_by_hand and not is_worse:
        return None
    if facts == case.facts and finding.severity == before:
        return None
    case.facts = facts
    case.since = finding.since
    case.severity = finding.severity
    case.changed_at = now
    if finding.severity == before:
        return CaseChange(case, None)
    note = f"{before} to {finding.severity}"
    if is_resolved_by_hand:
        case.state = CaseState.OPEN
        case.resolved_at = None
        return record(session, case, CaseAction.REOPENED, RULE, now, note)
    if is_worse and case.state in (CaseState.SNOOZED, CaseState.ACKNOWLEDGED):
        # What somebody took calmly has become worse: it needs a look again.
        case.state = CaseState.OPEN
        case.snoozed_until = None
    return record(session, case, CaseAction.CHANGED, RULE, now, note)


def _clear(session: Session, case: Case, now: datetime) -> CaseChange | None:
    case.open_key = None
    if case.state == CaseState.RESOLVED:
        return None
    case.state = CaseState.RESOLVED
    case.resolved_at = now
    case.snoozed_until = None
    return record(session, case, CaseAction.RESOLVED, RULE, now)


def _facts(finding: Finding) -> dict[str, object]:
    return {**finding.facts, "side": finding.side.value}
