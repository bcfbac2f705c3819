"""chat.*: posting, changing, deleting, whispering."""

from dataclasses import replace

from bot.workspace import limits
from bot.workspace.block_ids import with_ids
from bot.workspace.errors import SlackError
from bot.workspace.inspection import MARKDOWN
from bot.workspace.json_values import JsonObject, dumped, object_at, text_at
from bot.workspace.shapes import message as shape
from bot.workspace.state import Channel, Message
from bot.workspace.web_api.call import Call, Method

METADATA_BYTES = 8000
SCOPE = "chat:write"


async def post_message(call: Call) -> JsonObject:
    channel = _destination(call)
    office = call.office
    office.pace.take_post(channel.id)
    content = _content(call)
    if not (content.text or content.blocks or content.attachments):
        raise SlackError("no_text")
    thread_ts = call.thread(channel)
    broadcast = call.arguments.flag("reply_broadcast") and thread_ts is not None
    message = replace(
        content,
        channel=channel.id,
        ts=office.next_ts(),
        text=content.text[: limits.POST_TEXT],
        metadata=_metadata(call),
        thread_ts=thread_ts,
        reply_broadcast=broadcast,
    )
    office.post(message)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "message": shape(office, message, with_metadata=True),
    }


async def update(call: Call) -> JsonObject:
    channel = call.channel()
    message = _own(call, channel)
    if channel.is_archived:
        raise SlackError("is_archived")
    content = _content(call)
    says_text = call.arguments.has("text") or call.arguments.has("markdown_text")
    says_blocks = call.arguments.has("blocks")
    says_attachments = call.arguments.has("attachments")
    if not (says_text or says_blocks or says_attachments):
        raise SlackError("no_text")
    if len(content.text) > limits.UPDATE_TEXT:
        raise SlackError("msg_too_long")
    changed = replace(
        message,
        text=content.text if says_text else message.text,
        blocks=content.blocks if says_blocks else message.blocks,
        attachments=content.attachments if says_attachments else message.attachments,
        metadata=_metadata(call) if call.arguments.has("metadata") else message.metadata,
        reply_broadcast=message.reply_broadcast
        or (call.arguments.flag("reply_broadcast") and message.thread_ts is not None),
        edited={"user": message.user, "ts": call.office.next_ts()},
    )
    if not (changed.text or changed.blocks or changed.attachments):
        raise SlackError("no_text")
    call.office.edit(changed)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "text": changed.text,
        "message": shape(call.office, changed, with_metadata=True),
    }


async def delete(call: Call) -> JsonObject:
    channel = call.channel()
    message = _known(call, channel, "ts")
    if not message.from_app:
        raise SlackError("cant_delete_message")
    call.office.delete(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


async def post_ephemeral(call: Call) -> JsonObject:
    channel = _destination(call)
    person = call.arguments.required("user")
    if person not in call.office.state.people or person not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    if not (content.text or content.blocks or content.attachments):
        raise SlackError("no_text")
    message = replace(
        content,
        channel=channel.id,
        ts=call.office.next_ts(),
        text=content.text[: limits.POST_TEXT],
        thread_ts=call.thread(channel),
        ephemeral_for=person,
    )
    call.office.whisper(person, message)
    return {"ok": True, "message_ts": message.ts}


async def get_permalink(call: Call) -> JsonObject:
    channel = call.channel()
    message = _known(call, channel, "message_ts")
    setup = call.office.setup
    link = (
        f"https://{setup.team.domain}.slack.com/archives/{channel.id}/"
        f"p{message.ts.replace('.', '')}"
    )
    if message.thread_ts is not None:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def _destination(call: Call) -> Channel:
    """Where a post goes: a channel's id or #name, or a person's id for a direct message."""
    office = call.office
    reference = call.arguments.required("channel")
    if reference in office.state.people and reference != office.setup.bot_user_id:
        call.need("im:write")
        channel, _ = office.open_im(reference)
        return channel
    return call.destination(office.channel(reference))


def _known(call: Call, channel: Channel, argument: str) -> Message:
    message = call.office.state.message(channel.id, call.arguments.required(argument))
    if message is None or message.deleted:
        raise SlackError("message_not_found")
    return message


def _own(call: Call, channel: Channel) -> Message:
    message = _known(call, channel, "ts")
    if not message.from_app:
        raise SlackError("cant_update_message")
    return message


def _content(call: Call) -> Message:
    """Text, blocks and attachments of a call, checked; where and when are still empty."""
    arguments = call.arguments
    markdown = arguments.text("markdown_text")
    text = arguments.text("text") or ""
    blocks = arguments.objects("blocks", "invalid_blocks_format") or []
    attachments = arguments.objects("attachments", "invalid_attachments") or []
    if markdown is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN:
            raise SlackError("msg_too_long")
        text = markdown
    if len(attachments) > limits.ATTACHMENTS:
        raise SlackError("too_many_attachments")
    call.office.check_blocks(blocks)
    for attachment in attachments:
        inner = attachment.get("blocks")
        if isinstance(inner, list):
            call.office.check_blocks([block for block in inner if isinstance(block, dict)])
    return Message(
        channel="",
        ts="",
        user=call.office.setup.bot_user_id,
        from_app=True,
        text=text,
        blocks=tuple(with_ids(blocks)),
        attachments=tuple(attachments),
    )


def _metadata(call: Call) -> JsonObject | None:
    metadata = call.arguments.object("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not text_at(metadata, "event_type") or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(dumped(object_at(metadata, "event_payload")).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


METHODS = (
    Method("chat.postMessage", post_message, None, scope=SCOPE),
    Method("chat.update", update, 3, scope=SCOPE),
    Method("chat.delete", delete, 3, scope=SCOPE),
    Method("chat.postEphemeral", post_ephemeral, 4, scope=SCOPE),
    Method("chat.getPermalink", get_permalink, 4),
)
