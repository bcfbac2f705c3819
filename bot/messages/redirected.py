"""A message that its own channel could not take, as the fallback channel gets it."""

from collections.abc import Mapping
from typing import Any

_NOBODY_THERE = "Slack knows no such person, or they have left: name somebody else in the book."
_HOW_TO_MEND = {
    "channel_not_found": (
        "That channel is gone, or I was never in it: give the partner another one in the book, "
        "or invite me with `/invite @Tallyman`."
    ),
    "not_in_channel": "I am not in that channel: invite me with `/invite @Tallyman`.",
    "is_archived": "That channel is archived: unarchive it, or name another one in the book.",
    "missing_scope": (
        "I may write to nobody directly: give the app the scope `im:write`, and install it again."
    ),
    "user_not_found": _NOBODY_THERE,
    "user_disabled": _NOBODY_THERE,
}
_ASK_AN_ADMIN = "That channel does not let me post: ask an admin of the workspace."


def redirected(payload: Mapping[str, Any], channel: str, error: str) -> dict[str, Any]:
    """The same words, under a line that says where they belong, and how to mend it."""
    mend = _HOW_TO_MEND.get(error, _ASK_AN_ADMIN)
    line = f"*Meant for {_named(channel)}, which Slack refused.* {mend} Its word for it: `{error}`."
    notice = {"type": "context", "elements": [{"type": "mrkdwn", "text": line}]}
    return {
        **payload,
        "text": f"Meant for another channel ({error}): {payload['text']}",
        "blocks": [notice, *(payload.get("blocks") or [])],
    }


def _named(channel: str) -> str:
    if channel.startswith("D"):
        return "a direct message"
    return f"<@{channel}>" if channel.startswith(("U", "W")) else f"<#{channel}>"
