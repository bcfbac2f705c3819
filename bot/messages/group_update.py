"""What changed by itself in a group since the last word in its thread: one short reply."""

from collections.abc import Iterator, Sequence

from bot.messages import case_words, group_words, marks, text
from bot.messages.blocks import Message, message, section
from bot.messages.cards import CaseCard, GroupCard
from bot.messages.lists import worst_first
from storage.vocabulary import CaseState, Severity

WHY = 240  # characters
NAMED = 3  # cases of a kind of change; the others are counted

_SEVERITY = {
    Severity.CRITICAL: "critical",
    Severity.WARNING: "a warning",
    Severity.INFO: "for information",
}


def group_update(
    card: GroupCard,
    joined: Sequence[CaseCard],
    resolved: Sequence[CaseCard],
    reopened: Sequence[CaseCard],
    worse: Sequence[CaseCard],
) -> Message:
    """`card` is the group as it stands now; each other list the cases of it that did so."""
    lines = [
        *_severities(card, worse),
        _told(joined, "joined", "joined"),
        _told(reopened, "is open again", "are open again"),
        _resolved(resolved),
        _standing(card),
    ]
    shown = [line for line in lines if line]
    mark = _mark([*worse, *joined, *reopened])
    return message(" ".join(shown), [section(f"{mark} " + "\n".join(shown))])


def _severities(card: GroupCard, worse: Sequence[CaseCard]) -> Iterator[str | None]:
    for severity in sorted(Severity, key=lambda each: -each.rank):
        changed = [each for each in worse if each.severity is severity]
        now = f"{_SEVERITY[severity]} now"
        said = _told(changed, f"is {now}", f"are {now}")
        rings = said and severity is Severity.CRITICAL and card.account_manager
        bell = f" {text.mention(card.account_manager)}, please see to it." if rings else ""
        yield f"{said}{bell}" if said else None


def _resolved(cards: Sequence[CaseCard]) -> str | None:
    if len(cards) != 1:
        return _told(cards, "", "are over")
    how = text.cut(case_words.resolution(cards[0]), WHY)
    return f"{group_words.name_with_number(cards[0])} was {text.ended(how)}"


def _told(cards: Sequence[CaseCard], does: str, do: str) -> str | None:
    """Of one, what it is about; of several, which."""
    if not cards:
        return None
    ordered = worst_first(cards)
    if len(ordered) == 1:
        what = text.cut(case_words.headline_inside(ordered[0]), WHY)
        return f"{group_words.name_with_number(ordered[0])} {does}: {text.ended(what)}"
    named = ", ".join(group_words.name_with_number(each) for each in ordered[:NAMED])
    more = len(ordered) - NAMED
    counted = f" and {text.number(more)} more" if more > 0 else ""
    return f"{text.number(len(ordered))} {do}: {named}{counted}."


def _standing(card: GroupCard) -> str:
    still_open = len(group_words.open_cases(card.cases))
    if not still_open:
        return "Nothing is left open."
    are = "is" if still_open == 1 else "are"
    still = " still" if still_open < len(card.cases) else ""
    return f"{text.capital(text.of_all(still_open, len(card.cases)))} {are}{still} open."


def _mark(open_ones: Sequence[CaseCard]) -> str:
    """Of the worst that is said; where all of it is good news, that."""
    worst = max(open_ones, key=lambda each: each.severity.rank, default=None)
    return marks.SEVERITY[worst.severity] if worst else marks.STATE[CaseState.RESOLVED]
