"""Acknowledge: somebody has it. The message redraws by itself; only a refusal is told."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import acting
from bot.cases.on_request import carry_out
from bot.desk import Desk
from bot.messages.case_alert import CASE_ACKNOWLEDGE
from handlers.acknowledging import acknowledging
from handlers.handling import handled
from handlers.inbound import CaseClick
from handlers.people import viewer_of
from handlers.redelivery import do_once
from handlers.saying import whisper
from handlers.shown_alone import draw_anew


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(CASE_ACKNOWLEDGE)
    async def acknowledge(
        ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient
    ) -> None:
        click = CaseClick.model_validate(body)
        user, channel = click.user, click.channel.id
        with handled(CASE_ACKNOWLEDGE, user.id, channel):
            async with acknowledging(ack):
                viewer = await viewer_of(desk, client, user.id, user.team_id, channel)
                declined = await do_once(
                    desk,
                    body,
                    carry_out,
                    acting.acknowledge,
                    click.case_id,
                    viewer,
                    desk.book,
                    desk.clock(),
                )
            if declined is not None:
                await whisper(client, click.response_url, declined)
            if click.container.is_ephemeral:
                await draw_anew(desk, client, click.response_url, click.case_id, viewer)
