"""The last mile: attempts, addresses, refusals, pick-up points."""

from bot.messages import facts, shipment_words, text, words
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import (
    again_or_back,
    ours,
    partner,
    right_address,
    when_partners_turn,
)
from bot.messages.kinds.kind_words import Detail, KindWords
from storage.vocabulary import CaseKind, Reason, Status

ATTEMPTS_SHOWN = 5


def _attempt_failed(card: CaseCard) -> str:
    attempts = facts.count(card, "attempts") or 0
    if _is_undeliverable(card):
        after = f" after {text.plural(attempts, 'attempt')}" if attempts else ""
        what = f"Undeliverable{after}"
    elif attempts <= 1:
        what = "Delivery attempt failed"
    else:
        what = f"{attempts} delivery attempts failed"
    said = card.facts.get("reason")
    reason = facts.reason(card) if said else None
    return f"{what}: {words.REASON[reason]}" if reason else what


def _next_attempt(card: CaseCard) -> str:
    is_undeliverable = _is_undeliverable(card)
    wanted = "why, and whether it tries again or sends it back"
    ask = wanted if is_undeliverable else "when the next attempt is"
    return when_partners_turn(f"*{{partner}}* says {ask}")(card)


def _is_undeliverable(card: CaseCard) -> bool:
    return card.facts.get("status") == Status.UNDELIVERABLE


def _attempts_before(card: CaseCard) -> list[Detail]:
    said = str(card.facts.get("reasons_before") or "")
    before = [words.REASON[Reason(one)] for one in said.split(", ") if one in list(Reason)]
    return [("Before that", ", ".join(before[:ATTEMPTS_SHOWN]) or None)]


_ADDRESS = {
    Reason.MOVED: "The consignee has moved",
    Reason.NO_ACCESS: "No way in at the address",
}


def _address_problem(card: CaseCard) -> str:
    reason = facts.reason(card)
    return _ADDRESS.get(reason, "The address is wrong") if reason else "The address is wrong"


def _right_address(card: CaseCard) -> str:
    if facts.reason(card) is Reason.NO_ACCESS:
        return f"*{ours(card)}* asks the consignee how to get in, and tells {partner(card)}"
    return right_address(card)


def _refused(card: CaseCard) -> str:
    final = ", undeliverable" if _is_undeliverable(card) else ""
    return f"Refused by the consignee{final}"


def _pickup_expiring(card: CaseCard) -> str:
    back_at = facts.instant(card, "returns_at")
    if back_at is None:
        return "Waiting to be collected, soon sent back"
    if back_at <= card.now:
        return "Not collected in time: it goes back"
    return f"{text.capital(text.about(back_at - card.now))} left to collect it"


def _goes_back(card: CaseCard) -> list[Detail]:
    back_at = facts.instant(card, "returns_at")
    zone = card.shipment.zone if card.shipment else card.zone
    heard = card.shipment.last_checkpoint if card.shipment else None
    waits_in = facts.words(card, "location", shipment_words.PLACE)
    is_told = heard is not None and card.facts.get("location") == heard.location
    return [
        ("Waits in", waits_in if waits_in and not is_told else None),
        ("Goes back", text.promised(back_at, zone, card.now) if back_at else None),
    ]


def _collect(card: CaseCard) -> str:
    return (
        f"*{ours(card)}* reminds the consignee to collect it; {partner(card)} keeps it until then"
    )


WORDS = {
    CaseKind.DELIVERY_ATTEMPT_FAILED: KindWords(
        name="Delivery attempt failed",
        one="failed delivery attempt",
        many="failed delivery attempts",
        headline=_attempt_failed,
        ask=_next_attempt,
        over="it is moving again",
        details=_attempts_before,
    ),
    CaseKind.ADDRESS_PROBLEM: KindWords(
        name="Address wrong",
        one="shipment with a wrong address",
        many="shipments with a wrong address",
        headline=_address_problem,
        ask=_right_address,
        over="it is moving again",
    ),
    CaseKind.REFUSED: KindWords(
        name="Refused",
        one="refused shipment",
        many="refused shipments",
        headline=_refused,
        ask=again_or_back,
        over="it is moving again",
    ),
    CaseKind.PICKUP_EXPIRING: KindWords(
        name="Not collected",
        one="shipment not collected",
        many="shipments not collected",
        headline=_pickup_expiring,
        ask=_collect,
        over="it was collected",
        details=_goes_back,
    ),
}
