"""Slack in: a callback a file, and each folder with register(app, desk)."""

from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers import acknowledging, actions, commands, errors, events, redelivery, views


def register(app: AsyncApp, desk: Desk) -> None:
    redelivery.register(app, desk)
    acknowledging.register(app)
    commands.register(app, desk)
    actions.register(app, desk)
    views.register(app, desk)
    events.register(app, desk)
    errors.register(app)
