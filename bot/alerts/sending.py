"""The calls that say a message."""

import hashlib
from pathlib import PurePath

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

EVENT_TYPE = "tallyman_message"
MARK = 8  # characters of a key's hash in a file's name: enough within one thread
UPLOADED = 200  # what the upload answers when it was taken


class UploadFailed(Exception):
    """A file did not reach Slack: nobody sees anything of it yet."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


async def send(client: AsyncWebClient, message: OutboxMessage, alert_ts: str | None) -> str | None:
    """Returns the ts under which Slack has it, None where Slack does not tell: all that is said
    carries its key, to be found by. Raises UploadFailed, and what the client raises."""
    match OutboxMethod(message.method):
        case OutboxMethod.EDIT:
            return await _edit(client, message, alert_ts or "")
        case OutboxMethod.FILE:
            await _share_file(client, message, alert_ts)
            return None
        case OutboxMethod.REPLY:
            return await _post(client, message, alert_ts)
        case _:
            return await _post(client, message, None)


async def open_direct_message(client: AsyncWebClient, person: str) -> str:
    """The id of the channel in which we write to a person. Raises what the client raises."""
    answer = await client.conversations_open(users=[person])
    return str(answer["channel"]["id"])


def marked(file_name: str, key: str) -> str:
    """`late.csv` as `late-1f0c22ab.csv`: a message with a file has no metadata, so its file's name
    carries the key."""
    path = PurePath(file_name)
    mark = hashlib.sha256(key.encode()).hexdigest()[:MARK]
    return f"{path.stem}-{mark}{path.suffix}"


async def _edit(client: AsyncWebClient, message: OutboxMessage, ts: str) -> str:
    said = message.payload
    answer = await client.chat_update(
        channel=message.channel, ts=ts, text=said["text"], blocks=said.get("blocks")
    )
    return str(answer["ts"])


async def _post(client: AsyncWebClient, message: OutboxMessage, thread_ts: str | None) -> str:
    said = message.payload
    answer = await client.chat_postMessage(
        channel=message.channel,
        text=said["text"],
        blocks=said.get("blocks"),
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": message.key}},
        unfurl_links=False,
        unfurl_media=False,
        thread_ts=thread_ts,
        reply_broadcast=said.get("reply_broadcast"),
    )
    return str(answer["ts"])


async def _share_file(
    client: AsyncWebClient, message: OutboxMessage, thread_ts: str | None
) -> None:
    """Only the last of the three steps shows anything to anybody. Its answer names no message:
    Slack shares the file a little later."""
    name = marked(message.payload["file_name"], message.key)
    try:
        file_id = await _upload(client, name, message.payload["content"].encode())
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        raise UploadFailed(error) from error
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": name}],
        channel_id=message.channel,
        thread_ts=thread_ts,
        initial_comment=message.payload["text"],
    )


async def _upload(client: AsyncWebClient, name: str, content: bytes) -> str:
    """Returns the file's id."""
    place = await client.files_getUploadURLExternal(filename=name, length=len(content))
    if client.session is None:
        raise RuntimeError("the Slack client was made without a session of its own")
    async with client.session.post(
        place["upload_url"], data=content, proxy=client.proxy, ssl=client.ssl or True
    ) as answer:
        if answer.status != UPLOADED:
            answer.raise_for_status()
            raise aiohttp.ClientPayloadError(f"the upload was answered with {answer.status}")
    return str(place["file_id"])
