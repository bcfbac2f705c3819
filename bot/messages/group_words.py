"""What several cases are about, what they cost, and who has them."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.messages import case_words, common_cause, shipment_words, text
from bot.messages.cards import CaseCard, GroupCard
from bot.messages.kinds import words_of
from bot.messages.lists import worst_first
from storage.vocabulary import AlertForm, CaseKind, CaseState, Severity

KINDS_SHOWN = 4
LANES_SHOWN = 3
CURRENCIES_SHOWN = 3

_QUIET = {"quiet hours": "In the quiet hours", "a mute": "While it was muted"}


def of_kind(kind: CaseKind, count: int) -> str:
    """`12 shipments past their promise`."""
    words = words_of(kind)
    return text.plural(count, words.one, words.many)


def subject(cards: Sequence[CaseCard]) -> str:
    """All of them in a few words: of one kind by its name, else as cases."""
    kinds = {card.kind for card in cards}
    return of_kind(kinds.pop(), len(cards)) if len(kinds) == 1 else text.plural(len(cards), "case")


def headline(card: GroupCard) -> str:
    """How many of what, and for which reason; without mark or partner."""
    still_open = open_cases(card.cases)
    said = subject(card.cases)
    if card.form is AlertForm.HELD_BACK:
        said = f"{_QUIET.get(card.waited_for or '', 'Held back')}: {said}"
    if card.form is AlertForm.STORM:
        said += " at once"
    reason = common_cause.shared_reason(still_open or card.cases)
    why = f": {reason}" if reason and reason not in said else ""
    return f"{said}{_how_many_are_open(card, still_open)}{why}"


def _how_many_are_open(card: GroupCard, still_open: Sequence[CaseCard]) -> str:
    if not still_open:
        return ", all over"
    if len(still_open) < len(card.cases):
        return f", {text.number(len(still_open))} still open"
    return ""


def open_cases(cards: Iterable[CaseCard]) -> list[CaseCard]:
    return [card for card in cards if card.state is not CaseState.RESOLVED]


def critical(cards: Iterable[CaseCard]) -> list[CaseCard]:
    return [card for card in cards if card.severity is Severity.CRITICAL]


def by_kind(cards: Sequence[CaseCard]) -> str | None:
    """`4 shipments past their promise, 2 shipments on hold…`, the most first; None where all are of
    one kind."""
    counts = Counter(card.kind for card in cards)
    if len(counts) == 1:
        return None
    return _most_first({of_kind(kind, n): n for kind, n in counts.items()}, KINDS_SHOWN)


def shared_headline(cards: Sequence[CaseCard]) -> str | None:
    """Where all of them say the same, and a number is in it: `2 days left to collect it`. How late
    each is stands in the table."""
    if len(cards) == 1 or any(card.kind is CaseKind.PROMISE_PASSED for card in cards):
        return None
    (first, *others) = {case_words.headline(card) for card in cards}
    return None if others or not any(map(str.isdigit, first)) else first


def times_each_kind(cards: Sequence[CaseCard]) -> str:
    """`4 × past its promise, 2 × on hold`, the most first."""
    counts = Counter(card.kind for card in cards)
    named = {f"{text.number(n)} × {words_of(kind).inside}": n for kind, n in counts.items()}
    return _most_first(named, KINDS_SHOWN)


def by_lane(cards: Sequence[CaseCard]) -> str | None:
    """`Hamburg → Lagos (12) · Leipzig → Abuja (5) · 2 other lanes`; None where there is one at
    most, or most of them share one."""
    counts = Counter(lane for card in cards if (lane := common_cause.lane_of(card)))
    if len(counts) < 2 or common_cause.common_lane(cards):
        return None
    largest = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:LANES_SHOWN]
    parts = [f"{text.safe(lane, shipment_words.PLACE)} ({text.number(n)})" for lane, n in largest]
    others = len(counts) - len(largest)
    return " · ".join([*parts, *([text.plural(others, "other lane")] if others else [])])


def _most_first(counts: Mapping[str, int], shown: int) -> str:
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    others = sum(counts[name] for name in ordered[shown:])
    return ", ".join(ordered[:shown]) + (f" and {text.plural(others, 'other')}" if others else "")


def nobody_has(cards: Sequence[CaseCard]) -> str | None:
    """How many of those that are not over; None where each is somebody's."""
    untaken = sum(card.state is CaseState.OPEN for card in cards)
    if not untaken:
        return None
    if len(cards) == 1:
        return "nobody has it yet"
    if untaken == len(cards):
        return "nobody has any of them yet"
    return f"nobody has {text.number(untaken)} of these {text.number(len(cards))} yet"


def worst(cards: Sequence[CaseCard]) -> str:
    """`T-1042 · SCX-4411 · 2 days 8 hours past its promise`."""
    first = worst_first(cards)[0]
    return f"{name(first, ' · ')} · {case_words.headline_inside(first)}"


def name(card: CaseCard, between: str) -> str:
    """Its reference, and the number of its shipment."""
    if card.shipment is None:
        return card.reference
    number = text.safe(card.shipment.tracking_number, shipment_words.NUMBER)
    return f"{card.reference}{between}{number}"


def at_stake(cards: Sequence[CaseCard]) -> str | None:
    """`148,000 USD + 12,400 EUR at stake (10 of 12 known)`: a shipment's value once,
    however many cases it has."""
    shipments = {c.shipment.tracking_number: c.shipment for c in cards if c.shipment}
    sums: defaultdict[str, float] = defaultdict(float)
    known = 0
    for shipment in shipments.values():
        if shipment.value is not None and math.isfinite(shipment.value):
            sums[shipment.currency or ""] += shipment.value
            known += 1
    if not known:
        return None
    largest = sorted(sums, key=lambda currency: (-sums[currency], currency))
    parts = [text.money(sums[each], each or None) for each in largest[:CURRENCIES_SHOWN]]
    others = len(largest) - len(parts)
    if others:
        parts.append(text.plural(others, "other currency", "other currencies"))
    shown = f"{' + '.join(parts)} at stake"
    if known == len(shipments):
        return shown
    return f"{shown} ({text.of_all(known, len(shipments))} known)"


def name_with_number(card: CaseCard) -> str:
    """`T-1042 (SCX-4411)`."""
    return f"{name(card, ' (')})" if card.shipment else card.reference
