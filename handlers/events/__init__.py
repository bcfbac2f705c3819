"""What happens in Slack, one event a file."""

from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers.events import app_home_opened, app_mention, channel_id_changed, message_im


def register(app: AsyncApp, desk: Desk) -> None:
    app_home_opened.register(app, desk)
    app_mention.register(app, desk)
    message_im.register(app, desk)
    channel_id_changed.register(app, desk)
