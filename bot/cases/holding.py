"""How long a condition must stay away before its case resolves by itself."""

from datetime import timedelta

from bot.rules.catalogue import RULES
from storage.vocabulary import CaseKind

FLAPS_FROM = 3  # times back
FLAPPING_HOLD = timedelta(hours=24)

_HOLDS = {rule.kind: rule.hold for rule in RULES}


def hold_of(kind: CaseKind, times_back: int) -> timedelta:
    """As its rule says, and none for what no rule of shipments finds; a whole day for what has
    come and gone all the time, whatever its kind."""
    hold = _HOLDS.get(kind, timedelta())
    return max(hold, FLAPPING_HOLD) if times_back >= FLAPS_FROM else hold
