"""Reads what can be read of a provider's answer, and says what could not."""

import copy
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from bot.sources.reports import Rejected

EXCERPT_LENGTH = 200  # characters

Model = TypeVar("Model", bound=BaseModel)
_Path = tuple[int | str, ...]


def excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT_LENGTH else f"{text[: EXCERPT_LENGTH - 1]}…"


def read_leniently(
    model: type[Model], raw: JsonValue, place: str
) -> tuple[Model | None, list[Rejected]]:
    """The model without its broken optional parts, each of which is rejected by its own path;
    None if something that the model requires is broken or missing."""
    remaining = raw
    rejected: dict[_Path, Rejected] = {}
    while True:
        try:
            return model.model_validate(remaining), list(rejected.values())
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False)
        if remaining is raw:
            remaining = copy.deepcopy(raw)
        reasons = {_droppable(fault["loc"], fault["type"]): fault for fault in faults}
        # Items of lists last and together, so that the paths count as the provider does.
        inside = {path for path in reasons if path and not isinstance(path[-1], int)}
        for path in sorted(inside or reasons, key=_order, reverse=True):
            fault = reasons[path]
            rejected[path] = Rejected(
                place=_dotted(place, path),
                reason=f"{'.'.join(map(str, fault['loc'])) or 'all of it'}: {fault['msg']}",
                excerpt=excerpt(str(_at(remaining, path))),
            )
            if not path:
                return None, list(rejected.values())
            _drop(remaining, path)


def _order(path: _Path) -> list[tuple[int, str]]:
    # Later items of a list first, so that dropping one does not move the others.
    return [(part, "") if isinstance(part, int) else (-1, part) for part in path]


def _droppable(path: _Path, fault_type: str) -> _Path:
    return path[:-1] if fault_type == "missing" else path


def _dotted(place: str, path: _Path) -> str:
    return f"{place}:{'.'.join(map(str, path))}" if path else place


def _at(raw: JsonValue, path: _Path) -> JsonValue:
    for part in path:
        if isinstance(raw, dict) and isinstance(part, str):
            raw = raw.get(part)
        elif isinstance(raw, list) and isinstance(part, int) and part < len(raw):
            raw = raw[part]
    return raw


def _drop(raw: JsonValue, path: _Path) -> None:
    parent = _at(raw, path[:-1])
    last = path[-1]
    if isinstance(parent, dict) and isinstance(last, str):
        parent.pop(last, None)
    elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        del parent[last]
