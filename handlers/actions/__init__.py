"""Clicks on the buttons of a case, one a file."""

from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers.actions import (
    case_acknowledge,
    case_escalate,
    case_misses,
    case_resolve,
    case_snooze,
)


def register(app: AsyncApp, desk: Desk) -> None:
    case_acknowledge.register(app, desk)
    case_snooze.register(app, desk)
    case_escalate.register(app, desk)
    case_resolve.register(app, desk)
    case_misses.register(app, desk)
