"""Slack hands over again what it saw no acknowledgement of: it is done once."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp

REMEMBERED = 10_000  # of the latest: Slack gives up after an hour at most


class Seen:
    """The ids of what came in; the oldest are forgotten first."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._ids: OrderedDict[str, None] = OrderedDict()

    def is_new(self, name: str) -> bool:
        if name in self._ids:
            return False
        self._ids[name] = None
        if len(self._ids) > self._remembered:
            self._ids.popitem(last=False)
        return True


def register(app: AsyncApp) -> None:
    seen = Seen()

    @app.middleware
    async def once(
        body: Mapping[str, object], next_: Callable[[], Awaitable[BoltResponse | None]]
    ) -> BoltResponse | None:
        name = _name_of(body)
        if name is not None and not seen.is_new(name):
            return BoltResponse(status=200)
        return await next_()


def _name_of(body: Mapping[str, object]) -> str | None:
    """What was filled in may be handed over again: the answer to it holds the faults in it."""
    if body.get("type") == "view_submission":
        return None
    name = body.get("event_id") or body.get("trigger_id")
    return name if isinstance(name, str) else None
