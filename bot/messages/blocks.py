"""Block Kit parts that fit Slack's limits whatever is put into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.messages.text import cut, literal, plain

Block = dict[str, Any]
"""JSON, as Slack takes it."""

# Slack's limits, in characters unless said otherwise: https://docs.slack.dev/reference/block-kit
SECTION_TEXT = 3000
FIELD_TEXT = 2000
FIELDS = 10  # in one section
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
BUTTON_TEXT = 75
OPTION_TEXT = 75
OPTIONS = 100  # in one menu
PLACEHOLDER = 150
TABLE_ROWS = 100  # its header too; a data table takes one more
TABLE_CHARACTERS = 10_000  # of all cells of a message's tables
TITLE_TEXT = 24  # of a view, its submit and its close
POST_TEXT = 3000  # Slack takes 4,000 when a message is edited
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 12_000  # of all blocks together; near 13,000 Slack refuses a message
METADATA = 3000


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what a notification and a screen reader get."""

    text: str
    blocks: list[Block]


def message(text: str, blocks: Iterable[Block | None]) -> Message:
    """Blocks that are None are left out."""
    return Message(cut(text, POST_TEXT), [block for block in blocks if block is not None])


def mrkdwn(text: str) -> Block:
    # verbatim: Slack must not look for links and channel names in what carriers write.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(plain(text), limit) or "–", "emoji": False}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(cut(text, SECTION_TEXT))}


def fields(pairs: Iterable[tuple[str, str | None]]) -> Block | None:
    """Labels and values side by side; what has no value is left out."""
    shown = [mrkdwn(cut(f"*{label}*\n{value}", FIELD_TEXT)) for label, value in pairs if value]
    return {"type": "section", "fields": shown[:FIELDS]} if shown else None


def context(*lines: str | None) -> Block | None:
    shown = [mrkdwn(cut(line, FIELD_TEXT)) for line in lines if line]
    return {"type": "context", "elements": shown[:CONTEXT_ELEMENTS]} if shown else None


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, HEADER_TEXT)}


def divider() -> Block:
    return {"type": "divider"}


def button(
    label: str, action_id: str, value: str, style: Literal["primary", "danger"] | None = None
) -> Block:
    shown: Block = {
        "type": "button",
        "text": plain_text(label, BUTTON_TEXT),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        shown["style"] = style
    return shown


def option(label: str, value: str) -> Block:
    return {"text": plain_text(label, OPTION_TEXT), "value": value}


def menu(placeholder: str, action_id: str, options: Sequence[Block]) -> Block:
    """Of one to OPTIONS options."""
    return {
        "type": "static_select",
        "placeholder": plain_text(placeholder, PLACEHOLDER),
        "action_id": action_id,
        "options": list(options),
    }


def text_cell(words: str) -> Block:
    """`words` are safe already."""
    return {"type": "raw_text", "text": literal(words) or "–"}


def number_cell(value: float, words: str) -> Block:
    """Sorted by `value`, where all of its column are such; shown as `words`, safe already."""
    return {"type": "raw_number", "value": value, "text": literal(words) or "–"}


def person_cell(words: str, user_id: str) -> Block:
    """`words`, safe already, and then the person's name."""
    parts: list[Block] = [{"type": "user", "user_id": user_id}]
    if words:
        parts.insert(0, {"type": "text", "text": f"{literal(words)} "})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}


def data_table(
    caption: str, titles: Sequence[str], rows: Sequence[Sequence[Block]], page_size: int
) -> Block:
    """Sortable, a page at a time; at least one row, each with a cell a title."""
    return {
        "type": "data_table",
        "caption": literal(caption),
        "page_size": page_size,
        "row_header_column_index": 0,
        "rows": [[text_cell(title) for title in titles], *map(list, rows)],
    }


def actions(block_id: str, buttons: Sequence[Block]) -> Block | None:
    if not buttons:
        return None
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def characters(value: object) -> int:
    """Of all texts inside, as Slack seems to add them up."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(characters(item) for item in value.values())
    if isinstance(value, list | tuple):
        return sum(characters(item) for item in value)
    return 0


def fitting(
    lines: Sequence[str], used: Sequence[Block | None], limit: int = MESSAGE_CHARACTERS
) -> tuple[list[Block], int]:
    """As many lines as a message still takes beside the blocks `used`, several to a section; and
    how many lines had to be left out."""
    room = limit - characters(list(used))
    texts: list[str] = []
    for position, line in enumerate(lines):
        shown = cut(line, SECTION_TEXT)
        opens_section = not texts or len(texts[-1]) + 1 + len(shown) > SECTION_TEXT
        cost = characters(section(shown)) if opens_section else 1 + len(shown)
        if cost > room:
            return [section(text) for text in texts], len(lines) - position
        room -= cost
        if opens_section:
            texts.append(shown)
        else:
            texts[-1] += f"\n{shown}"
    return [section(text) for text in texts], 0


def input_block(block_id: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, OPTION_TEXT),
        "element": element,
    }


def optional_input(block_id: str, label: str, element: Block) -> Block:
    return {**input_block(block_id, label, element), "optional": True}
