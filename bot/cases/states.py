"""Which action leads from which state to which. Pure; what makes no sense is refused in words."""

from storage.vocabulary import CaseAction, CaseState


class Refused(Exception):
    """The action makes no sense in this state; the text tells the person why."""


_LEADS_TO = {
    CaseAction.ACKNOWLEDGED: CaseState.ACKNOWLEDGED,
    CaseAction.SNOOZED: CaseState.SNOOZED,
    CaseAction.SNOOZE_ENDED: CaseState.OPEN,
    CaseAction.ESCALATED: CaseState.ESCALATED,
    CaseAction.RESOLVED: CaseState.RESOLVED,
}

_ALLOWED_FROM = {
    CaseAction.ACKNOWLEDGED: {CaseState.OPEN, CaseState.SNOOZED, CaseState.ESCALATED},
    CaseAction.SNOOZED: {CaseState.OPEN, CaseState.ACKNOWLEDGED, CaseState.SNOOZED},
    CaseAction.SNOOZE_ENDED: {CaseState.SNOOZED},
    CaseAction.ESCALATED: {CaseState.OPEN, CaseState.ACKNOWLEDGED, CaseState.SNOOZED},
    CaseAction.RESOLVED: {
        CaseState.OPEN,
        CaseState.ACKNOWLEDGED,
        CaseState.SNOOZED,
        CaseState.ESCALATED,
    },
}

_WHY_NOT = {
    (CaseAction.ACKNOWLEDGED, CaseState.ACKNOWLEDGED): "It is already acknowledged.",
    (CaseAction.SNOOZED, CaseState.ESCALATED): (
        "It is escalated: acknowledge it first, then it can be snoozed."
    ),
    (CaseAction.ESCALATED, CaseState.ESCALATED): "It is already escalated.",
}


def next_state(state: CaseState, action: CaseAction) -> CaseState:
    """Raises Refused, with the reason, where the action is not possible."""
    if state in _ALLOWED_FROM.get(action, ()):
        return _LEADS_TO[action]
    if state is CaseState.RESOLVED:
        raise Refused("It is resolved: nothing is left to do.")
    raise Refused(_WHY_NOT.get((action, state), f"It is {state}."))
