"""What is said in the thread of a group when somebody does something to cases of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import case_words, marks, text
from bot.messages.blocks import Message, message, section
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.history import STATE_AFTER, history_reply_in_group
from storage.vocabulary import CaseAction

_NAMED = 5  # cases; the others are counted


def deed_reply(entry: HistoryEntry, cards: Sequence[CaseCard]) -> Message:
    """`cards` are the cases that it was done to, at once, as they stand after it."""
    if len(cards) == 1:
        return history_reply_in_group(entry, cards[0])
    said = f"{text.mention(entry.actor)} {_did(entry, cards)}"
    state = STATE_AFTER.get(entry.action)
    mark = marks.STATE[state] if state else ""
    return message(said, [section(f"{mark} {said}".strip())])


def _did(entry: HistoryEntry, cards: Sequence[CaseCard]) -> str:
    which = f"{len(cards)} of them ({_named(cards)})"
    match entry.action:
        case CaseAction.ACKNOWLEDGED:
            return f"has {which}."
        case CaseAction.SNOOZED:
            end = case_words.snooze_end(replace(cards[0], snoozed_until=entry.until))
            return f"snoozed {which} {end}".rstrip() + "."
        case CaseAction.ESCALATED:
            manager = cards[0].account_manager
            to = f" to {text.mention(manager)}" if manager else ""
            return f"escalated {which}{to}{_why(entry)}"
        case CaseAction.RESOLVED:
            return f"resolved {which}{_why(entry)}"
        case _:
            return f"changed {which}{_why(entry)}"


def _named(cards: Sequence[CaseCard]) -> str:
    named = ", ".join(card.reference for card in cards[:_NAMED])
    more = len(cards) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


def _why(entry: HistoryEntry) -> str:
    if not entry.note:
        return "."
    return f": {text.ended(text.safe(entry.note, case_words.NOTE))}"
