"""End now: what a mute held back is told at once. The notice redraws by itself."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages.mutes import MUTE_END
from bot.mutes.on_request import end
from handlers.acknowledging import acknowledging
from handlers.handling import handled
from handlers.inbound import MuteClick
from handlers.people import certain_viewer_of
from handlers.redelivery import do_once
from handlers.saying import whisper


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(MUTE_END)
    async def end_now(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        click = MuteClick.model_validate(body)
        user, channel = click.user, click.channel.id
        with handled(MUTE_END, user.id, channel):
            async with acknowledging(ack):
                viewer = await certain_viewer_of(desk, client, user.id, user.team_id, channel)
                said = await do_once(
                    desk, body, end, desk.book, viewer, click.mute_id, desk.clock()
                )
            if said is not None:
                await whisper(client, click.response_url, said)
