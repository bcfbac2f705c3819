"""What a finding said, read with care: a fact that is missing or broken is None, never an error."""

import math
from datetime import datetime

from bot.messages import text
from bot.messages.cards import CaseCard
from storage.vocabulary import Reason

_REASONS = {reason.value: reason for reason in Reason}


def figure(card: CaseCard, name: str) -> float | None:
    value = card.facts.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def count(card: CaseCard, name: str) -> int | None:
    """A whole number of things, at least one."""
    value = figure(card, name)
    return int(value) if value is not None and value >= 1 else None


def instant(card: CaseCard, name: str) -> datetime | None:
    value = card.facts.get(name)
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None


def words(card: CaseCard, name: str, limit: int) -> str:
    """Safe to show; empty where nothing was said."""
    value = card.facts.get(name)
    return text.safe(str(value), limit) if value not in (None, "") else ""


def reason(card: CaseCard) -> Reason | None:
    """The finding's own; else the shipment's."""
    for name in ("reason", "what"):
        said = card.facts.get(name)
        if isinstance(said, str) and said in _REASONS:
            return _REASONS[said]
    return card.shipment.reason if card.shipment else None


def is_true(card: CaseCard, name: str) -> bool:
    return card.facts.get(name) is True
