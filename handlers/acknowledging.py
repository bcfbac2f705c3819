"""What was acknowledged stays so.

Bolt forgets an acknowledgement when the handler fails within some milliseconds after it: Slack
then hears nothing, tells the person that the app is silent, and hands it over again.
"""

from collections.abc import Awaitable, Callable

from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext


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


def register(app: AsyncApp) -> None:
    @app.middleware
    async def keep(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse | None]]
    ) -> BoltResponse | None:
        context["ack"] = KeptAck()
        return await next_()
