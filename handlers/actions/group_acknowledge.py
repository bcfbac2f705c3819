"""Acknowledge all: somebody has them. The message redraws by itself; only what stays as it is is
told."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import acting_on_groups
from bot.cases.on_request import carry_out_on_all
from bot.desk import Desk
from bot.messages.group_alert import GROUP_ACKNOWLEDGE
from handlers.acknowledging import acknowledging
from handlers.handling import handled
from handlers.inbound import GroupClick
from handlers.people import viewer_of
from handlers.redelivery import do_once
from handlers.saying import whisper


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(GROUP_ACKNOWLEDGE)
    async def acknowledge_all(
        ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient
    ) -> None:
        click = GroupClick.model_validate(body)
        user, channel = click.user, click.channel.id
        with handled(GROUP_ACKNOWLEDGE, user.id, channel):
            async with acknowledging(ack):
                viewer = await viewer_of(desk, client, user.id, user.team_id, channel)
                declined = await do_once(
                    desk,
                    body,
                    carry_out_on_all,
                    acting_on_groups.acknowledge,
                    click.alert_id,
                    viewer,
                    desk.book,
                    desk.clock(),
                )
            if declined is not None:
                await whisper(client, click.response_url, declined)
