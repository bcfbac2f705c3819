"""Refusals in Slack's own words."""

from collections.abc import Sequence

from bot.workspace.json_values import JsonObject


class SlackError(Exception):
    """The Web API answers `{"ok": false, "error": code}` with whatever `details` add."""

    def __init__(
        self,
        code: str,
        messages: Sequence[str] = (),
        *,
        details: JsonObject | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.details = details or {}
        self.status = status
        self.headers = headers or {}

    @property
    def body(self) -> JsonObject:
        body: JsonObject = {"ok": False, "error": self.code, **self.details}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


class Refused(Exception):
    """What a person wanted to do was refused; the text is what Slack would show them."""
