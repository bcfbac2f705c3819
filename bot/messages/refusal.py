"""Why something was not done to a case, and what a partner's channel does not show."""

from bot.messages import text
from bot.messages.blocks import Message, context, message, section
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.history import history_line

_ELSEWHERE = (
    "In this channel I speak of its own partner alone. About others, ask me in another channel "
    "or in a direct message."
)


def refused_case(card: CaseCard, reason: str, last: HistoryEntry | None) -> Message:
    """`last` is what was last done to it: who, when, why."""
    said = f"{card.reference}: {text.sentence(text.safe(reason, 500))}"
    if last is not None:
        when = f"{text.moment(last.at, card.zone, card.now)} {text.place(card.zone)}"
        said = f"{said}\n{when}: {history_line(last, card)}"
    return message(said, [section(said)])


_SOURCES = "`/tallyman health` says when each source was last heard."


def with_sources(said: Message) -> Message:
    """For our own people: whoever is from outside can't see the sources."""
    hint = context(_SOURCES)
    return Message(f"{said.text} {_SOURCES}", [*said.blocks, *([hint] if hint else [])])


def with_hint(said: Message) -> Message:
    """For our own people in a partner's channel."""
    hint = context(_ELSEWHERE)
    return Message(f"{said.text} {_ELSEWHERE}", [*said.blocks, *([hint] if hint else [])])
