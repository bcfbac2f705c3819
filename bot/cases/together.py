"""What is left as it is when something is done to all cases of a message at once, and why. Pure.

What could not be done to a case by itself is not done to it here; and beyond that, nobody loses
what they took: their case stays with them.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from bot.cases.states import Refused, next_state
from storage.vocabulary import CaseAction, CaseState


class WhyLeft(StrEnum):
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    NO_SHIPMENT = "no_shipment"
    """Nothing more will be heard of it."""
    JOINED_SINCE = "joined_since"
    """Who asked had not seen it yet."""


@dataclass(frozen=True, slots=True)
class Left:
    why: WhyLeft
    by: str | None = None
    """Who has it: a Slack user id."""


@dataclass(frozen=True, slots=True)
class Together:
    """What became of all of them."""

    action: CaseAction
    done: int
    left: Counter[Left]

    @property
    def cases(self) -> int:
        return self.done + self.left.total()

    def is_as_asked(self, actor: str) -> bool:
        """All of them are now as the actor wanted them, be it since before."""
        theirs = Left(WhyLeft.ACKNOWLEDGED, actor)
        return not self.left or (self.action, set(self.left)) == (
            CaseAction.ACKNOWLEDGED,
            {theirs},
        )


_STAYS = {
    CaseAction.ACKNOWLEDGED: {CaseState.ACKNOWLEDGED, CaseState.SNOOZED, CaseState.ESCALATED},
    CaseAction.SNOOZED: {CaseState.ESCALATED},
    CaseAction.RESOLVED: set[CaseState](),
}
_OF_STATE = {
    CaseState.RESOLVED: WhyLeft.RESOLVED,
    CaseState.ACKNOWLEDGED: WhyLeft.ACKNOWLEDGED,
    CaseState.SNOOZED: WhyLeft.SNOOZED,
    CaseState.ESCALATED: WhyLeft.ESCALATED,
}


def left_as_it_is(
    action: CaseAction, state: CaseState, handled_by: str | None, actor: str
) -> Left | None:
    """Why such a case stays as it is; None where the action is done to it."""
    is_anothers = handled_by not in (None, actor)
    is_anothers_snooze = state is CaseState.SNOOZED and is_anothers
    if state in _STAYS[action] or (action is CaseAction.SNOOZED and is_anothers_snooze):
        return Left(_OF_STATE[state], handled_by)
    try:
        next_state(state, action)
    except Refused:
        return Left(_OF_STATE[state])
    return None
