"""Mutes in words: what is not said for a while, why, by whom, until when; and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import marks, shipment_words, text
from bot.messages.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    message,
    section,
)
from bot.messages.case_words import is_person
from bot.messages.kinds import words_of
from storage.vocabulary import CaseKind

MUTE_END = "mute_end"
USAGE = '/tallyman mute [PARTNER] [KIND] [NUMBER] [lane "FROM → TO"] for|until END reason WHY'
EXAMPLE = '/tallyman mute acme lane "Hamburg → Lagos" for 3 days reason the port is closed'
NAME = 80  # characters shown of a partner's name
LANE = 110
REASON = 600
REASON_IN_LIST = 150
SHOWN_AT_MOST = 12  # mutes of one list
KINDS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class MuteCard:
    """A mute as people see it; raw as it came."""

    mute_id: int
    reason: str
    author: str
    """Slack user id."""
    created_at: datetime
    ends_at: datetime
    now: datetime
    zone: str
    """IANA name of the zone that its times are told in."""
    partner_name: str | None = None
    """None where it is about all partners."""
    kind: CaseKind | None = None
    lane: str | None = None
    tracking_number: str | None = None
    held_back: int = 0
    """Cases, so far."""
    ended_at: datetime | None = None
    ended_by: str | None = None
    """Slack user id, or `clock`."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What a mute held back of one kind."""

    kind: CaseKind
    cases: int
    open: int


@dataclass(frozen=True, slots=True)
class MuteTally:
    """What came of a mute."""

    kinds: Sequence[HeldBack] = ()
    """The most frequent first."""
    muted_still: int = 0
    """Of those still open: another mute goes on holding them back."""

    @property
    def cases(self) -> int:
        return sum(each.cases for each in self.kinds)

    @property
    def open(self) -> int:
        return sum(each.open for each in self.kinds)


# -- what it is about --------------------------------------------------------------------------


def subject(card: MuteCard) -> str:
    """`Acme Freight · Past its promise · Hamburg → Lagos`."""
    return " · ".join(
        part
        for part in (
            text.safe(card.partner_name, NAME) if card.partner_name else "All partners",
            words_of(card.kind).name if card.kind else "",
            text.safe(card.lane, LANE) if card.lane else "",
            text.safe(card.tracking_number, shipment_words.NUMBER) if card.tracking_number else "",
        )
        if part
    )


def until(card: MuteCard) -> str:
    return f"until {_at(card.ends_at, card)} {text.place(card.zone)}"


def mute_line(card: MuteCard) -> str:
    """With what it held back so far, for lists."""
    held = text.plural(card.held_back, "case") if card.held_back else "nothing"
    return (
        f"{marks.MUTED} *{card.mute_id} · {subject(card)}* · {until(card)}\n"
        f"{_why(card, REASON_IN_LIST)} By {text.mention(card.author)} since "
        f"{_at(card.created_at, card)}; "
        f"{held} held back so far."
    )


# -- in the channel ----------------------------------------------------------------------------


def mute_notice(card: MuteCard) -> Message:
    """What everybody in the channel must know while it lasts."""
    head = f"{marks.MUTED} *Muted {until(card)}: {subject(card)}*"
    who = f"Muted by {text.mention(card.author)}, {_at(card.created_at, card)}."
    return message(
        f"Muted {until(card)}: {subject(card)}. {_why(card)}",
        [
            section(f"{head}\n{_why(card)} {who}"),
            context(
                "What comes up is noted and not said here. When the mute ends, it is told what "
                "came up and what is still open. Escalations are said all the same."
            ),
            actions(f"mute:{card.mute_id}", [end_button(card, "End now")]),
        ],
    )


def ended_notice(card: MuteCard, tally: MuteTally) -> Message:
    """What the notice becomes when it is over."""
    head = f"*No longer muted: {subject(card)}*"
    ended = card.ended_at or card.ends_at
    lasted = f"Muted by {text.mention(card.author)} from {_at(card.created_at, card)} to "
    lasted += f"{_at(ended, card)} {text.place(card.zone)}{_by_whom(card)}."
    held = f"{_held(tally)}."
    if tally.open:
        held = f"{_held(tally)}; {text.number(tally.open)} still open when it ended."
    return message(
        f"No longer muted: {subject(card)}. {held}",
        [section(f"{head}\n{_why(card)} {lasted}"), section(held)],
    )


def mute_over(card: MuteCard, tally: MuteTally) -> Message:
    """Said aloud when it ends: that it is over, and what was not said meanwhile."""
    over = f"is over{_by_whom(card)}."
    kinds = [
        f"• {words_of(each.kind).name}: {text.number(each.cases)}"
        + (f", {text.number(each.open)} still open" if each.open else "")
        for each in tally.kinds[:KINDS_SHOWN]
    ]
    left_out = sum(each.cases for each in tally.kinds[KINDS_SHOWN:])
    if left_out:
        kinds.append(f"• other kinds: {text.number(left_out)}")
    said = f"*The mute of {subject(card)}* {over}"
    lines = [said, _came_up(tally), *(kinds if len(tally.kinds) > 1 else ())]
    return message(
        f"The mute of {subject(card)} {over} {_came_up(tally)}", [section("\n".join(lines))]
    )


def end_button(card: MuteCard, label: str) -> Block:
    return button(label, MUTE_END, str(card.mute_id))


# -- to the person who asked -------------------------------------------------------------------


def muted(card: MuteCard, channel: str) -> Message:
    """The confirmation, to who asked for it; `channel` is where it is shown."""
    return _say(
        f"{marks.MUTED} Muted {until(card)}: *{subject(card)}*. {text.channel(channel)} is told "
        f"so, and again when it is over. `/tallyman unmute {card.mute_id}` ends it earlier."
    )


def already_muted(card: MuteCard) -> Message:
    return _say(
        f"*{subject(card)}* is muted already, {until(card)}, by {text.mention(card.author)}. "
        f"`/tallyman unmute {card.mute_id}` ends it; then mute it anew."
    )


def unmuted(card: MuteCard, channel: str) -> Message:
    return _say(
        f"The mute of *{subject(card)}* is over. What it held back is told in "
        f"{text.channel(channel)} in a moment."
    )


def already_over(card: MuteCard) -> Message:
    ended = f" since {_at(card.ended_at, card)}" if card.ended_at else ""
    return _say(f"The mute of *{subject(card)}* is over{ended}{_by_whom(card)}.")


def mutes_list(cards: Sequence[MuteCard], now: datetime, zone: str, may_end: bool) -> Message:
    """The next to end first."""
    if not cards:
        return _say(
            f"Nothing is muted here.{f' `{EXAMPLE}` would mute a lane.' if may_end else ''}"
        )
    summary = f"{text.plural(len(cards), 'mute')}, the next to end first"
    blocks: list[Block | None] = [section(f"*{summary}*")]
    for card in cards[:SHOWN_AT_MOST]:
        blocks.append(section(mute_line(card)))
        if may_end:
            blocks.append(
                actions(f"mute:{card.mute_id}", [end_button(card, f"End {card.mute_id}")])
            )
    left_out = len(cards) - SHOWN_AT_MOST
    more = f"… and {text.number(left_out)} more. " if left_out > 0 else ""
    return message(summary, [*blocks, divider(), context(f"{more}{_as_of(now, zone)}")])


def _as_of(now: datetime, zone: str) -> str:
    """Each mute says itself in which zone its times are."""
    return f"As of {text.moment(now, zone, now)} {text.place(zone)}."


def unknown_mute(typed: str) -> Message:
    return _say(
        f"There is no mute “{text.safe(typed, 40)}” here. `/tallyman mutes` lists those that hold."
    )


def which_mute() -> Message:
    return _say("Which one? `/tallyman mutes` lists them; then `/tallyman unmute 3` ends one.")


def only_our_own() -> Message:
    """For people from outside, and guests."""
    return _say(
        "What is said here is muted, and mutes are ended, by the team that runs Tallyman. Tell "
        "them in this channel what disturbs you, and why: they see to it."
    )


LEFT_THE_BOOK = "This channel's partner is no longer in the book: nothing is said here any more."


def nothing_to_mute() -> Message:
    """In the channel of a partner that has left the book."""
    return _say(LEFT_THE_BOOK)


def by_command_only() -> Message:
    """For a mention, where nobody can be asked what is missing."""
    return _say(f"Mutes begin and end by command: `{EXAMPLE}`, or `/tallyman mute` for a form.")


def unclear(typed: str, why: str, nearest: Sequence[str]) -> Message:
    """What of a wish for a mute was not understood; `why` is our own sentence."""
    quoted = f"“{text.safe(typed, 80)}” " if typed else ""
    meant = ", ".join(f"*{text.safe(name, LANE)}*" for name in nearest)
    hint = f" Did you mean {meant}?" if meant else ""
    return _say(f"{quoted}{why}{hint} Type `{EXAMPLE}`, or `/tallyman mute` alone for a form.")


# -- parts -------------------------------------------------------------------------------------


def _why(card: MuteCard, limit: int = REASON) -> str:
    return f"Why: {text.ended(text.safe(card.reason, limit))}"


def _by_whom(card: MuteCard) -> str:
    is_by_hand = is_person(card.ended_by)
    return f", ended early by {text.mention(card.ended_by)}" if is_by_hand else ""


def _held(tally: MuteTally) -> str:
    if not tally.cases:
        return "Nothing came up meanwhile"
    (first, *others) = tally.kinds
    of_kind = "" if others else f" ({words_of(first.kind).name})"
    return f"{text.plural(tally.cases, 'case')}{of_kind} held back meanwhile"


def _came_up(tally: MuteTally) -> str:
    """With what becomes of what is still open."""
    if not tally.cases:
        return f"{_held(tally)}."
    if not tally.open:
        return f"{_held(tally)}; all of it is over."
    told = tally.open - tally.muted_still
    said = f"{_held(tally)}: {text.number(tally.open)} still open"
    if not tally.muted_still:
        return f"{said}, told next."
    rest = f"{text.number(tally.muted_still)} held back by another mute"
    return f"{said}, {text.number(told)} told next and {rest}." if told else f"{said}, {rest}."


def _at(at: datetime, card: MuteCard) -> str:
    return text.moment(at, card.zone, card.now)


def _say(words: str) -> Message:
    return message(words, [section(words)])
