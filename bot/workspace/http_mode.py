"""HTTP mode: what Slack posts to the app's request URL, signed."""

import asyncio
import hashlib
import hmac
import time
from urllib.parse import urlencode

import aiohttp
from pydantic import JsonValue

from bot.workspace.json_values import JsonObject, as_object, dumped, object_at, parsed, text_at
from bot.workspace.office import Office
from bot.workspace.socket_mode import NotAcknowledged, NotConnected


class HttpMode:
    """Posts each envelope's payload to one URL, as Slack does with all its request URLs."""

    def __init__(self, office: Office, url: str) -> None:
        self._office = office
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, envelope: JsonObject) -> JsonObject:
        """Raises NotConnected if nobody listens, NotAcknowledged for anything but a timely 200."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        body, content_type = _encoded(envelope)
        headers = {"Content-Type": content_type, **self._signature(body)}
        attempt = envelope.get("retry_attempt")
        if isinstance(attempt, int) and attempt > 0:
            headers["X-Slack-Retry-Num"] = str(attempt)
            headers["X-Slack-Retry-Reason"] = text_at(envelope, "retry_reason")
        try:
            async with (
                asyncio.timeout(self._office.setup.ack_seconds),
                self._session.post(self._url, data=body, headers=headers) as response,
            ):
                answer = await response.read()
        except TimeoutError:
            raise NotAcknowledged("http_timeout") from None
        except aiohttp.ClientConnectorError:
            raise NotConnected from None
        except aiohttp.ClientError:
            raise NotAcknowledged("connection_failed") from None
        if response.status != 200:
            raise NotAcknowledged("http_error")
        return _acknowledgement(answer)

    def _signature(self, body: bytes) -> dict[str, str]:
        # The app compares this with the system's clock, whatever day the workspace shows.
        timestamp = str(int(time.time()))
        secret = self._office.setup.signing_secret.encode()
        digest = hmac.new(secret, f"v0:{timestamp}:".encode() + body, hashlib.sha256)
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": "v0=" + digest.hexdigest(),
        }

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _encoded(envelope: JsonObject) -> tuple[bytes, str]:
    payload = object_at(envelope, "payload")
    form = "application/x-www-form-urlencoded"
    if envelope.get("type") == "events_api":
        return dumped(payload).encode(), "application/json"
    if envelope.get("type") == "slash_commands":
        return urlencode({key: _text(value) for key, value in payload.items()}).encode(), form
    return urlencode({"payload": dumped(payload)}).encode(), form


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else dumped(value)


def _acknowledgement(body: bytes) -> JsonObject:
    if not body.strip():
        return {}
    try:
        return as_object(parsed(body))
    except ValueError:
        return {"text": body.decode(errors="replace")}
