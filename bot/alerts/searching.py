"""After an ambiguous answer: look whether Slack has the message before saying it again."""

from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

PAGE = 200  # messages; the most that one call gives
PAGES = 10


class TooMuchSince(Exception):
    """More was said there since than is looked at; the text says how much."""


async def find_messages(
    client: AsyncWebClient, channel: str, key: str, thread_ts: str | None, since: datetime
) -> list[str]:
    """The ts of each message whose metadata carries this key, within the channel or the thread:
    one, or none where Slack shows no such message since then, or more. Raises TooMuchSince, and
    what the client raises."""
    found: list[str] = []
    cursor: str | None = None
    for _ in range(PAGES):
        answer = await _page(client, channel, thread_ts, since, cursor)
        messages: list[dict[str, Any]] = answer["messages"]
        for message in messages:
            payload = message.get("metadata", {}).get("event_payload", {})
            if payload.get("key") == key:
                found.append(str(message["ts"]))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found
    if found:
        return found
    raise TooMuchSince(f"more than {PAGE * PAGES} messages were posted there since")


async def _page(
    client: AsyncWebClient,
    channel: str,
    thread_ts: str | None,
    since: datetime,
    cursor: str | None,
) -> AsyncSlackResponse:
    oldest = f"{since.timestamp():.6f}"
    if thread_ts is None:
        return await client.conversations_history(
            channel=channel, oldest=oldest, limit=PAGE, cursor=cursor, include_all_metadata=True
        )
    return await client.conversations_replies(
        channel=channel,
        ts=thread_ts,
        oldest=oldest,
        limit=PAGE,
        cursor=cursor,
        include_all_metadata=True,
    )
