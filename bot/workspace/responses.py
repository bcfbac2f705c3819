"""response_url: five answers within thirty minutes of what a person did."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.workspace.errors import SlackError

USES = 5
LIFETIME_SECONDS = 30 * 60.0
PATH = "/response/"


@dataclass(slots=True)
class Response:
    """Where an answer goes: the person, the channel, and the message that it may replace."""

    person: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    issued_at: float
    uses: int = 0


class Responses:
    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._issued: dict[str, Response] = {}

    def issue(
        self, person: str, channel: str, message_ts: str | None, thread_ts: str | None
    ) -> str:
        """The path of a new response_url."""
        now = self._monotonic()
        self._issued = {
            key: response
            for key, response in self._issued.items()
            if now - response.issued_at < 2 * LIFETIME_SECONDS
        }
        secret = secrets.token_urlsafe(24)
        self._issued[secret] = Response(person, channel, message_ts, thread_ts, now)
        return PATH + secret

    def use(self, secret: str) -> Response:
        """Raises invalid_url, expired_url or used_url."""
        response = self._issued.get(secret)
        if response is None:
            raise SlackError("invalid_url", status=404)
        if self._monotonic() - response.issued_at >= LIFETIME_SECONDS:
            raise SlackError("expired_url", status=404)
        if response.uses >= USES:
            raise SlackError("used_url", status=404)
        response.uses += 1
        return response
