"""After an ambiguous answer: look whether Slack has the message before saying it again."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

PAGE = 200  # messages; the most that one call gives
PAGES = 3  # the window: what is older than that is not looked at


async def find_message(
    client: AsyncWebClient, channel: str, key: str, thread_ts: str | None
) -> str | None:
    """The ts of the message whose metadata carries this key, newest first, within the channel or
    the thread; None where the window does not hold it. Raises what the client raises."""
    cursor: str | None = None
    for _ in range(PAGES):
        if thread_ts is None:
            answer = await client.conversations_history(
                channel=channel, limit=PAGE, cursor=cursor, include_all_metadata=True
            )
        else:
            answer = await client.conversations_replies(
                channel=channel,
                ts=thread_ts,
                limit=PAGE,
                cursor=cursor,
                include_all_metadata=True,
            )
        messages: list[dict[str, Any]] = answer["messages"]
        for message in messages:
            payload = message.get("metadata", {}).get("event_payload", {})
            if payload.get("key") == key:
                return str(message["ts"])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return None
