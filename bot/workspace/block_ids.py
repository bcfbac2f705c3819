"""Slack names blocks and elements that the app left unnamed."""

import secrets
from collections.abc import Iterable

from bot.workspace.element_inspection import BUTTONS, CHOICES, MENUS, PICKERS, WRITTEN
from bot.workspace.json_values import JsonObject, objects_at, text_at

NAMED = BUTTONS | CHOICES | MENUS | PICKERS | WRITTEN | {"file_input"}


def with_ids(blocks: Iterable[JsonObject]) -> list[JsonObject]:
    """The blocks with a block_id each, and an action_id on whatever a person can act on."""
    return [_named(block) for block in blocks]


def _named(block: JsonObject) -> JsonObject:
    named: JsonObject = {**block, "block_id": text_at(block, "block_id") or _new()}
    for key in ("accessory", "element"):
        part = block.get(key)
        if isinstance(part, dict):
            named[key] = _element(part)
    for key in ("elements", "actions"):
        if isinstance(block.get(key), list) and block.get("type") != "rich_text":
            named[key] = [_element(element) for element in objects_at(block, key)]
    return named


def _element(element: JsonObject) -> JsonObject:
    if element.get("type") not in NAMED:
        return element
    return {**element, "action_id": text_at(element, "action_id") or _new()}


def _new() -> str:
    return secrets.token_urlsafe(4)[:5]
