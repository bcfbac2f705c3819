"""What an alert stands for, as it is now, in its thread: for whoever asks there."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages import text
from bot.messages.blocks import Message, context, message, section
from bot.messages.cards import CaseCard
from bot.messages.lists import as_of, case_line, listing, worst_first


def thread_view(
    shown: Sequence[CaseCard], cases: int, still_open: int, now: datetime, zone: str
) -> Message:
    """`shown` are the worst of those that are still open."""
    if not still_open:
        over = "It is" if cases == 1 else f"All {text.number(cases)} are"
        return _say(f"{over} resolved: nothing is left to do.")
    is_one = cases == 1
    head = f"{text.number(still_open)} of {text.number(cases)} still open, the worst first:"
    hint = None if is_one else "Name one to ask about it, or choose it under the message."
    return listing(
        "It is still open." if is_one else head.removesuffix(", the worst first:") + ".",
        [] if is_one else [section(head)],
        [case_line(card) for card in worst_first(shown)],
        [context(hint, as_of(now, zone))],
        not_read=still_open - len(shown),
    )


def which_one(shown: Sequence[CaseCard], cases: int) -> Message:
    """To a wish that is about one case, in the thread of several."""
    example = f", such as `escalate {worst_first(shown)[0].reference} reason`" if shown else ""
    return _say(
        f"This thread is about {text.plural(cases, 'case')}: say which one is meant{example}."
    )


def _say(words: str) -> Message:
    return message(words, [section(words)])
