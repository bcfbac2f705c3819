"""What can be asked, whichever way it is asked: by command, by mention, or in a direct message."""

from collections.abc import Awaitable, Callable, Mapping

from sqlmodel import Session

from bot.desk import Desk
from bot.lookups import cases, health, scorecards, shipments
from bot.lookups.case_names import case_named
from bot.lookups.escalating import escalate as escalate_now
from bot.messages import errors, notices
from bot.messages.blocks import Message
from bot.messages.help_view import help_from_outside, help_view
from bot.messages.mutes import by_command_only, only_our_own
from bot.mutes import on_request as mutes
from bot.viewer import Viewer

Question = Callable[[Desk, Viewer, str], Awaitable[Message]]
"""Takes what was typed after the question's name; answers for that viewer alone."""


async def shipment(desk: Desk, viewer: Viewer, text: str) -> Message:
    return await desk.database.read(shipments.answer, desk.book, viewer, text, desk.clock())


async def scorecard(desk: Desk, viewer: Viewer, text: str) -> Message:
    return await desk.database.read(scorecards.answer, desk.book, viewer, text, desk.clock())


async def exceptions(desk: Desk, viewer: Viewer, text: str) -> Message:
    return await desk.database.read(cases.answer, desk.book, viewer, text, desk.clock())


async def escalate(desk: Desk, viewer: Viewer, text: str) -> Message:
    return await desk.database.run(escalate_now, desk.book, viewer, text, desk.clock())


async def tallyman(desk: Desk, viewer: Viewer, text: str) -> Message:
    name = text.strip().casefold()
    if name.split()[:1] in (["mute"], ["unmute"]):
        return by_command_only() if viewer.is_internal else only_our_own()
    match name:
        case "" | "help" | "?":
            return help_view() if viewer.is_internal else help_from_outside()
        case "mutes":
            return await desk.database.read(mutes.listed, desk.book, viewer, desk.clock())
        case "health":
            return await desk.database.read(
                health.answer, desk.book, viewer, desk.deliverer.trouble, desk.clock()
            )
        case _:
            return errors.unknown_subcommand("/tallyman", text)


async def said(desk: Desk, viewer: Viewer, text: str) -> Message:
    """A sentence without a command: its first word says what is asked."""
    word, _, rest = text.strip().partition(" ")
    name = word.casefold().strip("/:,!?.")
    if not name or name in _GREETINGS:
        return notices.greeting()
    if name in ("help", "health", "mutes", "mute", "unmute"):
        return await tallyman(desk, viewer, name)
    question = _BY_NAME.get(name)
    if question is not None:
        return await question(desk, viewer, rest.strip())
    # A bare number or a partner's name is the question that it answers best.
    return await shipment(desk, viewer, await desk.database.read(_number_in, viewer, text))


def _number_in(session: Session, viewer: Viewer, text: str) -> str:
    """`where is DN-1?` asks for DN-1, and `ack T-1` for that case, where the whole of it names
    nothing."""
    words = text.split()
    numbers = [word.strip(_PUNCTUATION) for word in words if any(map(str.isdigit, word))]
    if len(numbers) != 1:
        return text
    is_sentence = len(words) >= _SENTENCE or case_named(numbers[0]) is not None
    return numbers[0] if is_sentence and not shipments.find(session, viewer, text) else text


_PUNCTUATION = "?!.,;:()"
_SENTENCE = 3  # words from which it is one, and not a number typed in groups or a partner's name
_GREETINGS = frozenset({"hello", "hi", "hey"})
_BY_NAME: Mapping[str, Question] = {
    "shipment": shipment,
    "scorecard": scorecard,
    "exceptions": exceptions,
    "escalate": escalate,
    "tallyman": tallyman,
}
