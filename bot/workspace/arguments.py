"""What a Web API call was given, however it was encoded."""

from aiohttp import web
from pydantic import JsonValue

from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, as_objects, parsed


class Arguments:
    """Query, form and JSON arguments alike; structured ones may be JSON inside a string."""

    def __init__(self, values: JsonObject) -> None:
        self._values = values

    @classmethod
    async def read(cls, request: web.Request) -> "Arguments":
        """Raises invalid_json or json_not_object for a body that isn't what it says it is."""
        values: JsonObject = dict(request.query)
        if request.method == "POST":
            if request.content_type == "application/json":
                values.update(_object(await request.read()))
            elif request.content_type in (
                "application/x-www-form-urlencoded",
                "multipart/form-data",
            ):
                form = await request.post()
                values.update({k: v for k, v in form.items() if isinstance(v, str)})
        return cls(values)

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is None or isinstance(value, str):
            return value or None
        if isinstance(value, bool | int | float):
            return str(value)
        raise _invalid(name, "must be a string")

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise _invalid(name, "missing required field")
        return value

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        value = self._values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise _invalid(name, "must be an integer") from None

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def json(self, name: str) -> JsonValue:
        """The structured argument; raises ValueError if it is a string that holds no JSON."""
        value = self._values.get(name)
        return parsed(value) if isinstance(value, str) and value else value

    def objects(self, name: str, code: str) -> list[JsonObject] | None:
        """An array of objects, or None if not given; raises `code` for anything else."""
        try:
            value = self.json(name)
        except ValueError:
            raise SlackError(code) from None
        if value is None or value == "":
            return None
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise SlackError(code)
        return as_objects(value)

    def object(self, name: str, code: str) -> JsonObject | None:
        """An object, or None if not given; raises `code` for anything else."""
        try:
            value = self.json(name)
        except ValueError:
            raise SlackError(code) from None
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            raise SlackError(code)
        return value


def _object(body: bytes) -> JsonObject:
    if not body.strip():
        return {}
    try:
        value = parsed(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def _invalid(name: str, fault: str) -> SlackError:
    return SlackError("invalid_arguments", [f"[ERROR] {fault} [json-pointer:/{name}]"])
