"""What was acknowledged stays so, and what changes something is acknowledged once it is done.

Bolt forgets an acknowledgement when the handler fails within some milliseconds after it: Slack
then hears nothing, tells the person that the app is silent, and hands it over again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

PATIENCE = 2.0  # seconds: Slack's ends after three


class KeptAck(AsyncAck):
    """Once given, it can be replaced but not taken back."""

    def __init__(self) -> None:
        self._given: BoltResponse | None = None

    @property
    def response(self) -> BoltResponse | None:
        return self._given

    @response.setter
    def response(self, given: BoltResponse | None) -> None:
        if given is not None:
            self._given = given


@asynccontextmanager
async def acknowledging(ack: AsyncAck) -> AsyncIterator[None]:
    """Acknowledges when what is inside is done: should we die before, Slack hands it over again.
    What fails is acknowledged too, for the person is told; and so is what takes longer than Slack
    waits."""
    in_time = asyncio.create_task(_after_patience(ack))
    try:
        yield
    except Exception:
        await ack()
        raise
    else:
        await ack()
    finally:
        in_time.cancel()


async def _after_patience(ack: AsyncAck) -> None:
    await asyncio.sleep(PATIENCE)
    await ack()


def register(app: AsyncApp) -> None:
    @app.middleware
    async def keep(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse | None]]
    ) -> BoltResponse | None:
        context["ack"] = KeptAck()
        return await next_()
