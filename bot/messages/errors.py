"""Answers to what could not be understood or found: what happened, and what to type instead."""

from collections.abc import Sequence

from bot.messages import text
from bot.messages.blocks import Message, message, section
from bot.messages.help_view import EXAMPLE, REASON_EXAMPLE, USAGE
from bot.scorecards.periods import UnknownPeriod

ECHO = 80  # characters shown of what was typed
NAMES_SHOWN = 8
NAME = 80


def nothing_typed(command: str, known: Sequence[str] = ()) -> Message:
    """A command that needs an argument and got none; `known` are the partners to choose from."""
    names = f" Those I know: {_listed(known)}." if known else ""
    return _say(f"Of what? Type `{command} {USAGE[command]}`, such as `{EXAMPLE[command]}`.{names}")


def unknown_partner(typed: str, nearest: Sequence[str], known: Sequence[str]) -> Message:
    """`nearest` are like it, likeliest first; `known` are all that the person may see."""
    said = f"I know no partner “{text.safe(typed, ECHO)}”."
    if nearest:
        return _say(f"{said} Did you mean {_either(nearest)}?")
    if known:
        return _say(f"{said} Those I know: {_listed(known)}.")
    return _say(f"{said} There is none that you may see here.")


def unknown_shipment(typed: str, nearest: Sequence[str]) -> Message:
    """Neither a number, an order nor a partner; `nearest` are numbers, orders or partners."""
    said = f"I know no shipment, order or partner “{text.safe(typed, ECHO)}”."
    if nearest:
        return _say(f"{said} Did you mean {_either(nearest)}?")
    if any(character.isdigit() for character in typed):
        return _say(f"{said} A shipment is known once a source has told of it.")
    return _say(f"{said} `/tallyman help` lists what you can ask.")


def unknown_case(typed: str) -> Message:
    return _say(
        f"There is no case “{text.safe(typed, ECHO)}” here. `/exceptions` lists the open ones."
    )


def unknown_period(unknown: UnknownPeriod) -> Message:
    return _say(f"{text.safe(unknown.subject, ECHO)} {unknown.complaint}")


def unknown_subcommand(command: str, typed: str) -> Message:
    return _say(
        f"I don't know `{command}` “{text.safe(typed, ECHO)}”. Type `{command} {USAGE[command]}`."
    )


def reason_missing(subject: str) -> Message:
    named = text.safe(subject, ECHO)
    return _say(
        f"Why should {named} be escalated? Add the reason: `/escalate {named} {REASON_EXAMPLE}`. "
        "The account manager will read it."
    )


def ambiguous(typed: str, numbers: Sequence[str], candidates: Sequence[str]) -> Message:
    """`candidates` are told apart; `numbers` are theirs, and may be the same."""
    said = f"“{text.safe(typed, ECHO)}” could be {_either(candidates)}."
    return _say(f"{said} {which_one(numbers)}.")


def which_one(numbers: Sequence[str]) -> str:
    """How to ask for one of several shipments; without a full stop."""
    if len(set(numbers)) < len(numbers):
        return "Which one? Ask in its partner's channel, or by its order"
    return "Which one? Ask by its number"


def not_yours() -> Message:
    """For somebody outside who asks for what isn't theirs; it doesn't say whether it exists."""
    return _say(
        "That is not something that I can show you here. `@Tallyman help` lists what you can ask."
    )


def belongs_to_no_partner() -> Message:
    """For our own people who ask in a partner's channel for what is about all of them."""
    return _say(
        "In this channel I speak of its own partner alone. Ask me that in another channel, or in "
        "a direct message."
    )


def refused(reason: str) -> Message:
    """What a person may not do to a case now; `reason` is what Refused says."""
    return _say(text.sentence(text.safe(reason, 500)))


def went_wrong(what: str, reference: str) -> Message:
    """A fault of ours; `reference` is what the log has it under."""
    return _say(
        f"Sorry, {text.safe(what, 200)} did not work, and that is not your doing. Nothing was "
        f"changed. Try again; if it stays so, tell whoever runs Tallyman: "
        f"{text.safe(reference, 60)}."
    )


def _either(names: Sequence[str]) -> str:
    shown = [f"*{text.safe(name, NAME)}*" for name in names[:NAMES_SHOWN]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"*{text.safe(name, NAME)}*" for name in names[:NAMES_SHOWN])
    left_out = len(names) - NAMES_SHOWN
    return f"{shown} and {left_out} more" if left_out > 0 else shown


def _say(words: str) -> Message:
    return message(words, [section(words)])
