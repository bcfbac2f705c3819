"""Dialogues that were filled in, one a file."""

from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers.views import escalate, mute, resolve, snooze


def register(app: AsyncApp, desk: Desk) -> None:
    snooze.register(app, desk)
    escalate.register(app, desk)
    resolve.register(app, desk)
    mute.register(app, desk)
