"""A shipment turns out to be another partner's: its open cases go there, and begin anew.

Whoever took one took it for the partner before, and what they said of it was said there: the next
one sees none of it. Nobody sees a neighbour.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.cases.changes import RULE, CaseChange, record
from storage import cases
from storage.cases import PastEvent
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseKind, CaseState

ASKED_BEFORE = "An answer was asked for before it was known whose shipment this is."


def hand_over(
    session: Session, shipment_id: int, partner_key: str, now: datetime
) -> list[CaseChange]:
    """All that is open of the shipment is this partner's from now on."""
    return [
        _begin_anew(session, case, now)
        for case in cases.hand_over(session, shipment_id, partner_key, now)
    ]


def seen_by_its_partner(history: Sequence[PastEvent]) -> Sequence[PastEvent]:
    """Of a case's history, oldest first: without what was done to it as another partner's. That it
    opened stays."""
    handed_over = [
        place for place, event in enumerate(history) if event.action == CaseAction.HANDED_OVER
    ]
    if not handed_over:
        return history
    before = [event for event in history[: handed_over[-1]] if event.action == CaseAction.OPENED]
    return [*before, *history[handed_over[-1] :]]


def _begin_anew(session: Session, case: Case, now: datetime) -> CaseChange:
    if case.state != CaseState.RESOLVED:
        case.state = CaseState.OPEN
    case.handled_by = None
    case.snoozed_until = None
    case.snoozed_for = None
    if case.kind == CaseKind.ESCALATION:
        case.facts = {**case.facts, "reason": ASKED_BEFORE}
    note = f"to {case.partner_key}"  # who reads it is no neighbour's
    return record(session, case, CaseAction.HANDED_OVER, RULE, now, note)
