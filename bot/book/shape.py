"""Whether a document has the shape of the book, told in the words of the book."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.book.document import Document
from bot.book.faults import Path
from bot.book.fields import nearest
from bot.book.models import Book

_SHOWN = 60  # characters of a wrong value
_FEW = 12  # words that are told one by one, though it is plain which one was meant


@dataclass(frozen=True, slots=True)
class _Slot:
    """What may be written at a path."""

    annotation: object
    description: str | None = None


def validated(document: Document) -> Book | None:
    """None where it has not the shape; the document then has the faults."""
    for path in _secrets(document):
        if path not in document.from_environment and document.at(path) is not None:
            document.unreadable.add(path)
            document.fault(
                path,
                "a secret is written out: put it into an environment variable, write ${ITS_NAME} "
                "here, and replace the secret, now that it was in a file",
            )
    try:
        return Book.model_validate(document.value)
    except ValidationError as error:
        said: set[Path] = set()
        for details in error.errors(include_url=False, include_context=True):
            _explain(document, details, said)
        return None


def _explain(document: Document, details: ErrorDetails, said: set[Path]) -> None:
    path = _written(document, details["loc"])
    # A list is also too short, says pydantic, where an item of it is wrong.
    if details["type"] == "too_short" and document.at(path):
        return
    if path in said or any(path[:length] in document.unreadable for length in _lengths(path)):
        return
    said.add(path)
    slot = _slot(document, path)
    match details["type"]:
        case "missing":
            document.fault(path, f"is missing: expected {_expected(slot, details)}")
        case "extra_forbidden":
            document.fault(path, _unknown_field(document, path))
        case "value_error":
            document.fault(path, details["msg"].removeprefix("Value error, "))
        case "union_tag_not_found":
            document.fault((*path, "kind"), f"is missing: expected {_kinds(slot)}")
        case "union_tag_invalid":
            kind = (*path, "kind")
            document.fault(kind, f"expected {_kinds(slot)}{_got(document, kind, slot)}")
        case "literal_error" if _is_entry(document, path, slot):
            return  # of its fields is said what is wrong
        case "tuple_type":
            document.fault(path, _no_list(document, path, slot))
        case _:
            document.fault(path, _not_as_expected(document, path, slot, details))


def _not_as_expected(document: Document, path: Path, slot: _Slot, details: ErrorDetails) -> str:
    words = _words(slot)
    given = document.text_at(path)
    meant = nearest(given, words) if given is not None else None
    if meant is not None and len(words) > _FEW:
        return f"unknown word{_got(document, path, slot, before=' ')}. Did you mean {meant}?"
    wrong = f"expected {_expected(slot, details)}{_got(document, path, slot)}"
    return f"{wrong}. Did you mean {meant}?" if meant is not None else wrong


def _no_list(document: Document, path: Path, slot: _Slot) -> str:
    of = f" of {slot.description}" if slot.description else ""
    given = document.text_at(path)
    help_ = f". Write [{given[:_SHOWN]}]" if given else ""
    return f"expected a list{of}{_got(document, path, slot)}{help_}"


def _words(slot: _Slot) -> tuple[str, ...]:
    """The only ones that may be written there; none where other things may."""
    if get_origin(slot.annotation) is Literal:
        return tuple(str(value) for value in get_args(slot.annotation))
    if isinstance(slot.annotation, type) and issubclass(slot.annotation, StrEnum):
        return tuple(slot.annotation)
    return ()


def _is_entry(document: Document, path: Path, slot: _Slot) -> bool:
    """Of what is an entry or a word such as off: it was written as an entry."""
    return isinstance(document.at(path), dict) and bool(_models(slot.annotation))


def _lengths(path: Path) -> range:
    return range(len(path) + 1)


def _written(document: Document, location: Path) -> Path:
    """The part of pydantic's location that is a place in the file: members of unions are not."""
    path: Path = ()
    for position, part in enumerate(location):
        around = document.at(path)
        last = position == len(location) - 1
        if isinstance(around, dict) and isinstance(part, str):
            if part in around or (last and _slot(document, (*path, part)).annotation is not None):
                path = (*path, part)
        elif isinstance(around, list) and isinstance(part, int):
            path = (*path, part)
    return path


_PLAINLY = {"missing": "it to be given", "too_short": "at least one"}
"""Where pydantic speaks of its own types."""


def _expected(slot: _Slot, details: ErrorDetails) -> str:
    words = _words(slot)
    if words:
        return f"one of {', '.join(words)}"
    if slot.description:
        return slot.description
    if isinstance(slot.annotation, type) and issubclass(slot.annotation, BaseModel):
        return f"fields such as {', '.join(list(_fields(slot.annotation))[:3])}"
    if details["type"] in _PLAINLY:
        return _PLAINLY[details["type"]]
    context = details.get("ctx", {})
    if "expected" in context:
        return str(context["expected"])
    return details["msg"].removeprefix("Input should be ").removeprefix("Input should have ")


def _got(document: Document, path: Path, slot: _Slot, before: str = ", not ") -> str:
    """The wrong value, unless it is or may be a secret."""
    value = document.at(path)
    if slot.annotation is SecretStr or path in document.from_environment:
        return ""
    if isinstance(value, str):
        return f"{before}{value[:_SHOWN]!r}"
    if value is None:
        return f"{before}nothing"
    if isinstance(value, list):
        return f"{before}a list" if value else f"{before}an empty list"
    return f"{before}fields of its own"


def _unknown_field(document: Document, path: Path) -> str:
    model = _model(document, path[:-1])
    known = list(_fields(model)) if model else []
    meant = nearest(str(path[-1]), known)
    if meant:
        return f"unknown field. Did you mean {meant}?"
    return f"unknown field: expected one of {', '.join(known)}"


def _kinds(slot: _Slot) -> str:
    kinds = [kind for model in _models(slot.annotation) for kind in _kinds_of(model)]
    return f"one of {', '.join(kinds)}"


def _secrets(document: Document) -> Iterator[Path]:
    """The paths at which the book keeps a secret."""
    waiting: list[Path] = [()]
    while waiting:
        path = waiting.pop()
        if _slot(document, path).annotation is SecretStr:
            yield path
        else:
            waiting.extend(document.items_at(path))


def _model(document: Document, path: Path) -> type[BaseModel] | None:
    annotation = _slot(document, path).annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


def _slot(document: Document, path: Path) -> _Slot:
    """What the book's models say of a path; a slot without annotation where they say nothing."""
    slot = _Slot(Book)
    for length, part in enumerate(path):
        slot = _inner(_chosen(document, path[:length], slot), part)
    return _chosen(document, path, slot)


def _chosen(document: Document, path: Path, slot: _Slot) -> _Slot:
    """Of several models, the one whose `kind` is written there."""
    models = _models(slot.annotation)
    if len(models) == 1:
        return _Slot(models[0], slot.description)
    kind = document.text_at((*path, "kind"))
    for model in models:
        if kind in _kinds_of(model):
            return _Slot(model, slot.description)
    return slot


def _inner(slot: _Slot, part: str | int) -> _Slot:
    annotation = slot.annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = _fields(annotation).get(str(part))
        return _slot_of(found.annotation, found.description) if found else _Slot(None)
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple:
        return _slot_of(arguments[0], _description(arguments[0]) or slot.description)
    if get_origin(annotation) is dict:
        return _slot_of(arguments[1], None)
    return _Slot(None)


def _slot_of(annotation: object, description: str | None) -> _Slot:
    return _Slot(_bare(annotation), description or _description(annotation))


def _bare(annotation: object) -> object:
    """Without its metadata, and without the None that leaves it out."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])
    return annotation


def _description(annotation: object) -> str | None:
    """What the metadata says, of the annotation or of a member of the union that it is."""
    if get_origin(annotation) is Annotated:
        for metadata in get_args(annotation)[1:]:
            if isinstance(metadata, FieldInfo) and metadata.description:
                return metadata.description
    if get_origin(annotation) in (Union, types.UnionType):
        found = (_description(member) for member in get_args(annotation))
        return next((description for description in found if description), None)
    return None


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """By the names that the file has for them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models(annotation: object) -> list[type[BaseModel]]:
    annotation = _bare(annotation)
    members = (
        get_args(annotation)
        if get_origin(annotation) in (Union, types.UnionType)
        else (annotation,)
    )
    return [
        member for member in members if isinstance(member, type) and issubclass(member, BaseModel)
    ]


def _kinds_of(model: type[BaseModel]) -> tuple[str, ...]:
    found = model.model_fields.get("kind")
    return tuple(get_args(found.annotation)) if found else ()
