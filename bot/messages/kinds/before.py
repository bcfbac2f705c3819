"""Before the journey: not dispatched, not picked up."""

from datetime import datetime

from bot.messages import facts, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import by_sender
from bot.messages.kinds.kind_words import Detail, KindWords, was_seen
from storage.vocabulary import CaseKind

CLOCK = 5  # characters of 14:00
MIDNIGHT = "00:00"


def _due_at(card: CaseCard) -> datetime | None:
    said = facts.instant(card, "ship_by")
    return said or (card.shipment.ship_by if card.shipment else None)


def _not_dispatched(card: CaseCard) -> str:
    due_at = _due_at(card)
    is_labelled = facts.is_true(card, "is_labelled")
    what = "Labelled, not dispatched" if is_labelled else "Not dispatched"
    if due_at is None or due_at >= card.now:
        return what
    return f"{what}: {text.about(card.now - due_at)} past ship-by"


def _by_cut_off(card: CaseCard) -> str | None:
    """Why it is due out then, where that follows from the partner's cut-off."""
    ordered_at, due_at = facts.instant(card, "ordered_at"), facts.instant(card, "ship_by")
    cut_off = facts.words(card, "cut_off", CLOCK)
    if not cut_off or ordered_at is None or due_at is None:
        return None
    ordered = text.moment(ordered_at, card.zone, card.now)
    ordered_clock = text.clock(ordered_at, card.zone)
    if text.days_between(ordered_at, due_at, card.zone) == 0:
        why = f"before the cut-off of {cut_off}"
    elif ordered_clock == MIDNIGHT:  # a date without a time
        ordered = text.day(ordered_at, card.zone, card.now)
        why = f"maybe after the cut-off of {cut_off}"
    elif ordered_clock < cut_off:
        why = "when nobody works"
    else:
        why = f"after the cut-off of {cut_off}"
    return f"ordered {ordered}, {why}"


def _ship_by(card: CaseCard) -> list[Detail]:
    due_at, why = _due_at(card), _by_cut_off(card)
    if due_at is None:
        return []
    shown = text.promised(due_at, card.zone, card.now)
    return [("Ship by", f"{shown}: {why}" if why else shown)]


def _never_picked_up(card: CaseCard) -> str:
    announced_at = facts.instant(card, "announced_at")
    return f"Not picked up, announced {text.ago(announced_at or card.since, card.now)}"


def _pick_up(card: CaseCard) -> list[Detail]:
    due_at = facts.instant(card, "expected_by")
    if due_at is None:
        return []
    shown = f"{text.moment(due_at, card.zone, card.now)} {text.place(card.zone)}"
    return [("Pick-up was due", shown)]


WORDS = {
    CaseKind.NOT_DISPATCHED: KindWords(
        name="Not dispatched",
        one="shipment not dispatched",
        many="shipments not dispatched",
        headline=_not_dispatched,
        ask=by_sender(
            "*{partner}* dispatches it, or says when",
            "*the sender* hands it to {partner}, or says when",
        ),
        over="it was dispatched",
        has_come_true=was_seen,
        details=_ship_by,
    ),
    CaseKind.NEVER_PICKED_UP: KindWords(
        name="Not picked up",
        one="shipment not picked up",
        many="shipments not picked up",
        headline=_never_picked_up,
        ask=by_sender(
            "*{partner}* hands it to the carrier, or says that it did",
            "*the sender* hands it over, or {partner} says when it picks it up",
        ),
        over="it is on its way",
        has_come_true=was_seen,
        details=_pick_up,
    ),
}
