"""Looks through blocks as Slack does, and notes each fault with where it is."""

from collections.abc import Callable, Sequence
from typing import Literal

from bot.workspace.complaints import Complaints
from bot.workspace.element_inspection import (
    IDENTIFIER,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    URL,
    ElementInspection,
)
from bot.workspace.json_values import JsonObject, object_at, objects_at, text_at
from bot.workspace.table_inspection import TableInspection

Surface = Literal["message", "modal", "home"]

SECTION_TEXT = 3000
SECTION_FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}
LABEL = 2000
MARKDOWN = 12_000  # characters, of all markdown blocks of a message together
CHART_TITLE = 50
CHART_SERIES = 6
CHART_CATEGORIES = 20
CHART_LABEL = 20
CARD_TITLE = 150
CARD_BODY = 200
CARD_ACTIONS = 3
ALERT_TEXT = 200
VIDEO_TITLE = 200


class Inspection:
    """One message or view."""

    def __init__(self, surface: Surface, complaints: Complaints) -> None:
        self._complaints = complaints
        self._elements = ElementInspection(complaints)
        self._tables = TableInspection(complaints)
        self._surface = surface
        self._block_ids: set[str] = set()
        self._kinds: dict[str, Callable[[JsonObject, str], None]] = {
            "section": self._section,
            "header": self._header,
            "divider": self._nothing_more,
            "actions": self._actions,
            "context": self._context,
            "context_actions": self._context_actions,
            "image": self._elements.image,
            "input": self._input,
            "rich_text": self._rich_text,
            "markdown": self._markdown,
            "table": self._tables.table,
            "data_table": self._tables.data_table,
            "data_visualization": self._chart,
            "card": self._card,
            "alert": self._alert,
            "file": self._nothing_more,
            "video": self._video,
        }

    def blocks(self, blocks: Sequence[JsonObject], pointer: str, most: int) -> None:
        if len(blocks) > most:
            self._complaints.complain(f"no more than {most} items allowed", pointer)
        for position, block in enumerate(blocks):
            self._block(block, f"{pointer}/{position}")

    def _block(self, block: JsonObject, pointer: str) -> None:
        check = self._kinds.get(text_at(block, "type"))
        if check is None:
            self._complaints.complain(
                f"unsupported type: {text_at(block, 'type')}", pointer + "/type"
            )
            return
        self._complaints.optional_text(block, "block_id", pointer, IDENTIFIER)
        block_id = text_at(block, "block_id")
        if block_id and block_id in self._block_ids:
            self._complaints.complain(f"block_id already exists: {block_id}", pointer + "/block_id")
        self._block_ids.add(block_id)
        check(block, pointer)

    def _nothing_more(self, block: JsonObject, pointer: str) -> None:
        """A block with no parts of its own."""

    def _section(self, block: JsonObject, pointer: str) -> None:
        if block.get("text") is None and not block.get("fields"):
            self._complaints.complain("must define either text or fields", pointer)
        if block.get("text") is not None:
            self._complaints.any_text(block, "text", pointer, SECTION_TEXT)
        fields = objects_at(block, "fields")
        if len(fields) > SECTION_FIELDS:
            self._complaints.complain(
                f"no more than {SECTION_FIELDS} items allowed", pointer + "/fields"
            )
        for position, field in enumerate(fields):
            where = f"{pointer}/fields/{position}"
            if field.get("type") not in ("plain_text", "mrkdwn"):
                self._complaints.complain("must be one of plain_text, mrkdwn", where + "/type")
            self._complaints.raw_text(field, "text", where, FIELD_TEXT)
        if block.get("accessory") is not None:
            self._elements.element(
                object_at(block, "accessory"), pointer + "/accessory", IN_SECTION
            )

    def _header(self, block: JsonObject, pointer: str) -> None:
        self._complaints.plain_text(block, "text", pointer, HEADER_TEXT)

    def _actions(self, block: JsonObject, pointer: str) -> None:
        self._all_elements(block, pointer, IN_ACTIONS)

    def _context_actions(self, block: JsonObject, pointer: str) -> None:
        self._all_elements(block, pointer, IN_CONTEXT_ACTIONS)

    def _counted(self, block: JsonObject, pointer: str) -> list[JsonObject]:
        elements = objects_at(block, "elements")
        most = ELEMENTS[text_at(block, "type")]
        if not elements:
            self._complaints.complain("no fewer than 1 items allowed", pointer + "/elements")
        if len(elements) > most:
            self._complaints.complain(f"no more than {most} items allowed", pointer + "/elements")
        return elements

    def _all_elements(self, block: JsonObject, pointer: str, allowed: frozenset[str]) -> None:
        action_ids: set[str] = set()
        for position, element in enumerate(self._counted(block, pointer)):
            where = f"{pointer}/elements/{position}"
            self._elements.element(element, where, allowed)
            action_id = text_at(element, "action_id")
            if action_id and action_id in action_ids:
                self._complaints.complain(
                    f"action_id already exists: {action_id}", where + "/action_id"
                )
            action_ids.add(action_id)

    def _context(self, block: JsonObject, pointer: str) -> None:
        for position, element in enumerate(self._counted(block, pointer)):
            where = f"{pointer}/elements/{position}"
            if element.get("type") == "image":
                self._elements.image(element, where)
            elif element.get("type") in ("plain_text", "mrkdwn"):
                self._complaints.raw_text(element, "text", where, SECTION_TEXT)
            else:
                self._complaints.complain(
                    f"unsupported type: {text_at(element, 'type')}", where + "/type"
                )

    def _input(self, block: JsonObject, pointer: str) -> None:
        self._complaints.plain_text(block, "label", pointer, LABEL)
        if block.get("hint") is not None:
            self._complaints.plain_text(block, "hint", pointer, LABEL)
        self._elements.element(object_at(block, "element"), pointer + "/element", IN_INPUT)

    def _rich_text(self, block: JsonObject, pointer: str) -> None:
        if not isinstance(block.get("elements"), list):
            self._complaints.complain("missing required field", pointer + "/elements")

    def _markdown(self, block: JsonObject, pointer: str) -> None:
        self._complaints.raw_text(block, "text", pointer, MARKDOWN)

    def _video(self, block: JsonObject, pointer: str) -> None:
        self._complaints.plain_text(block, "title", pointer, VIDEO_TITLE)
        self._complaints.raw_text(block, "video_url", pointer, URL)

    def _chart(self, block: JsonObject, pointer: str) -> None:
        self._complaints.raw_text(block, "title", pointer, CHART_TITLE)
        chart = object_at(block, "chart")
        where = pointer + "/chart"
        kind = text_at(chart, "type")
        if kind not in ("line", "bar", "area", "pie"):
            self._complaints.complain("must be one of line, bar, area, pie", where + "/type")
            return
        key, name = ("segments", "label") if kind == "pie" else ("series", "name")
        parts = objects_at(chart, key)
        if not 1 <= len(parts) <= CHART_SERIES:
            self._complaints.complain(
                f"between 1 and {CHART_SERIES} items allowed", f"{where}/{key}"
            )
        for position, part in enumerate(parts):
            self._complaints.raw_text(part, name, f"{where}/{key}/{position}", CHART_LABEL)
        if kind != "pie":
            self._categories(object_at(chart, "axis_config"), where + "/axis_config")

    def _categories(self, axis: JsonObject, pointer: str) -> None:
        categories = axis.get("categories")
        where = pointer + "/categories"
        if not isinstance(categories, list) or not 1 <= len(categories) <= CHART_CATEGORIES:
            self._complaints.complain(f"between 1 and {CHART_CATEGORIES} items allowed", where)
            return
        for position, category in enumerate(categories):
            if not isinstance(category, str) or not 1 <= len(category) <= CHART_LABEL:
                self._complaints.complain(
                    f"must be between 1 and {CHART_LABEL} characters", f"{where}/{position}"
                )

    def _card(self, block: JsonObject, pointer: str) -> None:
        if block.get("title") is not None:
            self._complaints.any_text(block, "title", pointer, CARD_TITLE)
        if block.get("body") is not None:
            self._complaints.any_text(block, "body", pointer, CARD_BODY)
        actions = objects_at(block, "actions")
        if len(actions) > CARD_ACTIONS:
            self._complaints.complain(
                f"no more than {CARD_ACTIONS} items allowed", pointer + "/actions"
            )
        for position, element in enumerate(actions):
            self._elements.element(element, f"{pointer}/actions/{position}", frozenset({"button"}))

    def _alert(self, block: JsonObject, pointer: str) -> None:
        if self._surface != "modal":
            self._complaints.complain("unsupported type: alert", pointer + "/type")
        self._complaints.any_text(block, "text", pointer, ALERT_TEXT)
