"""Hands to the app what people did, waits for the acknowledgement, hands it over again."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Coroutine
from typing import Literal

from bot.workspace.changes import Change
from bot.workspace.json_values import JsonObject
from bot.workspace.office import Office
from bot.workspace.socket_mode import Delivery, NotAcknowledged, NotConnected

Kind = Literal["slash_commands", "interactive", "events_api"]


class Dispatch:
    """Both modes hand over again what wasn't acknowledged, interactions too: Socket Mode does,
    and an app that stands it needs no second manner for HTTP.

    Redelivered commands and interactions keep their envelope_id and trigger_id, redelivered
    events keep their event_id: that is what an app knows them by. What a redelivery is
    acknowledged with is not shown. `redelivered` and `given_up` count by kind of envelope.
    """

    def __init__(self, office: Office, delivery: Delivery) -> None:
        self._office = office
        self._delivery = delivery
        self._tasks: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()
        self.redelivered: Counter[str] = Counter()
        self.given_up: Counter[str] = Counter()

    def note_connection(self) -> None:
        """The app listens again: what waited for it needn't wait any longer."""
        self._connected.set()

    async def ask(self, kind: Kind, payload: JsonObject) -> JsonObject:
        """What the app acknowledged with; raises NotConnected, or NotAcknowledged and then
        goes on handing it over in the background."""
        envelope = _envelope(kind, payload)
        try:
            return await self._delivery.deliver(envelope)
        except NotAcknowledged as failure:
            self._start(self._redeliver(kind, envelope, str(failure)))
            raise

    def announce(self, payload: JsonObject) -> None:
        """Hand over an event without anyone waiting for it."""
        self._start(self._announce(payload))

    def tell(self, kind: Kind, payload: JsonObject) -> None:
        """Hand over an interaction that nobody waits for (a modal was closed)."""
        self._start(self._tell(kind, payload))

    async def _announce(self, payload: JsonObject) -> None:
        await self._tell("events_api", payload)

    async def _tell(self, kind: Kind, payload: JsonObject) -> None:
        envelope = _envelope(kind, payload)
        try:
            await self._delivery.deliver(envelope)
        except (NotAcknowledged, NotConnected) as failure:
            await self._redeliver(kind, envelope, str(failure) or "not_connected")

    async def _redeliver(self, kind: Kind, envelope: JsonObject, reason: str) -> None:
        for attempt, pause in enumerate(self._office.setup.redelivery_seconds, start=1):
            if reason == "not_connected":
                await self._connection_within(pause)
            else:
                await asyncio.sleep(pause)
            again = envelope | {"retry_attempt": attempt, "retry_reason": reason}
            if kind == "events_api":
                again["envelope_id"] = str(uuid.uuid4())
            self.redelivered[kind] += 1
            try:
                await self._delivery.deliver(again)
            except NotAcknowledged as failure:
                reason = str(failure)
            except NotConnected:
                reason = "not_connected"
            else:
                return
            finally:
                self._office.changes.tell(Change({"type": "delivery"}))
        self.given_up[kind] += 1
        self._office.changes.tell(Change({"type": "delivery"}))

    async def _connection_within(self, seconds: float) -> None:
        self._connected.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._connected.wait()
        except TimeoutError:
            return

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _envelope(kind: Kind, payload: JsonObject) -> JsonObject:
    envelope: JsonObject = {
        "envelope_id": str(uuid.uuid4()),
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": 0, "retry_reason": ""}
    return envelope
