"""Kinds of cases as people name them: by their word, by what messages call them, and shorter."""

from collections.abc import Mapping
from difflib import get_close_matches

from bot.lookups.names import beginnings, folded
from bot.messages.kinds import words_of
from storage.vocabulary import CaseKind

MUTABLE = tuple(kind for kind in CaseKind if kind is not CaseKind.ESCALATION)
"""An escalation asks somebody for an answer: it is always said."""
SUGGESTED_AT_MOST = 3
_ALIKE = 0.6  # of difflib's ratio
_ALSO_CALLED = {
    "late": CaseKind.PROMISE_PASSED,
    "overdue": CaseKind.PROMISE_PASSED,
    "eta": CaseKind.ETA_PAST_PROMISE,
    "delay": CaseKind.CARRIER_DELAY,
    "delays": CaseKind.CARRIER_DELAY,
    "delayed": CaseKind.CARRIER_DELAY,
    "customs": CaseKind.CUSTOMS_HOLD,
    "hold": CaseKind.ON_HOLD,
    "no scans": CaseKind.NO_SCAN,
    "damage": CaseKind.DAMAGED,
    "loss": CaseKind.LOST,
    "misrouted": CaseKind.WRONG_WAY,
    "failed attempts": CaseKind.DELIVERY_ATTEMPT_FAILED,
    "address": CaseKind.ADDRESS_PROBLEM,
    "short": CaseKind.DELIVERED_SHORT,
    "returns": CaseKind.RETURNS_ABOVE_NORMAL,
    "contract": CaseKind.TERM_BREACHED,
    "stale": CaseKind.SOURCE_STALE,
}


def kind_at_start(text: str) -> tuple[CaseKind, str] | None:
    """The longest beginning that names a kind, and the words after it."""
    for beginning, rest in beginnings(text):
        kind = _NAMED.get(folded(beginning))
        if kind is not None:
            return kind, rest
    return None


def nearest_kinds(text: str) -> list[str]:
    """What messages call those that may have been meant, the likest first."""
    meant: list[str] = []
    for beginning, _ in beginnings(text):
        wanted = folded(beginning)
        if wanted:
            meant += get_close_matches(wanted, _NAMED, n=SUGGESTED_AT_MOST, cutoff=_ALIKE)
            meant += [known for known in _NAMED if known.startswith(wanted)]
    names = (words_of(_NAMED[known]).name for known in meant)
    return list(dict.fromkeys(names))[:SUGGESTED_AT_MOST]


def _all_names() -> Mapping[str, CaseKind]:
    named = {folded(name): kind for name, kind in _ALSO_CALLED.items()}
    for kind in CaseKind:
        named[folded(kind.value)] = kind
        named[folded(words_of(kind).name)] = kind
    return named


_NAMED = _all_names()
