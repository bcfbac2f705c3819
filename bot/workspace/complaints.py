"""Faults found in what the app sent, in Slack's words and with where they are."""

from bot.workspace.json_values import JsonObject, object_at


class Complaints:
    """`noted` is empty if all is well."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def complain(self, fault: str, pointer: str) -> None:
        self.noted.append(f"[ERROR] {fault} [json-pointer:{pointer}]")

    def optional_text(self, parent: JsonObject, key: str, pointer: str, most: int) -> None:
        if parent.get(key) is not None:
            self.raw_text(parent, key, pointer, most, least=0)

    def raw_text(
        self, parent: JsonObject, key: str, pointer: str, most: int, least: int = 1
    ) -> None:
        value = parent.get(key)
        where = f"{pointer}/{key}"
        if not isinstance(value, str):
            self.complain("must be a string" if key in parent else "missing required field", where)
        elif len(value) < least:
            self.complain(f"must be more than {least - 1} characters", where)
        elif len(value) > most:
            self.complain(f"must be less than {most + 1} characters", where)

    def _text(
        self, parent: JsonObject, key: str, pointer: str, most: int, kinds: tuple[str, ...]
    ) -> None:
        where = f"{pointer}/{key}"
        if key not in parent or parent[key] is None:
            self.complain("missing required field", where)
            return
        text = object_at(parent, key)
        if text.get("type") not in kinds:
            self.complain(f"must be one of {', '.join(kinds)}", where + "/type")
            return
        self.raw_text(text, "text", where, most)

    def plain_text(self, parent: JsonObject, key: str, pointer: str, most: int) -> None:
        self._text(parent, key, pointer, most, ("plain_text",))

    def any_text(self, parent: JsonObject, key: str, pointer: str, most: int) -> None:
        self._text(parent, key, pointer, most, ("plain_text", "mrkdwn"))
