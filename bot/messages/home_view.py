"""The App Home: my open cases by partner, what is muted, and how the sources are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from bot.messages import case_words, text
from bot.messages.blocks import Block, context, divider, fitting, section
from bot.messages.cards import CaseCard, SourceCard
from bot.messages.health_view import source_line
from bot.messages.lists import as_of, case_line, worst_first
from bot.messages.mutes import MuteCard, mute_line

CASES_SHOWN = 8  # of one partner
PARTNERS_SHOWN = 20
MUTES_SHOWN = 10
CHARACTERS = 40_000  # of a view Slack takes 250 KB


def home_view(
    cases: Sequence[CaseCard],
    sources: Sequence[SourceCard],
    now: datetime,
    zone: str,
    mutes: Sequence[MuteCard] = (),
    warning: Block | None = None,
) -> Block:
    """A view of type `home`, for views.publish. `sources` is empty for who may not see them.
    `warning`: what the reader has to know before relying on it."""
    blocks: list[Block] = [] if warning is None else [warning]
    none = (
        "*No open cases.* Nothing to do." if warning is None else "*No open cases are known yet.*"
    )
    blocks.append(section(_title(cases) if cases else none))
    blocks += _by_partner([replace(card, zone=zone) for card in cases])
    if mutes:
        blocks += _muted(mutes, blocks)
    if sources:
        lines, _left_out = fitting(
            [source_line(source, now, zone) for source in sources], blocks, CHARACTERS
        )
        blocks += [divider(), section("*Sources*"), *lines[:PARTNERS_SHOWN]]
    ages = context(f"{as_of(now, zone)} `/tallyman help` lists what you can ask.")
    return {"type": "home", "blocks": [*blocks, *([ages] if ages else [])]}


def _muted(mutes: Sequence[MuteCard], used: Sequence[Block]) -> list[Block]:
    """The next to end first."""
    lines = [mute_line(card) for card in mutes[:MUTES_SHOWN]]
    shown, left_out = fitting(lines, used, CHARACTERS)
    left_out += len(mutes) - len(lines)
    more = f" … and {text.number(left_out)} more." if left_out else ""
    return [
        divider(),
        section(f"*Muted* ({text.number(len(mutes))}): `/tallyman mutes` ends them.{more}"),
        *shown,
    ]


def _title(cases: Sequence[CaseCard]) -> str:
    return f"*{text.plural(len(cases), 'open case')}, worst first*"


def _by_partner(cases: Sequence[CaseCard]) -> list[Block]:
    """The partner with the worst case first."""
    worst = worst_first(cases)
    place_of_partner: dict[str, int] = {}
    for card in worst:
        place_of_partner.setdefault(card.partner_name or "", len(place_of_partner))
    worst.sort(key=lambda card: place_of_partner[card.partner_name or ""])
    groups = [list(group) for _, group in groupby(worst, key=lambda card: card.partner_name)]
    blocks = [_group(group) for group in groups[:PARTNERS_SHOWN]]
    left_out = len(groups) - len(blocks)
    if left_out:
        blocks.append(section(f"… and {text.plural(left_out, 'more partner', 'more partners')}."))
    return blocks


def _group(group: Sequence[CaseCard]) -> Block:
    name = case_words.partner(group[0]) if group[0].partner_name else "Tallyman itself"
    lines = [case_line(card) for card in group[:CASES_SHOWN]]
    left_out = len(group) - len(lines)
    more = [f"… and {left_out} more: `/exceptions`"] if left_out else []
    return section("\n".join([f"*{name}* ({len(group)})", *lines, *more]))
