"""JSON as it comes off the wire: typed, and read without trusting its shape."""

from collections.abc import Iterable

from pydantic import JsonValue, TypeAdapter

JsonObject = dict[str, JsonValue]

_VALUES: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


def parsed(text: str | bytes) -> JsonValue:
    """The JSON value in `text`; raises pydantic.ValidationError (a ValueError) if it is none."""
    return _VALUES.validate_json(text)


def dumped(value: JsonValue) -> str:
    return _VALUES.dump_json(value).decode()


def as_object(value: JsonValue) -> JsonObject:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_objects(value: JsonValue) -> list[JsonObject]:
    """The objects in `value` if it is an array; whatever else it holds is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_array(values: Iterable[JsonValue]) -> JsonValue:
    return list(values)


def object_at(parent: JsonObject, key: str) -> JsonObject:
    return as_object(parent.get(key))


def objects_at(parent: JsonObject, key: str) -> list[JsonObject]:
    return as_objects(parent.get(key))


def text_at(parent: JsonObject, key: str) -> str:
    value = parent.get(key)
    return value if isinstance(value, str) else ""
