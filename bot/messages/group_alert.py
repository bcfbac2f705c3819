"""The one message that stands for several cases: how many of what, since when, who acts next."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.messages import case_words, common_cause, group_steps, group_words, marks, text
from bot.messages.blocks import (
    MESSAGE_CHARACTERS,
    Block,
    Message,
    actions,
    button,
    characters,
    context,
    fitting,
    menu,
    message,
    section,
)
from bot.messages.cards import CaseCard, GroupCard
from bot.messages.case_table import MOST_ROWS, CaseTable, case_table
from bot.messages.group_update import group_update
from bot.messages.kinds.asking import NAME
from bot.messages.lists import case_line_in_group, worst_first
from storage.vocabulary import AlertForm, CaseState

__all__ = [
    "GROUP_ACKNOWLEDGE",
    "GROUP_LIST",
    "GROUP_ONE",
    "GROUP_RESOLVE",
    "GROUP_SNOOZE",
    "group_alert",
    "group_block_id",
    "group_update",
    "shows_all",
]

GROUP_ACKNOWLEDGE = "group_acknowledge"
GROUP_SNOOZE = "group_snooze"
GROUP_RESOLVE = "group_resolve"
GROUP_LIST = "group_list"
GROUP_ONE = "group_one"

CAPTION = "The worst first"
CRITICAL_NAMED = 5  # by themselves; the others are counted
CRITICAL_CHARACTERS = 3500  # of their lines together

_SHORTLY = {
    CaseState.ACKNOWLEDGED: "acknowledged",
    CaseState.SNOOZED: "snoozed",
    CaseState.ESCALATED: "escalated",
}


def group_block_id(alert_id: int) -> str:
    return f"group:{alert_id}"


def group_alert(card: GroupCard) -> Message:
    """The same card gives the same message; it is edited in place as its cases go on."""
    still_open = worst_first(group_words.open_cases(card.cases))
    return _standing(card, still_open) if still_open else _over(card)


def shows_all(card: GroupCard) -> bool:
    """Whether every case that is still open stands in the message; else there is more to list."""
    still_open = worst_first(group_words.open_cases(card.cases))
    if not still_open or len(still_open) > MOST_ROWS:
        return not still_open
    return _table(card, still_open, _above(card, still_open)).left_out == 0


# -- while something is open -------------------------------------------------


def _standing(card: GroupCard, still_open: Sequence[CaseCard]) -> Message:
    above = _above(card, still_open)
    table = _table(card, still_open, above)
    return message(
        _notification(card, still_open),
        [
            *above,
            table.block,
            _more(table.left_out),
            context(*_footer(card, still_open)),
            actions(group_block_id(card.alert_id), _buttons(card, still_open, table.options)),
        ],
    )


def _table(card: GroupCard, still_open: Sequence[CaseCard], above: Sequence[Block]) -> CaseTable:
    """As large as the rest of the message leaves room for."""
    rest = [
        *above,
        _more(len(still_open)),
        context(*_footer(card, still_open)),
        actions(group_block_id(card.alert_id), _buttons(card, still_open, [])),
    ]
    return case_table(CAPTION, still_open, MESSAGE_CHARACTERS - characters(rest))


def _above(card: GroupCard, still_open: Sequence[CaseCard]) -> list[Block]:
    critical_ones = _critical_ones(card, still_open)
    named = group_words.critical(still_open) if critical_ones else []
    steps = group_steps.steps(card, still_open, named)
    is_told = {each.kind for each in still_open} <= set(steps.kinds)
    facts = [
        ("What", None if is_told else group_words.by_kind(still_open)),
        ("Lanes", group_words.by_lane(still_open)),
    ]
    lines = [f"*{label}* {value}" for label, value in facts if value]
    standing = _standing_line(card, still_open)
    return [
        section("\n".join([_title(card, still_open), *_in_common(still_open), *lines])),
        *([section(steps.first), *critical_ones] if critical_ones else []),
        section("\n".join([*([] if critical_ones else [steps.first]), *steps.others, standing])),
    ]


def _title(card: GroupCard, still_open: Sequence[CaseCard]) -> str:
    mark = marks.SEVERITY[still_open[0].severity]
    who = f"{_partner(card)} · " if card.partner_name else ""
    return f"{mark} *{who}{group_words.headline(card)}*"


def _in_common(still_open: Sequence[CaseCard]) -> list[str]:
    """What all of them say, where they go and are, and what they are worth, on a line."""
    parts = [
        group_words.shared_headline(still_open),
        common_cause.shared_lane(still_open),
        common_cause.in_common(still_open),
        group_words.at_stake(still_open),
    ]
    line = " · ".join(part for part in parts if part)
    return [text.capital(line)] if line else []


def _partner(card: GroupCard) -> str:
    return text.safe(card.partner_name or "Tallyman", NAME)


def _critical_ones(card: GroupCard, still_open: Sequence[CaseCard]) -> list[Block]:
    """By themselves, where they would drown in the many."""
    worst_ones = group_words.critical(still_open)
    if card.form is AlertForm.GROUP or len(worst_ones) == len(still_open):
        return []
    named = [case_line_in_group(each) for each in worst_ones[:CRITICAL_NAMED]]
    sections, left_out = fitting(named, [], CRITICAL_CHARACTERS)
    more = len(worst_ones) - len(named) + left_out
    ones = "one" if more == 1 else "ones"
    rest = context(f"… and {text.number(more)} more critical {ones}, first in the table.")
    return [*sections, rest] if more and rest else sections


def _more(left_out: int) -> Block | None:
    if not left_out:
        return None
    return context(f"… and {text.number(left_out)} more, in the full list.")


def _standing_line(card: GroupCard, still_open: Sequence[CaseCard]) -> str:
    """Who has how many of them; how many are over stands in the headline."""
    taken_by = {each.handled_by for each in still_open if each.state is CaseState.ACKNOWLEDGED}
    states = Counter(each.state for each in card.cases)
    if states[CaseState.ACKNOWLEDGED] == len(still_open) and len(taken_by) == 1:
        all_of_them = text.of_all(len(still_open), len(still_open)) if still_open[1:] else "it"
        return f"{marks.STATE[CaseState.ACKNOWLEDGED]} {text.mention(*taken_by)} has {all_of_them}"
    counts = [
        f"{marks.STATE[state]} {text.number(states[state])} {word}"
        for state, word in _SHORTLY.items()
        if states[state]
    ]
    untaken = group_words.nobody_has(still_open)
    return " · ".join([*([text.capital(untaken)] if untaken else []), *counts])


def _footer(card: GroupCard, still_open: Sequence[CaseCard]) -> list[str | None]:
    since = text.moment(min(each.since for each in still_open), card.zone, card.now)
    as_of = f"{text.moment(card.now, card.zone, card.now)} {text.place(card.zone)}"
    earlier = "An earlier message tells of those that came before." if card.continues else None
    return [f"Since {since} · as of {as_of}", earlier]


def _buttons(
    card: GroupCard, still_open: Sequence[CaseCard], options: Sequence[Block]
) -> list[Block]:
    states = {each.state for each in still_open}
    value = str(card.alert_id)
    shown: list[Block] = []
    if CaseState.OPEN in states:
        shown.append(button("Acknowledge all", GROUP_ACKNOWLEDGE, value, style="primary"))
    if states & {CaseState.OPEN, CaseState.ACKNOWLEDGED}:
        shown.append(button("Snooze all", GROUP_SNOOZE, value))
    shown.append(button("Resolve all", GROUP_RESOLVE, value))
    shown.append(button("Full list", GROUP_LIST, value))
    return [*shown, menu("One case…", GROUP_ONE, options)] if options else shown


def _notification(card: GroupCard, still_open: Sequence[CaseCard]) -> str:
    lane = common_cause.shared_lane(still_open)
    sentences = [
        ", ".join(
            part for part in (f"{_partner(card)}: {group_words.headline(card)}", lane) if part
        ),
        _how_many_critical(still_open),
        group_words.nobody_has(still_open),
        common_cause.in_common(still_open),
        f"the worst is {group_words.worst(still_open)}",
    ]
    return _spoken(" ".join(text.sentence(each) for each in sentences if each))


def _how_many_critical(still_open: Sequence[CaseCard]) -> str | None:
    count = len(group_words.critical(still_open))
    if not count:
        return None
    if len(still_open) == 1:
        return "it is critical"
    return f"{text.of_all(count, len(still_open))} {'is' if count == 1 else 'are'} critical"


def _spoken(words: str) -> str:
    """As a notification has it and a screen reader reads it out."""
    return words.replace(" · ", ", ")


# -- when all of it is over --------------------------------------------------


def _over(card: GroupCard) -> Message:
    who = f"{_partner(card)} · " if card.partner_name else ""
    headline = group_words.headline(card)
    outcome = _outcome(card)
    lane = common_cause.shared_lane(card.cases)
    lasted = text.between(_begun(card), _ended(card), card.zone, card.now)
    kinds = group_words.by_kind(card.cases)
    title = f"{marks.STATE[CaseState.RESOLVED]} *{who}{headline}*"
    return message(
        _spoken(f"{_partner(card)}: {headline}. {outcome}"),
        [
            section("\n".join([title, *([lane] if lane else [])])),
            section(outcome),
            context(
                f"{text.capital(kinds)}." if kinds else None,
                f"{text.plural(len(card.cases), 'case')} · {lasted} {text.place(card.zone)}",
            ),
        ],
    )


def _outcome(card: GroupCard) -> str:
    """How long all of it took, and what was last."""
    last = _last(card)
    took = text.about(_ended(card) - _begun(card))
    ending = text.ended(case_words.ending(last))
    return f"It took {took}. The last: {group_words.name_with_number(last)}, {ending}"


def _last(card: GroupCard) -> CaseCard:
    return max(card.cases, key=lambda each: (each.resolved_at or card.opened_at, each.case_id))


def _begun(card: GroupCard) -> datetime:
    return min(each.opened_at for each in card.cases)


def _ended(card: GroupCard) -> datetime:
    return card.resolved_at or _last(card).resolved_at or card.now
