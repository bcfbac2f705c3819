"""Said while nothing is judged, so that nobody takes silence for good news."""

from collections.abc import Sequence

from bot.messages import text
from bot.messages.blocks import Block, section

SOURCES_SHOWN = 8
KEY = 60  # characters shown of a source's

_SAID = "*Nothing is judged, and no delay told,* before each source was read to its end once."


def not_judging(unread: Sequence[str]) -> Block:
    """For our own people: `unread` are the keys of those sources."""
    names = ", ".join(text.safe(key, KEY) for key in unread[:SOURCES_SHOWN])
    more = len(unread) - SOURCES_SHOWN
    return section(f"{_SAID} Still to be read: {names}{f' and {more} more' if more > 0 else ''}.")


def not_judging_here() -> Block:
    """For a partner's channel, which sees no source."""
    return section(_SAID)
