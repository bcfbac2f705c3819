"""What happens to an app in Slack: its channel archived, its bot removed, its token revoked."""

from dataclasses import replace

from bot.workspace import payloads
from bot.workspace.dispatch import Dispatch
from bot.workspace.office import Office, new_id
from bot.workspace.state import Channel


class Upheavals:
    def __init__(self, office: Office, dispatch: Dispatch) -> None:
        self._office = office
        self._dispatch = dispatch

    def archive(self, channel: str) -> None:
        self._office.put_channel(replace(self._office.channel(channel), is_archived=True))

    def unarchive(self, channel: str) -> None:
        self._office.put_channel(replace(self._office.channel(channel), is_archived=False))

    def remove_bot(self, channel: str) -> None:
        known = self._office.channel(channel)
        bot = self._office.setup.bot_user_id
        members = tuple(member for member in known.members if member != bot)
        self._office.put_channel(replace(known, members=members))

    def invite_bot(self, channel: str) -> None:
        known = self._office.channel(channel)
        if not self._office.app_is_in(known):
            members = (*known.members, self._office.setup.bot_user_id)
            self._office.put_channel(replace(known, members=members))

    def revoke_token(self) -> None:
        self._office.revoke_token()

    def share(self, channel: str) -> Channel:
        """Share a channel with another company: a private one gets a new id."""
        known = self._office.channel(channel)
        if not known.is_private:
            shared = replace(known, is_ext_shared=True)
            self._office.put_channel(shared)
            return shared
        shared = self._office.renumber_channel(known, new_id("C"), is_ext_shared=True)
        if "channel_id_changed" in self._office.manifest.events:
            event = payloads.channel_id_changed(known.id, shared.id, self._office.next_ts())
            self._dispatch.announce(payloads.event_callback(self._office, event, shared))
        return shared
