"""files.*: the first and the last of the three steps of an upload (uploads.py has the second)."""

import re
import secrets
from dataclasses import replace

from bot.workspace import limits, shapes
from bot.workspace.block_ids import with_ids
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, text_at
from bot.workspace.office import new_id
from bot.workspace.state import Channel, Message, StoredFile, Upload
from bot.workspace.uploads import upload_url
from bot.workspace.web_api.call import Call, Method

SCOPE = "files:write"
CHANNELS = 100  # that a file may be shared in at once
ALT_TEXT = 1000  # characters
CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]+")  # a person's id is refused here


async def get_upload_url(call: Call) -> JsonObject:
    name = call.arguments.required("filename")
    length = call.arguments.number("length", 0)
    if length < 1:
        raise SlackError("missing_argument")
    if len(call.arguments.text("alt_txt") or "") > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    upload = Upload(new_id("F"), secrets.token_urlsafe(24), name, length)
    call.office.put_upload(upload)
    return {"ok": True, "upload_url": upload_url(call.office, upload), "file_id": upload.file_id}


async def complete_upload(call: Call) -> JsonObject:
    """Once only: a file that is completed is no upload any more."""
    wanted = call.arguments.objects("files", "invalid_arguments")
    if not wanted:
        raise SlackError(
            "invalid_arguments", ["[ERROR] missing required field [json-pointer:/files]"]
        )
    channels = _channels(call)
    roots = [call.thread(channel) for channel in channels]
    words = _words(call)
    files = [_completed(call, each, channels) for each in wanted]
    for file in files:
        call.office.put_file(file)
    for channel, thread_ts in zip(channels, roots, strict=True):
        message = replace(
            words,
            channel=channel.id,
            ts=call.office.next_ts(),
            thread_ts=thread_ts,
            files=tuple(file.id for file in files),
        )
        call.office.post(message)
    return {"ok": True, "files": [shapes.completed_file(call.office, file) for file in files]}


def _channels(call: Call) -> list[Channel]:
    """Where it is shared: in `channel_id`, in `channels`, or nowhere."""
    named = call.arguments.text("channel_id")
    ids = [named] if named else (call.arguments.text("channels") or "").replace(" ", "").split(",")
    ids = list(dict.fromkeys(filter(None, ids)))
    if len(ids) > CHANNELS:
        raise SlackError("channels_limit_exceeded")
    if len(ids) > 1 and call.arguments.has("thread_ts"):
        raise SlackError("invalid_arguments", ["[ERROR] only one channel with thread_ts"])
    return [call.destination(_channel(call, each)) for each in ids]


def _channel(call: Call, channel_id: str) -> Channel:
    if not CHANNEL_ID.fullmatch(channel_id):
        where = "[json-pointer:/channel_id]"
        raise SlackError("invalid_arguments", [f"[ERROR] must match pattern: {where}"])
    channel = call.office.state.channels.get(channel_id)
    if channel is None:
        raise SlackError("channel_not_found")
    return channel


def _completed(call: Call, wanted: JsonObject, channels: list[Channel]) -> StoredFile:
    upload = call.office.state.uploads.get(text_at(wanted, "id"))
    if upload is None or upload.content_base64 is None:
        raise SlackError("file_not_found")
    return StoredFile(
        id=upload.file_id,
        name=upload.name,
        title=text_at(wanted, "title") or upload.name,
        user=call.office.setup.bot_user_id,
        created=int(call.office.clock().timestamp()),
        content_base64=upload.content_base64,
        channels=tuple(channel.id for channel in channels),
    )


def _words(call: Call) -> Message:
    """What is said with the files; a message with files carries no metadata."""
    comment = call.arguments.text("initial_comment") or ""
    blocks = [] if comment else call.arguments.objects("blocks", "invalid_blocks") or []
    call.office.check_blocks(blocks)
    return Message(
        channel="",
        ts="",
        user=call.office.setup.bot_user_id,
        from_app=True,
        text=comment[: limits.POST_TEXT],
        blocks=tuple(with_ids(blocks)),
    )


METHODS = (
    Method("files.getUploadURLExternal", get_upload_url, 4, scope=SCOPE),
    Method("files.completeUploadExternal", complete_upload, 4, scope=SCOPE),
)
