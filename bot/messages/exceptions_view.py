"""The answers to /exceptions: open cases, worst first; or the one that is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import marks, text
from bot.messages.blocks import Block, Message, context, message, section
from bot.messages.cards import CaseCard
from bot.messages.case_alert import notification
from bot.messages.lists import as_of, case_line, case_line_of_any_partner, listing, worst_first
from storage.vocabulary import Severity


def exceptions_view(
    cards: Sequence[CaseCard],
    now: datetime,
    zone: str,
    partner_name: str | None = None,
    not_read: int = 0,
    warning: Block | None = None,
) -> Message:
    """`not_read`: open cases beyond those given, when there are too many to look up. `warning`:
    what the reader has to know before relying on it."""
    of_whom = f" of {text.safe(partner_name, 80)}" if partner_name else ""
    if not cards:
        none = f"No open cases{of_whom}"
        said = f"{none}. Nothing to do." if warning is None else f"{none} are known yet."
        return message(said, [warning, section(said), context(as_of(now, zone))])
    total = text.plural(len(cards) + not_read, "open case")
    counts = ", ".join(
        f"{marks.SEVERITY[severity]} {count} {_word(severity)}"
        for severity in sorted(Severity, key=lambda severity: -severity.rank)
        if (count := sum(card.severity is severity for card in cards))
    )
    line = case_line if partner_name else case_line_of_any_partner
    return listing(
        f"{total}{of_whom}",
        [warning, section(f"*{total}{of_whom}, worst first*\n{counts}")],
        [line(replace(card, zone=zone)) for card in worst_first(cards)],
        [context(as_of(now, zone))],
        not_read,
    )


def one_case_view(card: CaseCard, now: datetime) -> Message:
    """Of one that was asked for by its name, whether it is open or over."""
    line = case_line_of_any_partner(card)
    return message(notification(card), [section(line), context(as_of(now, card.zone))])


def _word(severity: Severity) -> str:
    return "for information" if severity is Severity.INFO else severity.value
