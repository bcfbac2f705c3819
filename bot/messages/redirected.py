"""A message that its own channel could not take, as the fallback channel gets it."""

from collections.abc import Mapping
from typing import Any

_HOW_TO_MEND = {
    "channel_not_found": (
        "That channel is gone, or I was never in it: give the partner another one in the book, "
        "or invite me with `/invite @Tallyman`."
    ),
    "not_in_channel": "I am not in that channel: invite me with `/invite @Tallyman`.",
    "is_archived": "That channel is archived: unarchive it, or name another one in the book.",
}
_ASK_AN_ADMIN = "That channel does not let me post: ask an admin of the workspace."


def redirected(payload: Mapping[str, Any], channel: str, error: str) -> dict[str, Any]:
    """The same words, under a line that says where they belong, and how to mend it."""
    line = (
        f":warning: This was meant for <#{channel}>, but Slack said `{error}`. "
        f"{_HOW_TO_MEND.get(error, _ASK_AN_ADMIN)}"
    )
    notice = {"type": "context", "elements": [{"type": "mrkdwn", "text": line}]}
    return {
        **payload,
        "text": f"Meant for another channel ({error}): {payload['text']}",
        "blocks": [notice, *(payload.get("blocks") or [])],
    }
