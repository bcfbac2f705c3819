"""Which scopes a token needs for which kind of channel."""

from collections.abc import Iterable

from bot.workspace.errors import SlackError
from bot.workspace.state import Channel


def kind(channel: Channel) -> str:
    """The family of scopes a channel falls under."""
    if channel.is_im:
        return "im"
    return "groups" if channel.is_private else "channels"


def need(granted: Iterable[str], scope: str) -> None:
    """Raises missing_scope unless `scope` is among those granted."""
    granted = frozenset(granted)
    if scope not in granted:
        raise SlackError(
            "missing_scope",
            details={"needed": scope, "provided": ",".join(sorted(granted))},
        )
