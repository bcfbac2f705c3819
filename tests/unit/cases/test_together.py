"""Doing something to all cases of a message does nothing that could not be done to each."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.states import Refused, next_state
from bot.cases.together import Left, Together, WhyLeft, left_as_it_is
from storage.vocabulary import CaseAction, CaseState

ON_ALL = (CaseAction.ACKNOWLEDGED, CaseAction.SNOOZED, CaseAction.RESOLVED)
PEOPLE = st.sampled_from([None, "U0OLIVIA", "U0ANNA"])


@given(st.sampled_from(ON_ALL), st.sampled_from(CaseState), PEOPLE)
def test_what_could_not_be_done_to_one_is_not_done_to_it_among_many(
    action: CaseAction, state: CaseState, handled_by: str | None
) -> None:
    if left_as_it_is(action, state, handled_by, "U0OLIVIA") is None:
        next_state(state, action)  # is not Refused
    else:
        assert state is not CaseState.OPEN


@given(st.sampled_from(ON_ALL), PEOPLE)
def test_what_is_over_stays_over(action: CaseAction, handled_by: str | None) -> None:
    left = left_as_it_is(action, CaseState.RESOLVED, handled_by, "U0OLIVIA")
    assert left == Left(WhyLeft.RESOLVED)
    with pytest.raises(Refused):
        next_state(CaseState.RESOLVED, action)


@pytest.mark.parametrize(
    ("action", "state", "handled_by", "left"),
    [
        (CaseAction.ACKNOWLEDGED, CaseState.ACKNOWLEDGED, "U0ANNA", WhyLeft.ACKNOWLEDGED),
        (CaseAction.ACKNOWLEDGED, CaseState.SNOOZED, "U0ANNA", WhyLeft.SNOOZED),
        (CaseAction.ACKNOWLEDGED, CaseState.ESCALATED, "U0ANNA", WhyLeft.ESCALATED),
        (CaseAction.SNOOZED, CaseState.SNOOZED, "U0ANNA", WhyLeft.SNOOZED),
        (CaseAction.SNOOZED, CaseState.SNOOZED, "U0OLIVIA", None),
        (CaseAction.SNOOZED, CaseState.ACKNOWLEDGED, "U0ANNA", None),
        (CaseAction.SNOOZED, CaseState.ESCALATED, "U0ANNA", WhyLeft.ESCALATED),
        (CaseAction.RESOLVED, CaseState.ESCALATED, "U0ANNA", None),
        (CaseAction.RESOLVED, CaseState.SNOOZED, "U0ANNA", None),
    ],
)
def test_nobody_loses_what_they_took(
    action: CaseAction, state: CaseState, handled_by: str, left: WhyLeft | None
) -> None:
    found = left_as_it_is(action, state, handled_by, "U0OLIVIA")
    assert found == (None if left is None else Left(left, handled_by))


def test_all_of_them_are_those_done_and_those_left() -> None:
    left = Counter({Left(WhyLeft.RESOLVED): 3, Left(WhyLeft.SNOOZED, "U0ANNA"): 2})
    assert Together(CaseAction.RESOLVED, 7, left).cases == 12


def test_what_they_had_before_is_as_they_asked() -> None:
    theirs = Counter({Left(WhyLeft.ACKNOWLEDGED, "U0OLIVIA"): 2})
    assert Together(CaseAction.ACKNOWLEDGED, 1, theirs).is_as_asked("U0OLIVIA")
    assert not Together(CaseAction.ACKNOWLEDGED, 1, theirs).is_as_asked("U0ANNA")
    assert Together(CaseAction.RESOLVED, 1, Counter()).is_as_asked("U0ANNA")
    over = Counter({Left(WhyLeft.RESOLVED): 1})
    assert not Together(CaseAction.ACKNOWLEDGED, 1, over).is_as_asked("U0OLIVIA")
