"""Clicks on the buttons of a case, of several in one message, and of a mute; one a file."""

from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from handlers.actions import (
    case_acknowledge,
    case_escalate,
    case_misses,
    case_resolve,
    case_snooze,
    group_acknowledge,
    group_list,
    group_one,
    group_resolve,
    group_snooze,
    mute_end,
)


def register(app: AsyncApp, desk: Desk) -> None:
    case_acknowledge.register(app, desk)
    case_snooze.register(app, desk)
    case_escalate.register(app, desk)
    case_resolve.register(app, desk)
    case_misses.register(app, desk)
    group_acknowledge.register(app, desk)
    group_snooze.register(app, desk)
    group_resolve.register(app, desk)
    group_list.register(app, desk)
    group_one.register(app, desk)
    mute_end.register(app, desk)
