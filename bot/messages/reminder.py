"""That nobody has taken a case yet: one line in its thread, which the channel sees too."""

from dataclasses import dataclass
from datetime import timedelta

from bot.messages import marks, shipment_words, text
from bot.messages.blocks import Message, message, section
from bot.messages.cards import CaseCard
from bot.messages.kinds import words_of


@dataclass(frozen=True, slots=True)
class ReminderCard:
    worst: CaseCard
    """Of those that nobody has."""
    untaken: int
    """How many those are."""
    cases: int
    """How many the message stands for, whoever has them."""
    waited: timedelta
    """The working time for which nobody has had the worst of them."""
    rings: bool
    """Whether the account manager is asked."""
    beside: int = 0
    """How many other messages of the channel it speaks for."""


def reminder(card: ReminderCard) -> Message:
    said = _single(card) if card.cases == 1 else _of_several(card)
    if card.beside:
        others = text.plural(card.beside, "other message")
        waits = "waits" if card.beside == 1 else "wait"
        said += f" {others} in this channel {waits} too: `@Tallyman exceptions` lists all."
    asked = ""
    if card.rings and card.worst.account_manager:
        asked = f"{text.mention(card.worst.account_manager)}, who takes it?"
    shown = "\n".join(part for part in (said, asked) if part)
    mark = marks.SEVERITY[card.worst.severity]
    return message(shown.replace("\n", " "), [section(f"{mark} {shown}")])


def _single(card: ReminderCard) -> str:
    worst = card.worst
    return f"Nobody has taken {worst.reference} for {_waited(card)}: {_about(worst)}."


def _of_several(card: ReminderCard) -> str:
    of_all = f"these {text.number(card.cases)} cases"
    none = f"{text.number(card.untaken)} of "
    if card.untaken == card.cases:
        none = "either of " if card.cases == 2 else "any of "
    return (
        f"Nobody has taken {none}{of_all} for {_waited(card)}; the worst is "
        f"{card.worst.reference}: {_about(card.worst)}."
    )


def _waited(card: ReminderCard) -> str:
    """`4 working hours`, `30 working minutes`."""
    if card.waited < text.HOUR:
        return text.plural(max(card.waited // text.MINUTE, 1), "working minute")
    return text.plural(card.waited // text.HOUR, "working hour")


def _about(worst: CaseCard) -> str:
    """In the channel it stands alone: `SCX-4411, past its promise`. The rest is in its thread."""
    kind = words_of(worst.kind)
    what = kind.inside
    if worst.shipment is not None:
        return f"{text.safe(worst.shipment.tracking_number, shipment_words.NUMBER)}, {what}"
    subject = kind.subject(worst) if kind.subject else ""
    return f"{subject}, {what}" if subject else what
