"""Slack hands over again what it saw no acknowledgement of: it is done once, also after a restart
and by several processes.

What is only answered is begun when it comes in: should we die before the answer, the person asks
again. A busy database does not keep it waiting for long, since Slack is impatient: then only what
this process remembers is known.

What changes something is begun in the transaction of the change, and acknowledged after it (see
handlers.acknowledging): should we die before, nothing was done, and Slack hands it over again;
should we die after, it is done, and what is handed over again is only acknowledged.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from sqlmodel import Session

from bot.desk import Desk
from bot.messages.case_alert import CASE_ACKNOWLEDGE
from bot.messages.group_alert import GROUP_ACKNOWLEDGE
from bot.messages.mutes import MUTE_END
from storage import inbound

log = structlog.get_logger(__name__)

KEPT_FOR = 86_400.0  # seconds: Slack gives up after an hour at most
KNOWN_WITHIN = 0.5  # seconds: Slack waits for three in all
REMEMBERED = 10_000  # of the latest, here
BEGUN_WITH_THE_CHANGE = frozenset({CASE_ACKNOWLEDGE, GROUP_ACKNOWLEDGE, MUTE_END})
"""Buttons that change something at once: their handlers call `do_once`."""

Body = Mapping[str, object]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Seen:
    """The names of what came in here; the oldest are forgotten first."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._names: OrderedDict[str, None] = OrderedDict()

    def is_new(self, name: str) -> bool:
        if name in self._names:
            return False
        self._names[name] = None
        if len(self._names) > self._remembered:
            self._names.popitem(last=False)
        return True


class Gate:
    """Lets in what is to be handled."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen = Seen()
        self._asked: set[asyncio.Task[bool]] = set()

    async def lets_in(self, body: Body) -> bool:
        key = key_of(body)
        if key is None:
            return True
        if body.get("type") != "view_submission" and not self._seen.is_new(key):
            return False
        return await self._in_time(self._is_first(key, body))

    async def _is_first(self, key: str, body: Body) -> bool:
        if _is_begun_with_the_change(body):
            return not await self._desk.database.read(inbound.was_begun, key)
        before = _forgotten_before(self._desk)
        return await self._desk.database.run(_begin, key, self._desk.clock(), before)

    async def _in_time(self, asked: Coroutine[None, None, bool]) -> bool:
        """As the database says, if it does so in time; it goes on to keep what it was told."""
        task = asyncio.create_task(asked)
        self._asked.add(task)
        task.add_done_callback(self._forget)
        done, _ = await asyncio.wait({task}, timeout=KNOWN_WITHIN)
        return task.result() if done else True

    def _forget(self, task: asyncio.Task[bool]) -> None:
        self._asked.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("it could not be kept that something came in", error=repr(error))


def register(app: AsyncApp, desk: Desk) -> None:
    gate = Gate(desk)

    @app.middleware
    async def once(
        body: Body, next_: Callable[[], Awaitable[BoltResponse | None]]
    ) -> BoltResponse | None:
        return await next_() if await gate.lets_in(body) else BoltResponse(status=200)


async def do_once(
    desk: Desk,
    body: Body,
    change: Callable[Concatenate[Session, Arguments], Result],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Result | None:
    """The change, in a transaction that also keeps that it was begun. None where it was before."""

    def begun_and_changed(session: Session) -> Result | None:
        key = key_of(body)
        if key is not None and not _begin(session, key, desk.clock(), _forgotten_before(desk)):
            return None
        return change(session, *arguments, **named)

    return await desk.database.run(begun_and_changed)


def key_of(body: Body) -> str | None:
    """The same for what is handed over again; None for what has no name.

    What was filled in goes by its dialogue, which closes when it is taken. Until then it may be
    handed over again to be refused again: the answer to it holds the faults in it.
    """
    if body.get("type") == "view_submission":
        view_id = _text(_inner(body, "view").get("id"))
        return submission_key(view_id) if view_id else None
    return _text(body.get("event_id")) or _text(body.get("trigger_id"))


def submission_key(view_id: str) -> str:
    return f"submitted:{view_id}"


def _is_begun_with_the_change(body: Body) -> bool:
    if body.get("type") == "view_submission":
        return True
    actions = body.get("actions")
    clicked = actions if isinstance(actions, list) else []
    return any(
        isinstance(one, Mapping) and one.get("action_id") in BEGUN_WITH_THE_CHANGE
        for one in clicked
    )


def _begin(session: Session, key: str, now: datetime, forgotten_before: datetime) -> bool:
    inbound.forget(session, forgotten_before)
    return inbound.begin(session, key, now)


def _forgotten_before(desk: Desk) -> datetime:
    return desk.clock.after(-KEPT_FOR)


def _inner(body: Body, name: str) -> Body:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
