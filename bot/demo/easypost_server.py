"""A stand-in that speaks EasyPost's API over HTTP, well or, on request, badly."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import BasicAuth, web
from pydantic import BaseModel, Field, JsonValue, ValidationError

Tracker = dict[str, JsonValue]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST_PAGE = 100
DEFAULT_PAGE = 20


@dataclass(frozen=True, slots=True)
class Listing:
    trackers: Sequence[Tracker]
    has_more: bool


class Trackers(Protocol):
    """Where the stand-in finds what it tells. KeyError for an id that is not known."""

    def newest(self, page_size: int, before_id: str | None) -> Listing: ...

    def by_id(self, tracker_id: str) -> Tracker: ...

    def by_codes(self, tracking_codes: Sequence[str]) -> list[Tracker]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said in place of the right answer to one request."""

    status: int
    body: bytes = b'{"error": {"code": "FAULT", "message": "as asked for"}}'
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer at all: the client's time-out decides."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """The connection is closed without an answer."""


Fault = Answer | Silence | HangUp


@dataclass(frozen=True, slots=True)
class Received:
    method: str
    path: str
    query: Mapping[str, str]


class _Page(BaseModel):
    page_size: int = Field(default=DEFAULT_PAGE, ge=1, le=LARGEST_PAGE)
    before_id: str | None = None


class _Batch(BaseModel):
    tracking_codes: list[str] = Field(max_length=LARGEST_PAGE)


class EasyPostStandIn:
    """Answers with what `trackers` holds; each fault is used up by one request."""

    def __init__(self, trackers: Trackers, api_key: str) -> None:
        self.faults: deque[Fault] = deque()
        self.received: list[Received] = []
        self._trackers = trackers
        self._api_key = api_key
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """The address of the API, for the book; port 0 takes any that is free."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/v2/trackers", self._list)
        app.router.add_post("/v2/trackers/batch", self._batch)
        app.router.add_get("/v2/trackers/{id}", self._single)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return f"http://{host}:{self._runner.addresses[0][1]}/v2"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.received.append(Received(request.method, request.path, dict(request.query)))
        if self.faults:
            return await _misbehave(self.faults.popleft(), request)
        if not self._is_authorised(request):
            return _error(401, "APIKEY.INVALID", "The API key is not valid.")
        try:
            return await handler(request)
        except KeyError:
            return _error(404, "NOT_FOUND", "The requested resource could not be found.")
        except ValidationError as error:
            return _error(422, "PARAMETER.INVALID", str(error))

    def _is_authorised(self, request: web.Request) -> bool:
        try:
            user = BasicAuth.decode(request.headers.get("Authorization", ""))
        except ValueError:
            return False
        return bool(user.login == self._api_key)

    async def _list(self, request: web.Request) -> web.Response:
        page = _Page.model_validate(dict(request.query))
        listing = self._trackers.newest(page.page_size, page.before_id)
        return web.json_response({"trackers": list(listing.trackers), "has_more": listing.has_more})

    async def _batch(self, request: web.Request) -> web.Response:
        batch = _Batch.model_validate_json(await request.read())
        found = self._trackers.by_codes(batch.tracking_codes)
        return web.json_response({"trackers": found, "has_more": False})

    async def _single(self, request: web.Request) -> web.Response:
        return web.json_response(self._trackers.by_id(request.match_info["id"]))


async def _misbehave(fault: Fault, request: web.Request) -> web.StreamResponse:
    match fault:
        case Answer(status, body, headers):
            return web.Response(status=status, body=body, headers=headers)
        case HangUp():
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        case Silence():
            await asyncio.Event().wait()
            return web.Response()


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response(
        {"error": {"code": code, "message": message, "errors": []}}, status=status
    )
