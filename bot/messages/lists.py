"""What several answers share: cases in a line each, worst first, and lists that fit."""

import math
from collections.abc import Sequence
from datetime import datetime

from bot.messages import case_words, facts, marks, shipment_words, text
from bot.messages.blocks import Block, Message, context, fitting, message
from bot.messages.cards import CaseCard
from storage.vocabulary import CaseKind, CaseState

_TAKEN = {CaseState.ACKNOWLEDGED, CaseState.SNOOZED}


def worst_first(cards: Sequence[CaseCard]) -> list[CaseCard]:
    """By severity; then what nobody has before what somebody has; then the oldest; of those that
    are equally old, as whatever was promised for the same day, the dearest."""
    return sorted(
        cards,
        key=lambda card: (
            -card.severity.rank,
            card.state in _TAKEN,
            card.since,
            -_value(card),
            card.case_id,
        ),
    )


def _value(card: CaseCard) -> float:
    value = card.shipment.value if card.shipment else None
    return value if value is not None and math.isfinite(value) else 0


ASKED = 100  # characters shown of what an escalation asks


def case_line(card: CaseCard) -> str:
    """`🔴 T-1042 · 2 days past its promise · 1Z99 · nobody has it yet`, where the partner is
    plain."""
    return _line(card, "", _state(card))


def case_line_in_group(card: CaseCard) -> str:
    """The same among others, of which it is told how many nobody has."""
    return _line(card, "", "" if card.state is CaseState.OPEN else _state(card))


def case_line_of_any_partner(card: CaseCard) -> str:
    return _line(card, case_words.partner(card) if card.partner_name else "", _state(card))


def linked_reference(card: CaseCard) -> str:
    """It leads to the message of the case, where that is known."""
    return text.link(card.reference, card.permalink) if card.permalink else card.reference


def _state(card: CaseCard) -> str:
    return f"{marks.STATE[card.state]} {case_words.state_line(card)}".strip()


def _line(card: CaseCard, partner: str, state: str) -> str:
    asked = ""
    if card.kind is CaseKind.ESCALATION and card.facts.get("reason"):
        asked = f"“{facts.words(card, 'reason', ASKED)}”"
    parts = [
        f"{marks.of_case(card.severity, card.state)} {linked_reference(card)}",
        partner,
        f"*{case_words.headline(card)}*",
        asked,
        text.safe(card.shipment.tracking_number, shipment_words.NUMBER) if card.shipment else "",
        state,
    ]
    return " · ".join(part for part in parts if part)


def listing(
    summary: str,
    head: Sequence[Block | None],
    lines: Sequence[str],
    foot: Sequence[Block | None] = (),
    not_read: int = 0,
) -> Message:
    """A message of lines between a head and a foot. Lines that don't fit, and the `not_read` that
    were not even looked up, are counted, not hidden."""
    packed, left_out = fitting(lines, [*head, *foot])
    left_out += not_read
    more = context(f"… and {text.number(left_out)} more.") if left_out else None
    return message(summary, [*head, *packed, more, *foot])


def as_of(now: datetime, zone: str) -> str:
    return f"As of {text.moment(now, zone, now)}, times {text.place(zone)}."
