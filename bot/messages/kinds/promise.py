"""The promise: passed, or kept in part."""

from bot.messages import facts, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import always, by_side
from bot.messages.kinds.kind_words import KindWords
from storage.vocabulary import CaseKind


def _promise_passed(card: CaseCard) -> str:
    promised_at = card.shipment.promised_at if card.shipment else None
    if promised_at is None or promised_at > card.now:
        promised_at = card.since
    return f"{text.span(card.now - promised_at)} past its promise"


def _delivered_short(card: CaseCard) -> str:
    ordered, missing = facts.figure(card, "ordered"), facts.figure(card, "missing")
    if not ordered or not missing:
        return "Delivered short"
    return f"{text.number(missing)} of {text.number(ordered)} missing from the delivery"


WORDS = {
    CaseKind.PROMISE_PASSED: KindWords(
        name="Past its promise",
        status_matters=True,
        headline=_promise_passed,
        ask=by_side,
        over="the promise is no longer passed",
    ),
    CaseKind.DELIVERED_SHORT: KindWords(
        name="Delivered short",
        headline=_delivered_short,
        ask=always("{partner} says where the rest is, and when it arrives"),
        over="all of it has arrived",
    ),
}
