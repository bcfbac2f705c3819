"""The shipments behind a missed figure, one line each."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages import shipment_words, text
from bot.messages.blocks import Message, context, message, section
from bot.messages.cards import MissLine
from bot.messages.lists import as_of, listing


def misses_view(
    title: str, lines: Sequence[MissLine], now: datetime, zone: str, not_read: int = 0
) -> Message:
    """`title` names the figure: `On-time delivery, June 2014`. `not_read`: beyond `lines`."""
    named = text.safe(title, 150)
    if not lines:
        nothing = f"{named}: no shipment is behind it any more."
        return message(nothing, [section(nothing)])
    summary = f"{named}: {text.plural(len(lines) + not_read, 'shipment')} behind it"
    return listing(
        summary,
        [section(f"*{summary}*")],
        [shipment_words.miss(line, now) for line in lines],
        [context(as_of(now, zone))],
        not_read,
    )
