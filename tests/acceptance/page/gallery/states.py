"""A case, and several of a kind, brought into a state as people and time do it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.messages.cards import CaseCard, GroupCard
from storage.vocabulary import AlertForm, CaseState, Status
from tests.acceptance.page.gallery.stories import HOUR, NOW

MINUTE = timedelta(minutes=1)
WHY = "third time this month, the customer is calling"


def opened(case: CaseCard) -> CaseCard:
    return case


def acknowledged(case: CaseCard) -> CaseCard:
    return replace(
        case, state=CaseState.ACKNOWLEDGED, handled_by="U0OLIVIA", handled_at=NOW - 18 * MINUTE
    )


def snoozed(case: CaseCard) -> CaseCard:
    return replace(
        case,
        state=CaseState.SNOOZED,
        handled_by="U0OLIVIA",
        handled_at=NOW - 18 * MINUTE,
        snoozed_until=NOW + 4 * HOUR,
    )


def escalated(case: CaseCard) -> CaseCard:
    return replace(
        case,
        state=CaseState.ESCALATED,
        handled_by="U0OLIVIA",
        handled_at=NOW - 18 * MINUTE,
        note=case.note or WHY,
    )


def resolved(case: CaseCard) -> CaseCard:
    """By itself; what was still on the way has arrived."""
    over = replace(
        case,
        state=CaseState.RESOLVED,
        handled_by="rule",
        handled_at=NOW,
        note=None,
        resolved_at=NOW - 10 * MINUTE,
    )
    shipment = case.shipment
    if shipment is None or shipment.status is Status.RETURNED or shipment.delivered_at:
        return over
    arrived = replace(shipment, status=Status.DELIVERED, delivered_at=NOW - 10 * MINUTE)
    return replace(over, shipment=arrived)


STATES: dict[CaseState, Callable[[CaseCard], CaseCard]] = {
    CaseState.OPEN: opened,
    CaseState.ACKNOWLEDGED: acknowledged,
    CaseState.ESCALATED: escalated,
    CaseState.RESOLVED: resolved,
}


def group(
    cases: Sequence[CaseCard], form: AlertForm = AlertForm.GROUP, waited_for: str | None = None
) -> GroupCard:
    first = cases[0]
    is_over = all(case.state is CaseState.RESOLVED for case in cases)
    return GroupCard(
        alert_id=7,
        form=form,
        cases=cases,
        opened_at=min(case.opened_at for case in cases),
        now=first.now,
        zone=first.zone,
        partner_name=first.partner_name,
        account_manager=first.account_manager,
        resolved_at=NOW - 10 * MINUTE if is_over else None,
        waited_for=waited_for,
    )
