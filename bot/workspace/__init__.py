"""A Slack workspace on this machine, over Slack's own protocols.

For the demo, the acceptance tests and trying things out: slack_bolt and slack_sdk run against it
unchanged. It is as strict as Slack, and misbehaves on request.
"""

from bot.workspace.errors import Refused, SlackError
from bot.workspace.journal import JournalDamaged, JournalInUse
from bot.workspace.server import Workspace
from bot.workspace.setup import ChannelSetup, PaceSetup, PersonSetup, Team, WorkspaceSetup

__all__ = [
    "ChannelSetup",
    "JournalDamaged",
    "JournalInUse",
    "PaceSetup",
    "PersonSetup",
    "Refused",
    "SlackError",
    "Team",
    "Workspace",
    "WorkspaceSetup",
]
