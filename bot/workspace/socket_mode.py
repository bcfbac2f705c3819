"""Socket Mode: envelopes over WebSockets, each acknowledged by its id."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from bot.workspace.changes import Change
from bot.workspace.json_values import JsonObject, as_object, dumped, object_at, parsed, text_at
from bot.workspace.office import Office

PATH = "/link/"
CONNECTIONS = 10  # at once, as Slack allows
PING_SECONDS = 10.0
TICKET_SECONDS = 30.0
LEAVE_SECONDS = 10.0  # that a connection has to go by itself once told to


class NotConnected(Exception):
    """The app isn't listening anywhere."""


class NotAcknowledged(Exception):
    """The app didn't acknowledge in time, or its connection went away; the text says which."""


class Delivery(Protocol):
    """A way to hand something to the app."""

    async def deliver(self, envelope: JsonObject) -> JsonObject:
        """What the acknowledgement carried; raises NotConnected or NotAcknowledged."""
        ...


class SocketMode:
    """The app's connections; several share the load in turn."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tickets: dict[str, float] = {}
        self._connections: list[web.WebSocketResponse] = []
        self._leaving: dict[web.WebSocketResponse, asyncio.Event] = {}
        self._turn = 0
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[JsonObject]]] = {}
        self.listeners: list[Callable[[], None]] = []  # told when a connection is made

    @property
    def connections(self) -> int:
        return len(self._alive())

    def ticket_url(self) -> str:
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = self._office.monotonic()
        address = self._office.url.replace("http", "ws", 1)
        return f"{address}{PATH}?ticket={ticket}&app_id={self._office.setup.app_id}"

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self._connect)]

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        issued_at = self._tickets.pop(request.query.get("ticket", ""), None)
        if issued_at is None or self._office.monotonic() - issued_at > TICKET_SECONDS:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        if len(self._connections) >= CONNECTIONS:
            return web.json_response({"ok": False, "error": "too_many_websockets"}, status=403)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await socket.prepare(request)
        self._connections.append(socket)
        await _send(socket, self._hello())
        self._office.changes.tell(Change({"type": "connected"}))
        for listener in self.listeners:
            listener()
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._take_ack(frame.data)
        finally:
            self._forget(socket)
        return socket

    def _hello(self) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "local-workspace",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._office.setup.app_id},
        }

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._connections:
            self._connections.remove(socket)
        if socket in self._leaving:
            self._leaving.pop(socket).set()
        for on, answer in self._waiting.values():
            if on is socket and not answer.done():
                answer.set_exception(NotAcknowledged("connection_closed"))

    def _take_ack(self, text: str) -> None:
        try:
            message = as_object(parsed(text))
        except ValueError:
            return
        waiting = self._waiting.get(text_at(message, "envelope_id"))
        if waiting is not None and not waiting[1].done():
            waiting[1].set_result(object_at(message, "payload"))

    async def deliver(self, envelope: JsonObject) -> JsonObject:
        """Raises NotConnected, or NotAcknowledged after the ack time."""
        socket = self._next_connection()
        envelope_id = text_at(envelope, "envelope_id")
        answer: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, answer)
        try:
            await _send(socket, envelope)
            async with asyncio.timeout(self._office.setup.ack_seconds):
                return await answer
        except TimeoutError:
            raise NotAcknowledged("timeout") from None
        except ConnectionError:
            raise NotAcknowledged("connection_closed") from None
        finally:
            waiting = self._waiting.get(envelope_id)
            if waiting is not None and waiting[1] is answer:
                del self._waiting[envelope_id]

    def _alive(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._connections if not socket.closed]

    def _next_connection(self) -> web.WebSocketResponse:
        alive = self._alive()
        if not alive:
            raise NotConnected
        self._turn += 1
        return alive[self._turn % len(alive)]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does from time to time; nothing more is sent
        over it, and it is closed if the app doesn't do so itself."""
        going, self._connections = self._connections, []
        for socket in going:
            gone = self._leaving[socket] = asyncio.Event()
            await _send(
                socket,
                {
                    "type": "disconnect",
                    "reason": reason,
                    "debug_info": {"host": "local-workspace"},
                },
            )
            try:
                async with asyncio.timeout(LEAVE_SECONDS):
                    await gone.wait()
            except TimeoutError:
                await socket.close(code=WSCloseCode.GOING_AWAY)

    async def close(self) -> None:
        for socket in [*self._connections, *self._leaving]:
            await socket.close(code=WSCloseCode.GOING_AWAY)


async def _send(socket: web.WebSocketResponse, message: JsonObject) -> None:
    await socket.send_str(dumped(message))
