"""Before the journey: not dispatched, not picked up."""

from datetime import datetime

from bot.messages import facts, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import by_sender
from bot.messages.kinds.kind_words import Detail, KindWords
from storage.vocabulary import CaseKind


def _due_at(card: CaseCard) -> datetime | None:
    said = facts.instant(card, "ship_by")
    return said or (card.shipment.ship_by if card.shipment else None)


def _not_dispatched(card: CaseCard) -> str:
    due_at = _due_at(card)
    what = (
        "Labelled, but not dispatched" if facts.is_true(card, "is_labelled") else "Not dispatched"
    )
    if due_at is None or due_at >= card.now:
        return what
    return f"{what}: {text.span(card.now - due_at)} past its ship-by time"


def _ship_by(card: CaseCard) -> list[Detail]:
    due_at = _due_at(card)
    shown = text.promised(due_at, card.zone, card.now) if due_at else None
    return [("Ship by", shown)]


def _never_picked_up(card: CaseCard) -> str:
    announced_at = facts.instant(card, "announced_at")
    return f"Announced {text.ago(announced_at or card.since, card.now)}, not picked up yet"


def _pick_up(card: CaseCard) -> list[Detail]:
    due_at = facts.instant(card, "expected_by")
    if due_at is None:
        return []
    shown = f"{text.moment(due_at, card.zone, card.now)} {text.place(card.zone)}"
    return [("Pick-up was due", shown)]


WORDS = {
    CaseKind.NOT_DISPATCHED: KindWords(
        name="Not dispatched",
        headline=_not_dispatched,
        ask=by_sender(
            "{partner} dispatches it, or says when",
            "the sender hands it to {partner}, or says when",
        ),
        over="it was dispatched",
        details=_ship_by,
    ),
    CaseKind.NEVER_PICKED_UP: KindWords(
        name="Not picked up",
        headline=_never_picked_up,
        ask=by_sender(
            "{partner} hands it to the carrier, or says that it did",
            "the sender hands it over, or {partner} says when it picks it up",
        ),
        over="it is on its way",
        details=_pick_up,
    ),
}
