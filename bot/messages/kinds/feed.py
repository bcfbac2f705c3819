"""The feed itself: what we cannot hear, or must not believe."""

from bot.messages import facts, shipment_words, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import always, by_sender
from bot.messages.kinds.kind_words import Detail, KindWords
from storage.vocabulary import CaseKind

ERROR = 400  # characters shown of what a source said
_MEND = always("*whoever runs Tallyman* mends it; until then its silence means nothing")
_MEND_UNHEARD = (
    "*whoever runs Tallyman* mends it; until it was read once, no delay of any shipment is told"
)


def _name(card: CaseCard) -> str:
    return f"Source {_key(card)}".rstrip()


def _key(card: CaseCard) -> str:
    return facts.words(card, "source", shipment_words.NUMBER)


def _failing(card: CaseCard) -> str:
    heard_at = facts.instant(card, "last_success_at")
    if heard_at is None:
        return f"{_name(card)} has never answered"
    return f"{_name(card)} has not answered for {text.about(card.now - heard_at)}"


def _mend_failing(card: CaseCard) -> str:
    if facts.instant(card, "last_success_at") is not None:
        return _MEND(card)
    return _MEND_UNHEARD


def _failures(card: CaseCard) -> list[Detail]:
    heard_at = facts.instant(card, "last_success_at")
    failures = facts.count(card, "failures")
    return [
        ("Last good answer", _when(card, "last_success_at") if heard_at else "never"),
        ("Failures since then", text.number(failures) if failures else None),
        ("Last error", facts.words(card, "error", ERROR) or None),
    ]


def _stale(card: CaseCard) -> str:
    if card.facts.get("why") == "not_read":
        read_at = facts.instant(card, "last_success_at") or card.since
        return f"{_name(card)} has not been read for {text.about(card.now - read_at)}"
    news_at = facts.instant(card, "last_news_at") or card.since
    return f"{_name(card)} answers, but told nothing new for {text.about(card.now - news_at)}"


def _silence(card: CaseCard) -> list[Detail]:
    gap = facts.figure(card, "usual_gap_working_hours")
    return [
        ("Last news", _when(card, "last_news_at")),
        ("Usually news within", f"{text.number(gap)} working hours" if gap else None),
    ]


def _when(card: CaseCard, name: str) -> str | None:
    at = facts.instant(card, name)
    if at is None:
        return None
    return f"{text.moment(at, card.zone, card.now)} ({text.ago(at, card.now)})"


def _unknown(card: CaseCard) -> str:
    announced_at = facts.instant(card, "announced_at") or card.since
    return f"Number unknown to the carrier, announced {text.ago(announced_at, card.now)}"


def _reused(card: CaseCard) -> str:
    days = facts.count(card, "days_between")
    if days is None:
        return "One number, two shipments"
    return f"Number scanned {text.plural(days, 'day')} after its delivery: used twice?"


def _scanned_again(card: CaseCard) -> list[Detail]:
    return [("Scanned again", _scan(card, "scanned_again_at"))]


_CONTRADICTION = {
    "scanned_in_future": "Scanned at a time that is still to come",
    "scanned_after_delivery": "Delivered, and then scanned on its way",
    "scanned_before_order": "Scanned before it was ordered",
}
_AGAINST = {"scanned_after_delivery": "Delivered", "scanned_before_order": "Ordered"}


def _contradiction(card: CaseCard) -> str:
    return _CONTRADICTION.get(str(card.facts.get("what")), "The carrier contradicts itself")


def _both(card: CaseCard) -> list[Detail]:
    against = facts.instant(card, "against")
    label = _AGAINST.get(str(card.facts.get("what")), "Against")
    return [
        (label, text.moment(against, card.zone, card.now) if against else None),
        ("Scanned", _scan(card, "scanned_at")),
    ]


def _scan(card: CaseCard, name: str) -> str | None:
    at = facts.instant(card, name)
    where = facts.words(card, "location", shipment_words.PLACE)
    if at is None:
        return None
    return text.moment(at, card.zone, card.now) + (f" in {where}" if where else "")


WORDS = {
    CaseKind.SOURCE_FAILING: KindWords(
        name="Source failing",
        one="failing source",
        many="failing sources",
        headline=_failing,
        ask=_mend_failing,
        over="it answers again",
        details=_failures,
        subject=_key,
    ),
    CaseKind.SOURCE_STALE: KindWords(
        name="Source stale",
        one="stale source",
        many="stale sources",
        headline=_stale,
        ask=_MEND,
        over="it brings news again",
        details=_silence,
        subject=_key,
    ),
    CaseKind.NUMBER_UNKNOWN: KindWords(
        name="Number unknown to the carrier",
        one="number unknown to the carrier",
        many="numbers unknown to the carrier",
        headline=_unknown,
        ask=by_sender(
            "*{partner}* checks the number, and hands the goods over",
            "*the sender* checks the number; {partner} says whether it has the goods",
        ),
        over="the carrier knows it now",
    ),
    CaseKind.NUMBER_REUSED: KindWords(
        name="Number used twice",
        one="number used twice",
        many="numbers used twice",
        headline=_reused,
        ask=by_sender(
            "*{partner}* says which shipment now travels under this number",
            "*the sender* says which shipment now travels under this number",
        ),
        details=_scanned_again,
        over="the number stands for one shipment again",
    ),
    CaseKind.CHECKPOINTS_CONTRADICT: KindWords(
        name="Contradiction in the tracking",
        one="contradiction in the tracking",
        many="contradictions in the tracking",
        headline=_contradiction,
        ask=always("*{partner}* says what is true, and puts it right"),
        over="it fits together again",
        details=_both,
    ),
}
