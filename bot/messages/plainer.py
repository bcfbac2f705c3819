"""A message that Slack refuses as it is written, in the next plainer form."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import text
from bot.messages.blocks import TABLE_ROWS, Block, context, fitting, section, text_cell

LONGEST_TEXT = 4000  # what chat.update takes
PLAIN_CHARACTERS = 9000  # of a message whose table became lines: it may have been too long
CELL = 100  # characters shown of a cell in a line


def plainer(payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """A sortable table as a simple one; then as lines of text; then its notification with its
    buttons; then without blocks; then its text cut short; None where it can't be said more
    plainly."""
    blocks: Sequence[Block] = payload.get("blocks") or []
    said = str(payload.get("text", ""))
    kinds = {block.get("type") for block in blocks}
    if "data_table" in kinds:
        return {**payload, "blocks": [_simple_table(block) for block in blocks]}
    if "table" in kinds:
        return {**payload, "blocks": _in_lines(blocks)}
    if blocks:
        return {**payload, "blocks": _words_and_buttons(said, blocks)}
    if len(said) > LONGEST_TEXT:
        return {**payload, "text": text.cut(said, LONGEST_TEXT)}
    return None


def _words_and_buttons(said: str, blocks: Sequence[Block]) -> list[Block]:
    """Nothing where it is no less than that already, or has no buttons."""
    rows = [_buttons_alone(block) for block in blocks if block.get("type") == "actions"]
    plain = [section(said), *(row for row in rows if row["elements"])]
    return plain if 1 < len(plain) < len(blocks) else []


def _buttons_alone(row: Block) -> Block:
    elements = row.get("elements", ())
    return {**row, "elements": [each for each in elements if each.get("type") == "button"]}


def _simple_table(block: Block) -> Block:
    if block.get("type") != "data_table":
        return block
    rows = block.get("rows", [])[:TABLE_ROWS]
    return {"type": "table", "rows": [[_without_number(cell) for cell in row] for row in rows]}


def _without_number(cell: Block) -> Block:
    return cell if cell.get("type") == "rich_text" else text_cell(str(cell.get("text", "")))


def _in_lines(blocks: Sequence[Block]) -> list[Block]:
    """Each table in its place, as much of it as fits beside the rest."""
    rest = [block for block in blocks if block.get("type") != "table"]
    plain: list[Block] = []
    for block in blocks:
        if block.get("type") != "table":
            plain.append(block)
            continue
        lines = [_line(row) for row in block.get("rows", [])]
        sections, left_out = fitting(lines, rest, PLAIN_CHARACTERS)
        plain += sections
        more = f"… and {text.plural(left_out, 'more row')}." if left_out else None
        plain += [shown for shown in [context(more)] if shown]
    return plain


def _line(row: Sequence[Block]) -> str:
    """`*T-1042* · SCX-4411 · 2 days 8 hours · nobody`."""
    first, *others = [_words(cell) for cell in row] or ["–"]
    return " · ".join([f"*{first}*", *others])


def _words(cell: Block) -> str:
    """Of whatever a cell is made of. A name rings as it did in the table."""
    match cell.get("type"):
        case "user":
            return text.mention(str(cell.get("user_id", "")))
        case "rich_text" | "rich_text_section":
            return "".join(_words(part) for part in cell.get("elements", ()))
        case _:
            said = str(cell.get("text", ""))
            gap = " " if said.endswith(" ") else ""
            return text.safe(said, CELL) + gap
