"""Short confirmations that only the person sees who did something."""

from bot.messages import text
from bot.messages.blocks import Message, message, section
from bot.messages.cards import case_reference
from bot.messages.text import link


def escalated(
    case_id: int, account_manager: str | None, channel: str, permalink: str | None = None
) -> Message:
    """`channel` is the partner's, by id."""
    who = (
        f"{text.mention(account_manager)} was asked for an answer"
        if account_manager
        else ("An answer was asked for")
    )
    reference = link(case_reference(case_id), permalink) if permalink else case_reference(case_id)
    return _say(f"{reference} is escalated. {who} in {text.channel(channel)}.")


def greeting() -> Message:
    """For a mention or a direct message without a question."""
    return _say("Good day. `@Tallyman help` lists what you can ask me.")


def _say(words: str) -> Message:
    return message(words, [section(words)])
