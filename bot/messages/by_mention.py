"""Answers for people of another company, who have no commands: what names one, names a mention."""

import re

from bot.messages.blocks import Block, Message

# What somebody else wrote has no backtick left in it: this is always our own.
_COMMAND = re.compile(r"`/(?P<name>[a-z]+)")


def by_mention(said: Message) -> Message:
    """`/shipment X` becomes `@Tallyman shipment X`, and `/tallyman help` `@Tallyman help`."""
    return Message(_told(said.text), [_block(block) for block in said.blocks])


def _block(block: Block) -> Block:
    if block.get("type") == "section" and "text" in block:
        return {**block, "text": _part(block["text"])}
    if block.get("type") == "context":
        return {**block, "elements": [_part(element) for element in block["elements"]]}
    return block


def _part(part: Block) -> Block:
    return {**part, "text": _told(part["text"])} if part.get("type") == "mrkdwn" else part


def _told(words: str) -> str:
    return _COMMAND.sub(_mention, words)


def _mention(command: re.Match[str]) -> str:
    return "`@Tallyman" if command["name"] == "tallyman" else f"`@Tallyman {command['name']}"
