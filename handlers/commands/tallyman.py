"""/tallyman help|health|mute|mutes|unmute."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups import questions
from handlers.commands import muting
from handlers.commands.answering import answer


def register(app: AsyncApp, desk: Desk) -> None:
    @app.command("/tallyman")
    async def tallyman(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        if muting.is_change(str(body.get("text", ""))):
            await muting.change(desk, client, body)
        else:
            await answer(questions.tallyman, desk, client, body)
