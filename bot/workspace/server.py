"""The workspace, put together."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from bot.workspace.answers import Answers
from bot.workspace.control_api import ControlApi
from bot.workspace.dispatch import Dispatch
from bot.workspace.faults import Faults
from bot.workspace.gestures import Gestures
from bot.workspace.http_mode import HttpMode
from bot.workspace.office import Office
from bot.workspace.page_api import PageApi
from bot.workspace.page_files import PageFiles
from bot.workspace.people import PersonAtWork
from bot.workspace.setup import WorkspaceSetup
from bot.workspace.sights import Room
from bot.workspace.socket_mode import SocketMode
from bot.workspace.upheavals import Upheavals
from bot.workspace.web_api import MOST_BYTES, WebApi

WITHIN_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.05


def _now() -> datetime:
    return datetime.now(UTC)


class Workspace:
    """A Slack workspace on this machine.

    `state_dir`: where its journal outlives the process (None: memory only). `clock`: the day that
    messages carry. `monotonic`: seconds, for rate limits and the age of triggers.
    """

    def __init__(
        self,
        setup: WorkspaceSetup,
        *,
        state_dir: Path | None = None,
        clock: Callable[[], datetime] = _now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.setup = setup
        self.office = Office(setup, state_dir=state_dir, clock=clock, monotonic=monotonic)
        self.socket_mode = SocketMode(self.office)
        self._http_mode = (
            None if setup.request_url is None else HttpMode(self.office, setup.request_url)
        )
        self.dispatch = Dispatch(self.office, self._http_mode or self.socket_mode)
        self.socket_mode.listeners.append(self.dispatch.note_connection)
        answers = Answers(self.office)
        self.gestures = Gestures(self.office, self.dispatch, answers)
        self.upheavals = Upheavals(self.office, self.dispatch)
        self._routes = (
            *WebApi(self.office, self.socket_mode).routes(),
            *self.socket_mode.routes(),
            *answers.routes(),
            *PageApi(self.office, self.gestures).routes(),
            *PageFiles(self.office, self.gestures).routes(),
            *ControlApi(self.office, self.upheavals).routes(),
        )
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen; port 0 takes a free one. Raises OSError if the port is taken,
        JournalDamaged if what was written before can't be read, JournalInUse if another one keeps
        its messages there."""
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[_from_this_machine])
        app.add_routes(self._routes)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            self.office.open()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.office.url = f"http://{host}:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self.dispatch.close()
        await self.socket_mode.close()
        for socket in list(self.office.page_sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._http_mode is not None:
            await self._http_mode.close()
        self.office.close()

    async def __aenter__(self) -> "Workspace":
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where the page is, without a slash at the end."""
        return self.office.url

    @property
    def api_url(self) -> str:
        """What slack_sdk takes as its base_url."""
        return self.office.url + "/api/"

    @property
    def faults(self) -> Faults:
        return self.office.faults

    @property
    def calls(self) -> Counter[str]:
        """Web API calls by method; "429" counts the refused ones, "response_url" its uses."""
        return self.office.calls

    # -- the story as a test tells it ----------------------------------------

    def person(self, name: str) -> PersonAtWork:
        """By name or id; raises Refused if nobody is called so."""
        return PersonAtWork(self.office, self.gestures, self.gestures.person(name))

    def channel(self, name: str) -> Room:
        """By name, with or without #, or id; raises SlackError("channel_not_found")."""
        return Room(self.office, self.office.channel(name).id)

    async def until(
        self, condition: Callable[[], object], *, within: float = WITHIN_SECONDS
    ) -> None:
        """Wait until `condition` holds, looking again whenever something changed here, and now
        and then in case it is about something elsewhere.

        Raises AssertionError that shows what every channel holds.
        """
        with self.office.changes.watched() as watcher:
            try:
                async with asyncio.timeout(within):
                    while not condition():
                        await _within(watcher.next(), LOOK_AGAIN_SECONDS)
            except TimeoutError:
                raise AssertionError(
                    f"It didn't come about within {within:g} s. The workspace shows:\n{self.told()}"
                ) from None

    async def until_connected(self, *, within: float = WITHIN_SECONDS) -> None:
        """Wait until the app listens over Socket Mode."""
        await self.until(lambda: self.socket_mode.connections > 0, within=within)

    def told(self) -> str:
        """Every channel and what people alone were shown, as text."""
        rooms = [Room(self.office, each).told() for each in self.office.state.channels]
        people = [
            PersonAtWork(self.office, self.gestures, person).told()
            for person in self.office.state.people.values()
        ]
        return "\n".join(part for part in (*rooms, *people) if part)


async def _within(change: Awaitable[object], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await change
    except TimeoutError:
        return


@web.middleware
async def _from_this_machine(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Other sites' pages, open in the same browser, may not act here."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
    return await handler(request)
