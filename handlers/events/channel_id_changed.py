"""A private channel gets another id when it becomes shared, and again when it stops."""

from collections.abc import Mapping

import structlog
from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers.handling import handled
from handlers.inbound import ChannelIdChanged
from storage import channels

log = structlog.get_logger(__name__)


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("channel_id_changed")
    async def channel_id_changed(event: Mapping[str, object]) -> None:
        change = ChannelIdChanged.model_validate(event)
        with handled("channel_id_changed", None, change.new_channel_id):
            moved = await desk.database.run(
                channels.renumber, change.old_channel_id, change.new_channel_id
            )
            log.warning(
                "a channel has another id: all goes there, but the book should name it too",
                old=change.old_channel_id,
                new=change.new_channel_id,
                partners=moved,
            )
