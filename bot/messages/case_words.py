"""What a case is about, who acts next, where it stands, and how it ended: a sentence each."""

from datetime import timedelta

from bot.cases.holding import FLAPS_FROM
from bot.messages import shipment_words, text, words
from bot.messages.cards import CaseCard, case_reference
from bot.messages.kinds import words_of
from bot.messages.kinds.asking import partner
from storage.vocabulary import CaseKind, CaseState, Severity, SnoozedFor, Status

__all__ = [
    "comes_and_goes",
    "ending",
    "headline",
    "headline_inside",
    "looks_over",
    "next_step",
    "partner",
    "resolution",
    "state_line",
]

NOTE = 600  # characters shown of a person's reason
_NOT_LOOKED_FOR = "it no longer counts as an exception"
_EXPLAINED_BY = "explained by "  # how the history notes the cause of what it resolved


def headline(card: CaseCard) -> str:
    """What is wrong, in a few words, without mark or partner; without a full stop."""
    kind = words_of(card.kind)
    if card.state is CaseState.RESOLVED:
        subject = kind.subject(card) if kind.subject else ""
        return f"{kind.name}: over" + (f" · {subject}" if subject else "")
    said = kind.headline(card)
    return said if kind.subject else text.capital(said)


def headline_inside(card: CaseCard) -> str:
    """The headline within a sentence; a name that it begins with keeps its capital."""
    said = headline(card)
    return said if words_of(card.kind).subject else said[:1].lower() + said[1:]


def next_step(card: CaseCard) -> str:
    """Who acts next, and what is asked of them, while the case is not resolved."""
    over = looks_over(card)
    if over is not None:
        return f"nothing: {over}."
    if card.state is CaseState.SNOOZED:
        return f"nothing {snooze_end(card)}".strip() + "."
    step = words_of(card.kind).ask(card)
    if is_for_manager(card) and card.account_manager:
        return f"{text.mention(card.account_manager)}, please see that {step}."
    return f"{step}."


def is_for_manager(card: CaseCard) -> bool:
    """What was escalated is, and what is critical while nobody has it."""
    if card.state is CaseState.ESCALATED:
        return True
    return card.severity is Severity.CRITICAL and card.state is not CaseState.ACKNOWLEDGED


def snooze_end(card: CaseCard) -> str:
    """`until Tue 18 Mar 11:00`, `until 11:00`, `until the next checkpoint`; empty where nothing is
    known."""
    until = card.snoozed_until
    shown = text.shortly(until, card.zone, card.now) if until else ""
    match card.snoozed_for:
        case SnoozedFor.CHECKPOINT:
            return "until the next checkpoint" + (f", {shown} at the latest" if shown else "")
        case SnoozedFor.PROMISE:
            return f"until the promise, {shown}" if shown else "until the promise"
        case SnoozedFor.TIME:
            return f"until {shown}" if shown else ""


def state_line(card: CaseCard) -> str:
    """Where the case stands, by whom, since when."""
    who = text.mention(card.handled_by) if is_person(card.handled_by) else "Tallyman"
    at = f", {text.shortly(card.handled_at, card.zone, card.now)}" if card.handled_at else ""
    match card.state:
        case CaseState.ACKNOWLEDGED:
            return f"{who} has it{at}"
        case CaseState.SNOOZED:
            return f"snoozed by {who} {snooze_end(card)}".strip()
        case CaseState.ESCALATED:
            # An escalation's own reason is told in full above.
            why = "" if card.kind is CaseKind.ESCALATION else _because(card.note)
            return f"escalated by {who}{at}{why}"
        case CaseState.RESOLVED:
            return resolution(card)
        case _:
            return "nobody has it yet"


def looks_over(card: CaseCard) -> str | None:
    """`looks over since 10:40; resolves at 12:40 if it stays so`."""
    if card.clear_since is None or card.state is CaseState.RESOLVED:
        return None
    since = text.shortly(card.clear_since, card.zone, card.now)
    when = "by itself"
    if card.resolves_at:
        when = f"at {text.shortly(card.resolves_at, card.zone, card.now)}"
    return f"looks over since {since}; resolves {when} if it stays so"


def comes_and_goes(card: CaseCard) -> str | None:
    """`on and off, 4 times since Sun 2 Mar: kept open until it stays away for 24 hours`."""
    if card.times_back < FLAPS_FROM or card.state is CaseState.RESOLVED:
        return None
    since = text.day(card.opened_at, card.zone, card.now)
    hours = text.number(card.stays_away_for / text.HOUR)
    return (
        f"on and off, {card.times_back + 1} times since {since}: kept open until it stays away "
        f"for {hours} h"
    )


def resolution(card: CaseCard) -> str:
    """How long it took and why it ended: `resolved after 3 days: delivered Tue 18 Mar, 4 days
    late`."""
    ended = card.resolved_at or card.now
    took = text.about(max(ended - card.opened_at, timedelta(0)))
    return f"resolved{_by_whom(card)} after {took}: {_why_over(card)}"


def ending(card: CaseCard) -> str:
    """Why it ended: `delivered Tue 18 Mar, 4 days late`, `resolved by … : it was paid`."""
    by = _by_whom(card)
    return f"resolved{by}: {_why_over(card)}" if by else _why_over(card)


def _by_whom(card: CaseCard) -> str:
    return f" by {text.mention(card.handled_by)}" if is_person(card.handled_by) else ""


def is_person(actor: str | None) -> bool:
    return actor not in (None, "rule", "clock")


def _why_over(card: CaseCard) -> str:
    cause = _cause(card)
    if cause is not None:
        case = f"{case_reference(card.explained_by_case)}: " if card.explained_by_case else ""
        return f"covered by {case}{words_of(cause).inside}"
    if card.note:
        return text.safe(card.note, NOTE)
    shipment, over = card.shipment, words_of(card.kind).over
    if shipment is None or card.kind in _TOLD_BY_ITSELF:
        return over
    if shipment.delivered_at is not None:
        return shipment_words.delivery(shipment, card.now)
    if shipment.status.is_final or shipment.status is Status.LOST:
        return words.STATUS[shipment.status]
    return over if words_of(card.kind).has_come_true(card) else _NOT_LOOKED_FOR


_TOLD_BY_ITSELF = {
    CaseKind.TERM_BREACHED,
    CaseKind.DELIVERED_SHORT,
    CaseKind.RETURN_NOT_PROCESSED,
    CaseKind.NUMBER_REUSED,
    CaseKind.CHECKPOINTS_CONTRADICT,
}
"""A delivery does not end these."""


def _cause(card: CaseCard) -> CaseKind | None:
    if card.explained_by is not None:
        return card.explained_by
    noted = (card.note or "").removeprefix(_EXPLAINED_BY)
    is_noted = noted != card.note and not is_person(card.handled_by) and noted in list(CaseKind)
    return CaseKind(noted) if is_noted else None


def _because(note: str | None) -> str:
    return f": {text.safe(note, NOTE)}" if note else ""
