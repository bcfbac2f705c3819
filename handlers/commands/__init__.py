"""Slash commands, one a file."""

from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers.commands import escalate, exceptions, scorecard, shipment, tallyman


def register(app: AsyncApp, desk: Desk) -> None:
    shipment.register(app, desk)
    scorecard.register(app, desk)
    escalate.register(app, desk)
    exceptions.register(app, desk)
    tallyman.register(app, desk)
