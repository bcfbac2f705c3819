"""Providers over HTTP: one client that is patient, and one translation of what goes wrong."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from httpx_retries import Retry, RetryTransport
from pydantic import JsonValue
from pydantic_core import from_json

from bot.clock import Clock, SystemClock
from bot.sources.lenient import excerpt
from bot.sources.source import SourceError, SourceRefused, SourceUnavailable

LONGEST_WAIT = timedelta(days=7)
"""A provider that asks for more is asked again then, whatever it wished."""

_PASSING_FAULTS = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call may be tried again before the source counts as unavailable."""

    total_seconds: float = 30
    """Of waiting, summed over all tries of one call."""
    tries: int = 5
    first_wait_seconds: float = 0.5


class NotThere(SourceRefused):
    """The provider answered 404."""


class ProviderApi:
    """JSON over HTTP with one provider. Every method raises SourceError."""

    def __init__(
        self,
        *,
        name: str,
        source_key: str,
        url: str,
        auth: httpx.Auth,
        timeout_seconds: float,
        patience: Patience | None = None,
        clock: Clock | None = None,
    ) -> None:
        patience = patience or Patience()
        self.name = name
        self._source_key = source_key
        self._clock = clock or SystemClock()
        self._timeout_seconds = timeout_seconds
        # A server that drips bytes never trips the read time-out: this one it does.
        self._deadline_seconds = patience.total_seconds + timeout_seconds * patience.tries
        retry = Retry(
            total=patience.tries - 1,
            # POST too: the only one that sources send is a query in the shape of a POST.
            allowed_methods=("GET", "POST"),
            status_forcelist=_PASSING_FAULTS,
            backoff_factor=patience.first_wait_seconds,
            backoff_jitter=0.5,
            total_timeout=patience.total_seconds,
        )
        self._client = httpx.AsyncClient(
            base_url=url,
            auth=auth,
            timeout=timeout_seconds,
            headers={"Accept": "application/json", "User-Agent": "tallyman"},
            transport=RetryTransport(
                transport=_LongWaitsRefused(AiohttpTransport(), patience.total_seconds), retry=retry
            ),
        )

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> JsonValue:
        return await self._answer(self._client.build_request("GET", path, params=params))

    async def query(self, path: str, body: Mapping[str, JsonValue]) -> JsonValue:
        """A POST that only reads, so that it may be repeated."""
        return await self._answer(self._client.build_request("POST", path, json=body))

    async def close(self) -> None:
        await self._client.aclose()

    async def _answer(self, request: httpx.Request) -> JsonValue:
        try:
            async with asyncio.timeout(self._deadline_seconds):
                response = await self._client.send(request)
        except (httpx.TransportError, aiohttp.ClientError, TimeoutError) as error:
            raise SourceUnavailable(
                f"No answer from {self.name} at {request.url.host} ({type(error).__name__}, "
                f"time-out {self._timeout_seconds:g} s). It is asked again with the next poll; "
                f"if that fails too, check the network and the url of source '{self._source_key}'."
            ) from error
        except _LongWaitAsked as asked:
            raise self._unavailable(asked.response) from None
        if response.is_success:
            return self._json(response)
        raise self._error(response)

    def _json(self, response: httpx.Response) -> JsonValue:
        try:
            answer: JsonValue = from_json(response.content, allow_inf_nan=False)
        except ValueError as error:
            raise SourceUnavailable(
                f"{self.name} answered {response.status_code} with something that is not JSON "
                f"({error}). It is asked again with the next poll; if it stays so, check that the "
                f"url of source '{self._source_key}' is the API's, and no proxy answers for it."
            ) from error
        return answer

    def _error(self, response: httpx.Response) -> SourceError:
        status = response.status_code
        source = f"source '{self._source_key}'"
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._unavailable(response)
        if status == HTTPStatus.UNAUTHORIZED:
            return SourceRefused(
                f"{self.name} refused the key of {source} (401). Set a valid one in the "
                "environment variable that the book names there, then run `tallyman check`."
            )
        if status == HTTPStatus.FORBIDDEN:
            return SourceRefused(
                f"The key of {source} may not read this at {self.name} (403). Give it the right "
                "to read, or use another key, then run `tallyman check`."
            )
        if status == HTTPStatus.NOT_FOUND:
            return NotThere(
                f"{self.name} has nothing at {response.request.url.path} (404). "
                f"Check the url of {source}."
            )
        if response.is_redirect:
            return SourceRefused(
                f"{self.name} points elsewhere ({status}). Check the url of {source}: "
                "it must be the API's own address, with https."
            )
        return SourceRefused(
            f"{self.name} did not accept our request ({status}: {self._message(response)}). "
            f"Check the settings of {source}; if they are right, report this sentence as a bug."
        )

    def _unavailable(self, response: httpx.Response) -> SourceUnavailable:
        retry_after = _retry_after_seconds(response)
        retry_at = None if retry_after is None else self._clock.after(retry_after)
        when = "with the next poll" if retry_at is None else f"after {retry_at:%Y-%m-%d %H:%M:%SZ}"
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return SourceUnavailable(
                f"{self.name} asks us to slow down (429). It is asked again {when}; if this "
                f"recurs, raise the poll interval of source '{self._source_key}'.",
                retry_at,
            )
        return SourceUnavailable(
            f"{self.name} fails on its own side ({response.status_code}). It is asked again "
            f"{when}; there is nothing to mend here.",
            retry_at,
        )

    def _message(self, response: httpx.Response) -> str:
        try:
            answer = from_json(response.content)
        except ValueError:
            return "no explanation"
        match answer:
            case {"error": {"message": str(message)}} | {"message": str(message)}:
                return excerpt(message)
            case _:
                return "no explanation"


class _LongWaitAsked(Exception):
    def __init__(self, response: httpx.Response) -> None:
        super().__init__("asked to wait longer than we have patience for")
        self.response = response


class _LongWaitsRefused(httpx.AsyncBaseTransport):
    """Waiting less than a server asks for would only annoy it: give up at once instead."""

    def __init__(self, transport: httpx.AsyncBaseTransport, patience_seconds: float) -> None:
        self._transport = transport
        self._patience_seconds = patience_seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        asked = _retry_after_seconds(response)
        if asked is None:
            # What we can't read, the library below might stumble over.
            response.headers.pop("Retry-After", None)
        if response.is_error and asked is not None and asked > self._patience_seconds:
            await response.aclose()
            raise _LongWaitAsked(response)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


def _retry_after_seconds(response: httpx.Response) -> float | None:
    """RFC 9110, 10.2.3: seconds, or a date. Never more than LONGEST_WAIT."""
    header = response.headers.get("Retry-After", "").strip()
    if header.isascii() and header.isdigit():
        return min(float(header), LONGEST_WAIT.total_seconds())
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    wait = min(when - datetime.now(UTC), LONGEST_WAIT)
    return max(0.0, wait.total_seconds())
