"""The one call that says a message."""

from slack_sdk.web.async_client import AsyncWebClient

from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

EVENT_TYPE = "tallyman_message"


async def send(client: AsyncWebClient, message: OutboxMessage, alert_ts: str | None) -> str:
    """Returns the ts under which Slack has it: a post and a reply carry their key, to be found by.
    Raises what the client raises."""
    text, blocks = message.payload["text"], message.payload.get("blocks")
    if message.method == OutboxMethod.EDIT:
        answer = await client.chat_update(
            channel=message.channel, ts=alert_ts or "", text=text, blocks=blocks
        )
        return str(answer["ts"])
    answer = await client.chat_postMessage(
        channel=message.channel,
        text=text,
        blocks=blocks,
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": message.key}},
        unfurl_links=False,
        unfurl_media=False,
        thread_ts=alert_ts if message.method == OutboxMethod.REPLY else None,
        reply_broadcast=message.payload.get("reply_broadcast"),
    )
    return str(answer["ts"])
