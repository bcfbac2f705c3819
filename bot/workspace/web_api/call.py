"""One Web API call, and what a method of it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.workspace import scopes
from bot.workspace.arguments import Arguments
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject
from bot.workspace.office import Office
from bot.workspace.state import Channel


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    arguments: Arguments
    office: Office

    def need(self, scope: str) -> None:
        scopes.need(self.office.manifest.scopes, scope)

    def channel(self, argument: str = "channel") -> Channel:
        """The channel named by an id; raises channel_not_found if the app can't know of it."""
        channel = self.office.state.channels.get(self.arguments.required(argument))
        if channel is None or not self._app_may_know(channel):
            raise SlackError("channel_not_found")
        return channel

    def destination(self, channel: Channel) -> Channel:
        """`channel`, if the app may post there; raises why not."""
        if not self.office.app_is_in(channel):
            raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def thread(self, channel: Channel) -> str | None:
        """The ts of the thread's root; raises message_not_found, cannot_reply_to_message."""
        thread_ts = self.arguments.text("thread_ts")
        if thread_ts is None:
            return None
        root = self.office.state.message(channel.id, thread_ts)
        if root is None:
            raise SlackError("message_not_found")
        if root.thread_ts is not None:
            raise SlackError("cannot_reply_to_message")
        return thread_ts

    def _app_may_know(self, channel: Channel) -> bool:
        return self.office.app_is_in(channel) or not (channel.is_private or channel.is_im)


@dataclass(frozen=True, slots=True)
class Method:
    """`tier` None: the method minds its own pace (posts go by channel)."""

    name: str
    answer: Callable[[Call], Awaitable[JsonObject]]
    tier: int | None
    caller: Literal["bot", "app"] = "bot"  # whose token it takes
    scope: str | None = None
