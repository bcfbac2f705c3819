"""On the way: silent, delayed, astray, held, damaged, lost."""

from datetime import datetime

from bot.messages import facts, shipment_words, text, words
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import always, customs, ours, partner, when_partners_turn
from bot.messages.kinds.kind_words import KindWords
from storage.vocabulary import CaseKind, Reason


def _no_scan(card: CaseCard) -> str:
    seen_at = facts.instant(card, "last_scan_at") or card.since
    return f"No scan for {text.about(card.now - seen_at)}"


def _was_scanned_again(card: CaseCard) -> bool:
    seen_at = facts.instant(card, "last_scan_at")
    last = card.shipment.last_checkpoint if card.shipment else None
    return seen_at is None or last is None or last.occurred_at > seen_at


def _carrier_delay(card: CaseCard) -> str:
    expected_at = expected(card)
    if expected_at is None or card.shipment is None:
        return f"Delay announced{_why(card)}"
    late = _late(card, expected_at)
    if late is not None:
        return f"Delay announced, {late}{_why(card)}"
    day = text.day(expected_at, card.shipment.zone, card.now)
    return f"Delay announced, now due {day}{_why(card)}"


def _eta_past_promise(card: CaseCard) -> str:
    expected_at = expected(card)
    late = _late(card, expected_at) if expected_at else None
    slips = facts.count(card, "slips") or 0
    slipped = f", slipped {text.plural(slips, 'time')}" if slips > 1 else ""
    if late is None:
        return f"Expected too late{slipped}{_why(card)}"
    return f"Expected {late}{slipped}{_why(card)}"


def expected(card: CaseCard) -> datetime | None:
    said = facts.instant(card, "estimated_at")
    return said or (card.shipment.estimated_at if card.shipment else None)


def _late(card: CaseCard, expected_at: datetime) -> str | None:
    """`2 days late`; None where that is not known."""
    shipment = card.shipment
    if shipment is None or shipment.promised_at is None or expected_at <= shipment.promised_at:
        return None
    return shipment_words.lateness(shipment.promised_at, expected_at, shipment.zone)


def _wrong_way(card: CaseCard) -> str:
    where = facts.words(card, "location", shipment_words.PLACE)
    came_from = facts.words(card, "came_from", shipment_words.PLACE)
    if where and came_from:
        return f"Going the wrong way: back in {where}, from {came_from}"
    return f"Going the wrong way: seen in {where}" if where else "Going the wrong way"


def _customs_hold(card: CaseCard) -> str:
    return f"Held at customs{_held_for(card)}{_why(card)}"


def _on_hold(card: CaseCard) -> str:
    return f"On hold{_held_for(card)}{_why(card)}"


def _held_for(card: CaseCard) -> str:
    held = card.now - (facts.instant(card, "held_since") or card.since)
    return f" for {text.about(held)}" if held >= text.HOUR else ""


def _damaged(card: CaseCard) -> str:
    return "Delivered damaged" if facts.instant(card, "delivered_at") else "Damaged on the way"


def _after_damage(card: CaseCard) -> str:
    if facts.instant(card, "delivered_at"):
        return f"*{ours(card)}* sends photographs for the claim, and {partner(card)} takes it up"
    return f"*{partner(card)}* says what can be saved; {ours(card)} decides whether it goes on"


def _lost(card: CaseCard) -> str:
    seen_at = facts.instant(card, "last_seen_at")
    if seen_at is None:
        return "Lost"
    where = facts.words(card, "last_seen_in", shipment_words.PLACE)
    return f"Lost, last seen {text.ago(seen_at, card.now)}" + (f" in {where}" if where else "")


def _why(card: CaseCard) -> str:
    reason = facts.reason(card)
    if reason in (None, Reason.UNKNOWN, Reason.DELAY):
        return ""
    return f": {words.REASON[reason]}"


WORDS = {
    CaseKind.NO_SCAN: KindWords(
        name="No scan",
        one="shipment without a scan",
        many="shipments without a scan",
        status_matters=True,
        headline=_no_scan,
        ask=when_partners_turn("*{partner}* finds it, and says when it arrives"),
        over="it was scanned again",
        has_come_true=_was_scanned_again,
    ),
    CaseKind.CARRIER_DELAY: KindWords(
        name="Delay announced",
        one="shipment announced late",
        many="shipments announced late",
        headline=_carrier_delay,
        ask=when_partners_turn("*{partner}* gives a new date, and keeps it"),
        over="it is moving again",
    ),
    CaseKind.ETA_PAST_PROMISE: KindWords(
        name="Expected too late",
        one="shipment expected too late",
        many="shipments expected too late",
        status_matters=True,
        headline=_eta_past_promise,
        ask=when_partners_turn("*{partner}* gets it back on time, or confirms the new date"),
        over="the carrier expects it within its promise again",
    ),
    CaseKind.WRONG_WAY: KindWords(
        name="Going the wrong way",
        one="shipment going the wrong way",
        many="shipments going the wrong way",
        headline=_wrong_way,
        ask=always("*{partner}* turns it round, and gives a new date"),
        over="it is on the right way again",
    ),
    CaseKind.CUSTOMS_HOLD: KindWords(
        name="Held at customs",
        one="shipment held at customs",
        many="shipments held at customs",
        headline=_customs_hold,
        ask=customs,
        over="customs let it go",
    ),
    CaseKind.ON_HOLD: KindWords(
        name="On hold",
        one="shipment on hold",
        many="shipments on hold",
        headline=_on_hold,
        ask=when_partners_turn("*{partner}* gets it moving again, and gives a new date"),
        over="it is moving again",
    ),
    CaseKind.DAMAGED: KindWords(
        name="Damaged",
        one="damaged shipment",
        many="damaged shipments",
        headline=_damaged,
        ask=_after_damage,
        over="it goes on",
    ),
    CaseKind.LOST: KindWords(
        name="Lost",
        one="lost shipment",
        many="lost shipments",
        headline=_lost,
        ask=always(
            "*{partner}* confirms the loss for the claim; {ours} decides whether to send again"
        ),
        over="it was found",
    ),
}
