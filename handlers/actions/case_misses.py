"""Show shipments: those behind a breached term, to the person alone."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups import misses
from bot.messages.case_alert import CASE_MISSES
from handlers.handling import handled
from handlers.inbound import CaseClick
from handlers.people import viewer_of
from handlers.saying import whisper


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(CASE_MISSES)
    async def show(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        click = CaseClick.model_validate(body)
        user, channel = click.user, click.channel.id
        with handled(CASE_MISSES, user.id, channel):
            viewer = await viewer_of(desk, client, user.id, user.team_id, channel)
            said = await desk.database.read(
                misses.answer, click.case_id, desk.book, viewer, desk.clock()
            )
            await whisper(client, click.response_url, said)
