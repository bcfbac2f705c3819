"""The way back: unasked, not processed, too many."""

from bot.messages import facts, text, words
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import NAME, always, ours, partner, sends_itself
from bot.messages.kinds.kind_words import Detail, KindWords
from storage.vocabulary import CaseKind, Reason, Side, Status


def _returning(card: CaseCard) -> str:
    is_back = card.facts.get("status") == Status.RETURNED
    what = "Came back unasked" if is_back else "On its way back, unasked"
    reason = facts.reason(card)
    if reason in (None, Reason.UNKNOWN):
        return what
    return f"{what}: {words.REASON[reason]}"


def _not_processed(card: CaseCard) -> str:
    back_at = facts.instant(card, "received_at") or card.since
    return f"Back for {text.about(card.now - back_at)}, not processed yet"


def _above_normal(card: CaseCard) -> str:
    count, expected = facts.figure(card, "count"), facts.figure(card, "expected")
    if count is None or expected is None:
        return f"{_who_returns(card)}: far more returns than normal"
    days = facts.count(card, "days")
    within = f" in {text.plural(days, 'day')}" if days else ""
    return f"{_who_returns(card)}: {text.number(count)} returns{within}, usually {_usual(expected)}"


def _usual(expected: float) -> str:
    return text.number(round(expected)) if expected >= 1 else "under 1"


def _who_returns(card: CaseCard) -> str:
    """`Item MUG-2`, `Account Kano clinic`."""
    of, name = str(card.facts.get("returns_of", "")), facts.words(card, "name", NAME)
    if not name:
        return "One item" if of == "item" else "One account"
    return f"Item {name}" if of == "item" else f"Account {name}"


def _basis(card: CaseCard) -> list[Detail]:
    days = facts.count(card, "days_before")
    return [("Compared with", f"the {text.plural(days, 'day')} before" if days else None)]


def _look_into(card: CaseCard) -> str:
    if str(card.facts.get("returns_of", "")) == "item":
        return f"*{ours(card)}* finds out what they have in common, before more is sent"
    return f"*{ours(card)}* asks the account why it sends so much back"


def _after_return(card: CaseCard) -> str:
    if card.side is Side.SHIPPER:
        who = partner(card) if sends_itself(card) else "the sender"
        return f"*{who}* decides what becomes of it: send again, keep or write off"
    return f"*{partner(card)}* says why it turned round, and whether it can still be stopped"


WORDS = {
    CaseKind.RETURNING_UNASKED: KindWords(
        name="Returning unasked",
        one="shipment returning unasked",
        many="shipments returning unasked",
        headline=_returning,
        ask=_after_return,
        over="it is settled",
    ),
    CaseKind.RETURN_NOT_PROCESSED: KindWords(
        name="Return not processed",
        one="return not processed",
        many="returns not processed",
        headline=_not_processed,
        ask=always("*{partner}* books it in, or says what holds it up"),
        over="it was processed",
    ),
    CaseKind.RETURNS_ABOVE_NORMAL: KindWords(
        name="More returns than normal",
        one="item or account with too many returns",
        many="items or accounts with too many returns",
        headline=_above_normal,
        ask=_look_into,
        over="returns are back to normal",
        details=_basis,
        subject=_who_returns,
    ),
}
