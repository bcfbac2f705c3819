"""What stays of a message whose cases are told elsewhere."""

from bot.messages.blocks import Message, message, section

_WORDS = "Not for this channel after all: its shipment is another partner's. Nothing to do here."


def moved_away() -> Message:
    return message(_WORDS, [section(_WORDS)])
