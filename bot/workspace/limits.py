"""How much of what Slack takes: figures, and the two checks made with them."""

from collections.abc import Sequence

from bot.workspace.complaints import Complaints
from bot.workspace.element_inspection import IDENTIFIER
from bot.workspace.errors import SlackError
from bot.workspace.inspection import MARKDOWN, Inspection
from bot.workspace.json_values import JsonObject, as_array, dumped, text_at

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250 * 1024
VIEW_TITLE = 24  # characters; submit and close too
PRIVATE_METADATA = 3000  # characters
MESSAGE_BLOCK_CHARACTERS = 13_000  # of all blocks together; not in Slack's documentation
POST_TEXT = 40_000  # characters; the rest is cut off
UPDATE_TEXT = 4_000  # characters; more is refused
ATTACHMENTS = 100
TABLES = ("table", "data_table")  # one of them per message
CHARTS = 2  # per message


def check_message(blocks: Sequence[JsonObject]) -> None:
    """Raises what Slack would for a message's blocks: invalid_blocks, invalid_attachments for a
    second table, msg_blocks_too_long."""
    complaints = Complaints()
    inspection = Inspection("message", complaints)
    inspection.blocks(blocks, "/blocks", MESSAGE_BLOCKS)
    markdown = sum(len(text_at(b, "text")) for b in blocks if b.get("type") == "markdown")
    if markdown > MARKDOWN:
        complaints.complain(f"must be less than {MARKDOWN + 1} characters", "/blocks")
    if sum(block.get("type") == "data_visualization" for block in blocks) > CHARTS:
        complaints.complain(f"no more than {CHARTS} data_visualization allowed", "/blocks")
    if sum(block.get("type") in TABLES for block in blocks) > 1:
        raise SlackError("invalid_attachments", ["only_one_table_allowed"])
    if complaints.noted:
        raise SlackError("invalid_blocks", complaints.noted)
    if _characters(as_array(blocks)) > MESSAGE_BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: JsonObject) -> None:
    """Raises view_too_large or invalid_arguments as Slack would for a modal or home tab."""
    if len(dumped(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    kind = text_at(view, "type")
    if kind not in ("modal", "home"):
        raise SlackError(
            "invalid_arguments", ["[ERROR] must be modal or home [json-pointer:/view/type]"]
        )
    complaints = Complaints()
    inspection = Inspection("modal" if kind == "modal" else "home", complaints)
    if kind == "modal":
        complaints.plain_text(view, "title", "/view", VIEW_TITLE)
        for part in ("submit", "close"):
            if part in view and view[part] is not None:
                complaints.plain_text(view, part, "/view", VIEW_TITLE)
    complaints.optional_text(view, "private_metadata", "/view", PRIVATE_METADATA)
    complaints.optional_text(view, "callback_id", "/view", IDENTIFIER)
    complaints.optional_text(view, "external_id", "/view", IDENTIFIER)
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        complaints.complain("must be an array of blocks", "/view/blocks")
    else:
        checked = [block for block in blocks if isinstance(block, dict)]
        inspection.blocks(checked, "/view/blocks", VIEW_BLOCKS)
        has_input = any(block.get("type") == "input" for block in checked)
        if kind == "modal" and has_input and not view.get("submit"):
            complaints.complain("submit is required when an input block is used", "/view/submit")
    if complaints.noted:
        raise SlackError("invalid_arguments", complaints.noted)


def _characters(value: object) -> int:
    """Characters of everything under a key "text", however deep."""
    if isinstance(value, list):
        return sum(_characters(item) for item in value)
    if isinstance(value, dict):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else _characters(item)
            for key, item in value.items()
        )
    return 0
