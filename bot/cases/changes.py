"""What happened to a case in this transaction, and therefore owes Slack a word."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import cases
from storage.cases import PastEvent
from storage.tables import Case, CaseEvent
from storage.vocabulary import CaseAction, CaseKind, Severity

RULE = "rule"  # the actor of what a rule did
CLOCK = "clock"  # the actor of what time alone did
_EXPLAINED_BY = "explained by "


@dataclass(frozen=True, slots=True)
class CaseChange:
    case: Case
    event: CaseEvent | None
    """Its new entry of history; None when only the figures of an open case moved on."""


def is_automatic(change: CaseChange) -> bool:
    """No person did it."""
    return change.event is None or not is_by_a_person(change.event)


def is_by_a_person(event: CaseEvent | PastEvent) -> bool:
    return event.actor not in (RULE, CLOCK)


def open_key(kind: CaseKind, subject: str) -> str:
    """What the database keeps unique while the condition holds."""
    return f"{kind} {subject}"


def severity_step(before: Severity, after: Severity) -> str:
    """How the history notes that the severity changed, with the reason after a colon."""
    return f"{before} to {after}"


def made_it_worse(event: CaseEvent | PastEvent) -> bool:
    """Its severity rose."""
    step = (event.note or "").partition(":")[0]
    rises = {
        severity_step(before, after)
        for before in Severity
        for after in Severity
        if after.rank > before.rank
    }
    return event.action == CaseAction.CHANGED and step in rises


def explained_by(cause: CaseKind) -> str:
    """How the history notes why a case was resolved whose condition another explains."""
    return f"{_EXPLAINED_BY}{cause}"


def cause_in(note: str | None) -> CaseKind | None:
    """The cause in such a note; None in any other."""
    cause = (note or "").removeprefix(_EXPLAINED_BY)
    return CaseKind(cause) if cause != note and cause in list(CaseKind) else None


def record(
    session: Session,
    case: Case,
    action: CaseAction,
    actor: str,
    now: datetime,
    note: str | None = None,
) -> CaseChange:
    """Enters into the case's history what was just done to it."""
    if case.id is None:
        raise ValueError("a case is stored before its history")
    case.changed_at = now
    return CaseChange(case, cases.add_event(session, case.id, now, actor, action, note))
