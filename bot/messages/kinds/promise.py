"""The promise: passed, or kept in part."""

from bot.messages import facts, shipment_words, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import always, by_side
from bot.messages.kinds.kind_words import KindWords
from storage.vocabulary import CaseKind


def _promise_passed(card: CaseCard) -> str:
    return f"{overdue(card)} past its promise"


def overdue(card: CaseCard) -> str:
    """`2 days`."""
    shipment = card.shipment
    if shipment is None or shipment.promised_at is None or shipment.promised_at > card.now:
        return text.about(card.now - card.since)
    return shipment_words.overdue(shipment.promised_at, card.now, shipment.zone)


def _delivered_short(card: CaseCard) -> str:
    ordered, missing = facts.figure(card, "ordered"), facts.figure(card, "missing")
    if not ordered or not missing:
        return "Delivered short"
    return f"{text.number(missing)} of {text.number(ordered)} missing from the delivery"


WORDS = {
    CaseKind.PROMISE_PASSED: KindWords(
        name="Past its promise",
        one="shipment past its promise",
        many="shipments past their promise",
        status_matters=True,
        headline=_promise_passed,
        ask=by_side,
        over="the promise is no longer passed",
    ),
    CaseKind.DELIVERED_SHORT: KindWords(
        name="Delivered short",
        one="shipment delivered short",
        many="shipments delivered short",
        headline=_delivered_short,
        ask=always("*{partner}* says where the rest is, and when it arrives"),
        over="all of it has arrived",
    ),
}
