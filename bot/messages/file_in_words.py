"""A file that Slack does not take, told in its thread: its first lines, and why no file."""

from collections.abc import Mapping
from typing import Any

from bot.messages.blocks import Block, context, message, section
from bot.messages.text import plural, safe

LINES_CHARACTERS = 2500
LINE_CHARACTERS = 300


def file_in_words(payload: Mapping[str, Any], error: str) -> dict[str, Any]:
    """`error`: Slack's own word for it."""
    lines = [line[:LINE_CHARACTERS] for line in str(payload["content"]).splitlines()]
    shown = _fitting(lines)
    more = len(lines) - len(shown)
    left_out = f"{plural(more, 'line')} left out. " if more else ""
    said = message(
        f"{payload['text']} The file could not be attached ({error}).",
        [
            section(str(payload["text"])),
            _set_as_it_is("\n".join(shown)),
            context(f"{left_out}The file could not be attached: Slack said `{safe(error)}`."),
        ],
    )
    return {"text": said.text, "blocks": said.blocks}


def _fitting(lines: list[str]) -> list[str]:
    shown: list[str] = []
    characters = 0
    for line in lines:
        characters += len(line) + 1
        if characters > LINES_CHARACTERS:
            break
        shown.append(line)
    return shown


def _set_as_it_is(words: str) -> Block:
    """No mark-up is read in it, and nobody is rung."""
    inner = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": words or "–"}]}
    return {"type": "rich_text", "elements": [inner]}
