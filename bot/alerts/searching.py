"""After an ambiguous answer: look whether Slack has the message before saying it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

PAGE = 200  # messages; the most that one call gives
PAGES = 10


class TooMuchSince(Exception):
    """More was said there since than is looked at; the text says how much."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a message is known by, and where and since when it may stand."""

    channel: str
    thread_ts: str | None
    since: datetime
    key: str
    """In its metadata."""
    file_name: str | None = None
    """Where it is a file: as `marked` by its key."""

    def is_it(self, message: dict[str, Any]) -> bool:
        if self.file_name is not None:
            files = message.get("files") or []
            return any(self.file_name in (file.get("name"), file.get("title")) for file in files)
        payload = message.get("metadata", {}).get("event_payload", {})
        return bool(payload.get("key") == self.key)


async def find_messages(client: AsyncWebClient, sought: Sought) -> list[str]:
    """The ts of each such message: one, or none where Slack shows no such message since then, or
    more. Raises TooMuchSince, and what the client raises."""
    found: list[str] = []
    cursor: str | None = None
    for _ in range(PAGES):
        answer = await _page(client, sought, cursor)
        messages: list[dict[str, Any]] = answer["messages"]
        found.extend(str(message["ts"]) for message in messages if sought.is_it(message))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found
    if found:
        return found
    raise TooMuchSince(f"more than {PAGE * PAGES} messages were posted there since")


async def _page(client: AsyncWebClient, sought: Sought, cursor: str | None) -> AsyncSlackResponse:
    oldest = f"{sought.since.timestamp():.6f}"
    if sought.thread_ts is None:
        return await client.conversations_history(
            channel=sought.channel,
            oldest=oldest,
            limit=PAGE,
            cursor=cursor,
            include_all_metadata=True,
        )
    return await client.conversations_replies(
        channel=sought.channel,
        ts=sought.thread_ts,
        oldest=oldest,
        limit=PAGE,
        cursor=cursor,
        include_all_metadata=True,
    )
