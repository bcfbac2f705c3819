"""What the message of several cases stands for, for whoever asks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.book.models import Book
from bot.cases.together import Left, Together, left_as_it_is
from bot.messages import group_answers
from bot.messages.blocks import Message
from bot.messages.modals import GroupAsked
from bot.viewer import Viewer
from storage import alert_cases, alerts
from storage.tables import Alert, Case
from storage.vocabulary import CaseAction, CaseKind, CaseState, Severity


@dataclass(frozen=True, slots=True)
class Group:
    alert: Alert
    cases: Sequence[Case]
    """Those that the viewer may see, in the order in which they joined; never none."""


def group_of(session: Session, alert_id: int, viewer: Viewer) -> Group | None:
    """None where there is no such thing for this viewer."""
    alert = alerts.get(session, alert_id)
    if alert is None or not viewer.may_see(alert.partner_key):
        return None
    told = alert_cases.cases_of(session, [alert_id]).get(alert_id, ())
    visible = [case for case in told if viewer.may_see(case.partner_key)]
    return Group(alert, visible) if visible else None


def group_for(
    session: Session, alert_id: int, action: CaseAction, viewer: Viewer, book: Book
) -> GroupAsked | Message:
    """What that action would do to them, or why it would do nothing: then nobody fills in a form
    in vain."""
    group = group_of(session, alert_id, viewer)
    if group is None:
        return group_answers.unknown_group()
    ready: list[Case] = []
    left: Counter[Left] = Counter()
    for case in group.cases:
        why = left_as_it_is(action, CaseState(case.state), case.handled_by, viewer.user_id)
        if why is None:
            ready.append(case)
        else:
            left[why] += 1
    together = Together(action, len(ready), left)
    if not ready:
        return group_answers.nothing_to_do(together, viewer.user_id)
    partner = next((p for p in book.partners if p.key == group.alert.partner_key), None)
    return GroupAsked(
        alert_id=alert_id,
        together=together,
        asked_by=viewer.user_id,
        severity=max((Severity(case.severity) for case in ready), key=lambda one: one.rank),
        kinds=[CaseKind(kind) for kind in dict.fromkeys(case.kind for case in ready)],
        zone=partner.time_zone if partner else book.time_zone,
        has_shipments=any(case.shipment_id is not None for case in ready),
        partner_name=partner.name if partner else None,
    )
