"""Tells whoever watches that something in the workspace changed."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.workspace.json_values import JsonObject

BACKLOG_LIMIT = 10_000  # changes a slow watcher may lag behind before the oldest are dropped


@dataclass(frozen=True, slots=True)
class Change:
    """For everyone in `channel`, or for `person` alone; a clock tick is for all."""

    body: JsonObject
    channel: str | None = None
    person: str | None = None


class Watcher:
    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=BACKLOG_LIMIT)
        self._ready = asyncio.Event()

    def tell(self, change: Change) -> None:
        self._changes.append(change)
        self._ready.set()

    async def next(self) -> Change:
        while not self._changes:
            self._ready.clear()
            await self._ready.wait()
        return self._changes.popleft()


class Changes:
    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    @contextmanager
    def watched(self) -> Iterator[Watcher]:
        """A watcher that is told of every change from now on."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def tell(self, change: Change) -> None:
        for watcher in self._watchers:
            watcher.tell(change)
