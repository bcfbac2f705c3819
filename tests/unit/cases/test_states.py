import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.states import Refused, next_state
from storage.vocabulary import CaseAction, CaseState

BY_PEOPLE = (
    CaseAction.ACKNOWLEDGED,
    CaseAction.SNOOZED,
    CaseAction.ESCALATED,
    CaseAction.RESOLVED,
)


def test_a_case_is_taken_up_then_escalated_then_answered() -> None:
    state = next_state(CaseState.OPEN, CaseAction.ACKNOWLEDGED)
    assert state is CaseState.ACKNOWLEDGED
    state = next_state(state, CaseAction.ESCALATED)
    assert state is CaseState.ESCALATED
    assert next_state(state, CaseAction.ACKNOWLEDGED) is CaseState.ACKNOWLEDGED


def test_acknowledging_is_not_resolving() -> None:
    assert next_state(CaseState.OPEN, CaseAction.ACKNOWLEDGED) is not CaseState.RESOLVED


def test_a_snooze_that_ends_leaves_the_case_open_again() -> None:
    assert next_state(CaseState.SNOOZED, CaseAction.SNOOZE_ENDED) is CaseState.OPEN


@pytest.mark.parametrize(
    ("state", "action", "reason"),
    [
        (CaseState.ACKNOWLEDGED, CaseAction.ACKNOWLEDGED, "already acknowledged"),
        (CaseState.ESCALATED, CaseAction.ESCALATED, "already escalated"),
        (CaseState.ESCALATED, CaseAction.SNOOZED, "acknowledge it first"),
        (CaseState.RESOLVED, CaseAction.SNOOZED, "nothing is left to do"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(
    state: CaseState, action: CaseAction, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        next_state(state, action)


_LEADS_TO = {
    # from: by what, to what; all else is refused
    CaseState.OPEN: {
        CaseAction.ACKNOWLEDGED: CaseState.ACKNOWLEDGED,
        CaseAction.SNOOZED: CaseState.SNOOZED,
        CaseAction.ESCALATED: CaseState.ESCALATED,
        CaseAction.RESOLVED: CaseState.RESOLVED,
    },
    CaseState.ACKNOWLEDGED: {
        CaseAction.SNOOZED: CaseState.SNOOZED,
        CaseAction.ESCALATED: CaseState.ESCALATED,
        CaseAction.RESOLVED: CaseState.RESOLVED,
    },
    CaseState.SNOOZED: {
        CaseAction.ACKNOWLEDGED: CaseState.ACKNOWLEDGED,
        CaseAction.SNOOZED: CaseState.SNOOZED,
        CaseAction.SNOOZE_ENDED: CaseState.OPEN,
        CaseAction.ESCALATED: CaseState.ESCALATED,
        CaseAction.RESOLVED: CaseState.RESOLVED,
    },
    CaseState.ESCALATED: {
        CaseAction.ACKNOWLEDGED: CaseState.ACKNOWLEDGED,
        CaseAction.RESOLVED: CaseState.RESOLVED,
    },
    CaseState.RESOLVED: {},
}


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("action", [*BY_PEOPLE, CaseAction.SNOOZE_ENDED])
def test_every_pair_of_state_and_action_leads_somewhere_or_is_refused_in_a_sentence(
    state: CaseState, action: CaseAction
) -> None:
    leads_to = _LEADS_TO[state].get(action)
    if leads_to is not None:
        assert next_state(state, action) is leads_to
        return
    with pytest.raises(Refused) as refused:
        next_state(state, action)
    assert str(refused.value).startswith("It is ")
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("action", [CaseAction.OPENED, CaseAction.CHANGED, CaseAction.REOPENED])
@pytest.mark.parametrize("state", CaseState)
def test_what_only_rules_do_is_refused_to_everybody_else(
    state: CaseState, action: CaseAction
) -> None:
    with pytest.raises(Refused):
        next_state(state, action)


@given(st.lists(st.sampled_from(BY_PEOPLE)))
def test_nobody_brings_a_resolved_case_back_with_a_button(actions: list[CaseAction]) -> None:
    for action in actions:
        with pytest.raises(Refused):
            next_state(CaseState.RESOLVED, action)
