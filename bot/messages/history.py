"""What is said in the thread of a case when something is done to it: one short sentence."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.messages import case_words, group_words, marks, shipment_words, text
from bot.messages.blocks import Message, message, section
from bot.messages.cards import CaseCard, HistoryEntry
from storage.vocabulary import CaseAction, CaseState, Severity


def history_reply(entry: HistoryEntry, card: CaseCard) -> Message:
    """`card` is the case as it stands after the entry."""
    said = history_line(entry, card)
    mark = _mark(entry, card)
    return message(said, [section(f"{mark} {said}".strip())])


def history_reply_in_group(entry: HistoryEntry, card: CaseCard) -> Message:
    """The same, where the thread tells of several cases."""
    said = f"{group_words.name(card, ' · ')}{_done_to_one(entry, card)}"
    return message(said, [section(f"{_mark(entry, card)} {said}".strip())])


def _done_to_one(entry: HistoryEntry, card: CaseCard) -> str:
    """After its name. What is escalated is said in the channel too: with what is wrong."""
    if entry.action is CaseAction.ESCALATED:
        wrong = case_words.headline_inside(card)
        return f", {wrong}: {_who(entry)} escalated it{_to(card)}{_why(entry)}"
    return f": {history_line(entry, card)}"


def history_line(entry: HistoryEntry, card: CaseCard) -> str:
    """Who did what, and why; without mark."""
    return _LINES[entry.action](entry, card)


def _opened(_entry: HistoryEntry, card: CaseCard) -> str:
    return f"Opened: {case_words.headline_inside(card)}."


def _changed(entry: HistoryEntry, card: CaseCard) -> str:
    step = _SEVERITIES.fullmatch(entry.note or "")
    why = case_words.headline_inside(card)
    if step is None:
        note = f" ({text.safe(entry.note, case_words.NOTE)})" if entry.note else ""
        return f"Changed{note}: {why}."
    before, after = Severity(step["before"]), Severity(step["after"])
    if step["why"]:
        why = text.safe(step["why"], case_words.NOTE)
    if after.rank < before.rank:
        return f"No longer {_SEVERITY[before]}: {why}."
    rings = after is Severity.CRITICAL and card.account_manager
    bell = f" {text.mention(card.account_manager)}, please see to it." if rings else ""
    return f"Now {_SEVERITY[after]}: {why}.{bell}"


_SEVERITIES = re.compile(
    r"(?P<before>info|warning|critical) to (?P<after>info|warning|critical)(?:: (?P<why>.+))?",
    re.DOTALL,
)
_SEVERITY = {
    Severity.INFO: "for information",
    Severity.WARNING: "a warning",
    Severity.CRITICAL: "critical",
}


def _handed_over(_entry: HistoryEntry, card: CaseCard) -> str:
    return f"Told here from now on: {case_words.headline_inside(card)}."


def _acknowledged(entry: HistoryEntry, _card: CaseCard) -> str:
    return f"{_who(entry)} has it{_why(entry)}"


def _snoozed(entry: HistoryEntry, card: CaseCard) -> str:
    end = case_words.snooze_end(replace(card, snoozed_until=entry.until or card.snoozed_until))
    if not end:
        return f"{_who(entry)} snoozed it{_why(entry)}"
    is_timed = (entry.until or card.snoozed_until) is not None
    place = f" {text.place(card.zone)}" if is_timed else ""
    return f"{_who(entry)} snoozed it {end}{place}{_why(entry)}"


def _snooze_ended(entry: HistoryEntry, card: CaseCard) -> str:
    why = f" ({text.safe(entry.note, case_words.NOTE)})" if entry.note else ""
    return f"The snooze is over{why} and it is still open: {case_words.headline_inside(card)}."


def _escalated(entry: HistoryEntry, card: CaseCard) -> str:
    # It is said in the channel too, away from the alert: "it" would be nobody knows what.
    what = card.reference
    if card.shipment is not None:
        what = text.safe(card.shipment.tracking_number, shipment_words.NUMBER)
    return f"{_who(entry)} escalated {what}{_to(card)}{_why(entry)}"


def _to(card: CaseCard) -> str:
    return f" to {text.mention(card.account_manager)}" if card.account_manager else ""


def _resolved(entry: HistoryEntry, card: CaseCard) -> str:
    if _is_person(entry):
        return f"{_who(entry)} resolved it{_why(entry)}"
    by_itself = replace(card, handled_by=entry.actor, note=entry.note)
    return text.sentence(case_words.resolution(by_itself))


def _reopened(entry: HistoryEntry, card: CaseCard) -> str:
    parts = [f"{_who(entry)} reopened it" if _is_person(entry) else "Back again"]
    steady = case_words.comes_and_goes(card)
    if card.times_back > 1 and not steady:
        since = text.day(card.opened_at, card.zone, card.now)
        parts.append(f"{text.ordinal(card.times_back)} time since {since}")
    worse = _SEVERITIES.fullmatch(entry.note or "")
    if worse is not None:
        parts.append(f"now {_SEVERITY[Severity(worse['after'])]}")
    tail = f" {text.sentence(steady)}" if steady else ""
    return f"{', '.join(parts)}: {case_words.headline_inside(card)}.{tail}"


_LINES: dict[CaseAction, Callable[[HistoryEntry, CaseCard], str]] = {
    CaseAction.OPENED: _opened,
    CaseAction.CHANGED: _changed,
    CaseAction.ACKNOWLEDGED: _acknowledged,
    CaseAction.SNOOZED: _snoozed,
    CaseAction.SNOOZE_ENDED: _snooze_ended,
    CaseAction.ESCALATED: _escalated,
    CaseAction.RESOLVED: _resolved,
    CaseAction.REOPENED: _reopened,
    CaseAction.HANDED_OVER: _handed_over,
}


def _who(entry: HistoryEntry) -> str:
    return text.mention(entry.actor) if _is_person(entry) else "Tallyman"


def _is_person(entry: HistoryEntry) -> bool:
    return case_words.is_person(entry.actor)


def _why(entry: HistoryEntry) -> str:
    if not entry.note:
        return "."
    return f": {text.ended(text.safe(entry.note, case_words.NOTE))}"


STATE_AFTER = {
    CaseAction.ACKNOWLEDGED: CaseState.ACKNOWLEDGED,
    CaseAction.SNOOZED: CaseState.SNOOZED,
    CaseAction.ESCALATED: CaseState.ESCALATED,
    CaseAction.RESOLVED: CaseState.RESOLVED,
}


def _mark(entry: HistoryEntry, card: CaseCard) -> str:
    state = STATE_AFTER.get(entry.action)
    return marks.STATE[state] if state else marks.SEVERITY[card.severity]
