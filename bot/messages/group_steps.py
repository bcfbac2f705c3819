"""Who acts next on several cases, and what is asked of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.messages import case_words, group_words, text
from bot.messages.cards import CaseCard, GroupCard
from bot.messages.kinds import words_of
from storage.vocabulary import CaseKind, CaseState

ASKS_SHOWN = 3
_OTHERS = "see them one by one"


@dataclass(frozen=True, slots=True)
class Steps:
    first: str
    """A line."""
    others: Sequence[str] = ()
    """A line each."""
    kinds: Collection[CaseKind] = ()
    """Those that the lines tell of."""


def steps(
    card: GroupCard, still_open: Sequence[CaseCard], named: Collection[CaseCard] = ()
) -> Steps:
    """What the account manager is asked, then what most of them need. `named` are those that the
    message tells of one by one: they are the account manager's."""
    waiting = [
        each
        for each in still_open
        if each.state is not CaseState.SNOOZED and case_words.looks_over(each) is None
    ]
    if not waiting:
        return Steps(f"*Next:* nothing: {_why_nothing(still_open)}.")
    if len(waiting) == 1:
        which = "*Next:*" if len(still_open) == 1 else f"*Next*, {waiting[0].reference}:"
        return Steps(f"{which} {case_words.next_step(waiting[0])}", kinds={waiting[0].kind})
    for_manager = _manager_first(card, waiting)
    ids = {each.case_id for each in named} if for_manager else set()
    asked_of = [each for each in waiting if each.case_id not in ids]
    asked = _most_asked(asked_of)
    shown = asked if len(asked) <= ASKS_SHOWN + 1 else asked[:ASKS_SHOWN]
    are_mixed = len({each.kind for each in still_open}) > 1
    told = [(_for_which(cards, asked_of, are_mixed), ask) for ask, cards in shown]
    rest = sum(len(cards) for _, cards in asked[len(shown) :])
    if rest:
        told.append((f"the other {text.number(rest)}", _OTHERS))
    kinds = {each.kind for _, cards in shown for each in cards} | {each.kind for each in named}
    lines = [f"{text.capital(which)}: {ask}." for which, ask in told]
    if for_manager:
        return Steps(f"*Next:* {for_manager}", lines, kinds)
    which, ask = told[0]
    return Steps(f"*Next*, {which}: {ask}.", lines[1:], kinds)


def _why_nothing(still_open: Sequence[CaseCard]) -> str:
    snoozed = sum(each.state is CaseState.SNOOZED for each in still_open)
    if not snoozed:
        return "it looks over" if len(still_open) == 1 else "all of them look over"
    if snoozed < len(still_open):
        return "what is not snoozed looks over"
    return "it is snoozed" if snoozed == 1 else "all of them are snoozed"


def _manager_first(card: GroupCard, waiting: Sequence[CaseCard]) -> str | None:
    """What is critical and nobody has, or was escalated, is the account manager's."""
    critical = group_words.critical(waiting)
    worst_ones = [each for each in critical if case_words.is_for_manager(each)]
    escalated = [each for each in waiting if each.state is CaseState.ESCALATED]
    if not card.account_manager or not (worst_ones or escalated):
        return None
    count = len(worst_ones or escalated)
    which = "critical" if worst_ones else "escalated"
    ones = f"{which} one" if count == 1 else f"{text.number(count)} {which} ones"
    if count == len(waiting):
        return f"{text.mention(card.account_manager)}, please see to {text.of_all(count, count)}."
    if worst_ones and count < len(critical):
        return (
            f"{text.mention(card.account_manager)}, please see first to the {ones} that nobody has."
        )
    return f"{text.mention(card.account_manager)}, please see to the {ones} first."


def _most_asked(cards: Sequence[CaseCard]) -> list[tuple[str, list[CaseCard]]]:
    by_ask: defaultdict[str, list[CaseCard]] = defaultdict(list)
    for card in cards:
        by_ask[words_of(card.kind).ask(card)].append(card)
    return sorted(by_ask.items(), key=lambda asked: -len(asked[1]))


def _for_which(cards: Sequence[CaseCard], asked_of: Sequence[CaseCard], are_mixed: bool) -> str:
    """`3 × past its promise`: by what they are, where that differs; else by how many."""
    if are_mixed:
        return group_words.times_each_kind(cards)
    if len(asked_of) == 1:
        return asked_of[0].reference
    is_all = len(cards) == len(asked_of)
    return "for each" if is_all else f"for {text.of_all(len(cards), len(asked_of))}"
