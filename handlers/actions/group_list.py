"""Full list: all cases as they are now, as a file in the thread."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups.listing import list_in_thread
from bot.messages.group_alert import GROUP_LIST
from handlers.handling import handled
from handlers.inbound import GroupClick
from handlers.people import viewer_of
from handlers.saying import whisper


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(GROUP_LIST)
    async def list_all(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        click = GroupClick.model_validate(body)
        user, channel = click.user, click.channel.id
        with handled(GROUP_LIST, user.id, channel):
            viewer = await viewer_of(desk, client, user.id, user.team_id, channel)
            declined = await desk.database.run(
                list_in_thread,
                click.alert_id,
                f"{user.id}:{click.action.action_ts}",
                viewer,
                desk.book,
                desk.clock(),
            )
            if declined is not None:
                await whisper(client, click.response_url, declined)
