"""What the browser page asks of the workspace, and is told by it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import WSMsgType, web
from pydantic import BaseModel, Field, JsonValue, ValidationError

from bot.workspace import shapes
from bot.workspace.changes import Change, Watcher
from bot.workspace.errors import Refused
from bot.workspace.gestures import Deed, Gestures
from bot.workspace.json_values import JsonObject, dumped
from bot.workspace.office import Office
from bot.workspace.state import Message, Person

STATIC = Path(__file__).parent / "static"
NEWEST = 200  # messages of a channel that the page gets
CLOCK_SECONDS = 1.0
PAGE_EVENTS = frozenset(
    [
        "message",
        "message_changed",
        "message_deleted",
        "ephemeral",
        "view_opened",
        "view_updated",
        "view_pushed",
        "view_closed",
        "home",
        "channel",
    ]
)


class _By(BaseModel):
    who: str = Field(alias="as")


class _Said(_By):
    channel: str
    text: str
    thread_ts: str | None = None


class _Typed(_By):
    channel: str
    text: str


class _StateValues(BaseModel):
    values: dict[str, JsonValue] = {}


class _Acted(_By):
    block_id: str
    action_id: str
    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None
    action: dict[str, JsonValue] = {}
    state: _StateValues = _StateValues()


class _Submitted(_By):
    state: _StateValues = _StateValues()


_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _refusing(answer: _Answer) -> _Answer:
    """Refusals and malformed requests as the page understands them."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await answer(request)
        except Refused as refusal:
            return _json({"ok": False, "error": str(refusal)})
        except ValidationError as error:
            return _json({"ok": False, "error": f"Not understood: {error}"}, status=400)

    return guarded


class PageApi:
    def __init__(self, office: Office, gestures: Gestures) -> None:
        self._office = office
        self._gestures = gestures

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/page/state", _refusing(self._state)),
            web.get("/page/channels/{id}/messages", _refusing(self._messages)),
            web.get("/page/channels/{id}/threads/{ts}", _refusing(self._thread)),
            web.get("/page/home", _refusing(self._home)),
            web.get("/page/events", self._events),
            web.post("/page/messages", _refusing(self._say)),
            web.post("/page/commands", _refusing(self._command)),
            web.post("/page/actions", _refusing(self._act)),
            web.post("/page/views/{id}/submit", _refusing(self._submit)),
            web.post("/page/views/{id}/close", _refusing(self._close)),
        ]

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return _static_file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return _static_file(request.match_info["name"])

    def _viewer(self, request: web.Request) -> Person:
        people = self._office.setup.people
        first = people[0].id if people else ""
        return self._gestures.person(request.query.get("as") or first)

    # -- reading -------------------------------------------------------------

    async def _state(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request)
        office = self._office
        setup = office.setup
        commands = () if viewer.is_external else office.manifest.commands
        return _json(
            {
                "team": {"id": setup.team.id, "name": setup.team.name},
                "me": viewer.id,
                "people": [
                    {
                        "id": person.id,
                        "name": person.name,
                        "real_name": person.real_name,
                        "title": person.title,
                        "team_id": person.team_id,
                        "external": person.is_external,
                    }
                    for person in office.state.people.values()
                    if not person.is_bot
                ],
                "channels": [
                    shapes.page_channel(office.state, channel)
                    for channel in office.state.channels.values()
                    if viewer.id in channel.members
                ],
                "commands": [
                    {
                        "command": command.command,
                        "usage_hint": command.usage_hint,
                        "description": command.description,
                    }
                    for command in commands
                ],
                "app": {
                    "id": setup.app_id,
                    "name": office.manifest.display_information.name,
                    "user_id": setup.bot_user_id,
                },
                "now": office.clock().isoformat(),
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request)
        channel = self._gestures.channel(viewer, request.match_info["id"])
        newest: list[Message] = []
        for message in self._office.state.newest(channel.id):
            if len(newest) == NEWEST:
                break
            newest.append(message)
        return self._listed([*newest, *self._whispers(viewer, channel.id, None)])

    async def _thread(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request)
        channel = self._gestures.channel(viewer, request.match_info["id"])
        root = self._office.state.message(channel.id, request.match_info["ts"])
        if root is None:
            raise Refused("That message isn't there any more.")
        replies = self._office.state.replies(channel.id, root.ts)
        return self._listed([root, *replies, *self._whispers(viewer, channel.id, root.ts)])

    def _whispers(self, viewer: Person, channel: str, thread_ts: str | None) -> list[Message]:
        return [
            message
            for message in self._office.state.ephemerals[viewer.id]
            if message.channel == channel and message.thread_ts == thread_ts
        ]

    def _listed(self, messages: list[Message]) -> web.Response:
        messages = sorted(messages, key=lambda message: float(message.ts))
        return _json(
            {"messages": [shapes.page_message(self._office.state, each) for each in messages]}
        )

    async def _home(self, request: web.Request) -> web.Response:
        view = self._gestures.opens_home(self._viewer(request))
        return _json({"view": None if view is None else shapes.view(self._office, view)})

    # -- doing ---------------------------------------------------------------

    async def _say(self, request: web.Request) -> web.Response:
        said = _Said.model_validate_json(await request.read())
        person = self._gestures.person(said.who)
        channel = self._gestures.channel(person, said.channel)
        message = self._gestures.says(person, channel, said.text, said.thread_ts)
        return _json({"ok": True, "ts": message.ts})

    async def _command(self, request: web.Request) -> web.Response:
        typed = _Typed.model_validate_json(await request.read())
        person = self._gestures.person(typed.who)
        channel = self._gestures.channel(person, typed.channel)
        await self._gestures.commands(person, channel, typed.text)
        return _json({"ok": True})

    async def _act(self, request: web.Request) -> web.Response:
        acted = _Acted.model_validate_json(await request.read())
        person = self._gestures.person(acted.who)
        deed = Deed(acted.block_id, acted.action_id, acted.action, acted.state.values)
        if acted.view_id is not None:
            await self._gestures.acts_on_view(
                person,
                acted.view_id,
                deed,
            )
        elif acted.channel is not None and acted.ts is not None:
            await self._gestures.acts_on_message(
                person,
                self._gestures.channel(person, acted.channel),
                acted.ts,
                deed,
            )
        else:
            raise Refused("Neither a message nor a view was named.")
        return _json({"ok": True})

    async def _submit(self, request: web.Request) -> web.Response:
        submitted = _Submitted.model_validate_json(await request.read())
        person = self._gestures.person(submitted.who)
        errors = await self._gestures.submits(
            person, request.match_info["id"], submitted.state.values
        )
        if errors:
            return _json({"ok": False, "errors": dict(errors)})
        return _json({"ok": True})

    async def _close(self, request: web.Request) -> web.Response:
        by = _By.model_validate_json(await request.read())
        self._gestures.closes(self._gestures.person(by.who), request.match_info["id"])
        return _json({"ok": True})

    # -- telling -------------------------------------------------------------

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            viewer = self._viewer(request)
        except Refused as refusal:
            return _json({"ok": False, "error": str(refusal)}, status=403)
        socket = web.WebSocketResponse(heartbeat=30.0)
        await socket.prepare(request)
        self._office.page_sockets.add(socket)
        with self._office.changes.watched() as watcher:
            teller = asyncio.create_task(self._tell(socket, viewer, watcher))
            try:
                async for frame in socket:
                    if frame.type is WSMsgType.ERROR:
                        break
            finally:
                teller.cancel()
                await asyncio.gather(teller, return_exceptions=True)
                self._office.page_sockets.discard(socket)
        return socket

    async def _tell(self, socket: web.WebSocketResponse, viewer: Person, watcher: Watcher) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + CLOCK_SECONDS
        while not socket.closed:
            try:
                async with asyncio.timeout_at(due):
                    change = await watcher.next()
                if self._concerns(change, viewer):
                    await socket.send_str(dumped(change.body))
            except TimeoutError:
                pass
            if loop.time() >= due:
                due = loop.time() + CLOCK_SECONDS
                clock: JsonObject = {"type": "clock", "now": self._office.clock().isoformat()}
                await socket.send_str(dumped(clock))

    def _concerns(self, change: Change, viewer: Person) -> bool:
        if change.person is not None:
            return change.person == viewer.id
        if change.channel is None or change.body.get("type") not in PAGE_EVENTS:
            return False
        channel = self._office.state.channels.get(change.channel)
        return channel is not None and viewer.id in channel.members


def _json(body: JsonObject, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, dumps=dumped)


def _static_file(name: str) -> web.StreamResponse:
    path = STATIC / name
    if path.parent != STATIC or not path.is_file():
        raise web.HTTPNotFound(text=f"There is no {name} here.")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})
