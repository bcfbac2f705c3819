"""One case…: shows it to the person alone, as its own message, to be worked alone."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups import one_case
from bot.messages.group_alert import GROUP_ONE
from handlers.handling import handled
from handlers.inbound import OneOfGroup
from handlers.people import viewer_of
from handlers.saying import whisper


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(GROUP_ONE)
    async def show(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        choice = OneOfGroup.model_validate(body)
        user, channel = choice.user, choice.channel.id
        with handled(GROUP_ONE, user.id, channel):
            viewer = await viewer_of(desk, client, user.id, user.team_id, channel)
            said = await desk.database.read(
                one_case.answer, choice.case_id, desk.book, viewer, desk.clock()
            )
            await whisper(client, choice.response_url, said)
