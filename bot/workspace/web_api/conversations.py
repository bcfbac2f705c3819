"""conversations.*: what the app may know of channels, and their history."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.workspace import scopes, shapes
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, as_array
from bot.workspace.state import Channel, Message
from bot.workspace.web_api.call import Call, Method

HISTORY_LIMIT = 100  # messages, when the call names none
MOST = 999  # messages or channels a page
REPLIES_LIMIT = 1000
LIST_LIMIT = 100


async def info(call: Call) -> JsonObject:
    channel = _readable(call, "read")
    body = shapes.channel(call.office, channel)
    if not call.arguments.flag("include_num_members"):
        body.pop("num_members", None)
    return {"ok": True, "channel": body}


async def list_channels(call: Call) -> JsonObject:
    office = call.office
    wanted = _types(call)
    seen = [
        channel
        for channel in office.state.channels.values()
        if _type(channel) in wanted
        and (office.app_is_in(channel) or not (channel.is_private or channel.is_im))
        and not (channel.is_archived and call.arguments.flag("exclude_archived"))
    ]
    return _channel_page(call, seen)


async def members(call: Call) -> JsonObject:
    channel = _readable(call, "read")
    page, cursor = _page(call, list(channel.members), LIST_LIMIT)
    return {"ok": True, "members": as_array(page), "response_metadata": {"next_cursor": cursor}}


async def join(call: Call) -> JsonObject:
    channel = call.channel()
    if channel.is_private or channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    office = call.office
    body: JsonObject = {"ok": True}
    if office.app_is_in(channel):
        body["warning"] = "already_in_channel"
    else:
        channel = replace(channel, members=(*channel.members, office.setup.bot_user_id))
        office.put_channel(channel)
    return body | {"channel": shapes.channel(office, channel)}


async def open_im(call: Call) -> JsonObject:
    """With a person by id, or the conversation that is there already by its own."""
    if call.arguments.has("channel"):
        channel = call.channel()
        if not channel.is_im:
            raise SlackError("method_not_supported_for_channel_type")
        person = next(each for each in channel.members if each != call.office.setup.bot_user_id)
    else:
        person = call.arguments.required("users")
    if "," in person:
        raise SlackError("method_not_supported_for_channel_type")
    known = call.office.state.people.get(person)
    if known is None or known.is_bot:
        raise SlackError("user_not_found")
    channel, was_there = call.office.open_im(person)
    shape: JsonObject = {"id": channel.id}
    if call.arguments.flag("return_im"):
        shape = shapes.channel(call.office, channel)
    body: JsonObject = {"ok": True, "channel": shape}
    if was_there:
        body |= {"no_op": True, "already_open": True}
    return body


async def history(call: Call) -> JsonObject:
    """Newest first, without replies unless they were sent to the channel too."""
    channel = _readable(call, "history")
    oldest, latest = _bounds(call)
    messages = (
        message
        for message in call.office.state.newest(channel.id)
        if not call.office.faults.hides(channel.id, message.ts)
        and (latest is None or latest(message.ts))
        and (oldest is None or oldest(message.ts))
    )
    return _message_page(call, list(messages), HISTORY_LIMIT, lambda ts, mark: ts <= mark)


async def replies(call: Call) -> JsonObject:
    """The root, on every page, then its replies, oldest first."""
    channel = _readable(call, "history")
    office = call.office
    root = office.state.message(channel.id, call.arguments.required("ts"))
    if root is not None and root.thread_ts is not None:
        root = office.state.message(channel.id, root.thread_ts)
    if root is None or office.faults.hides(channel.id, root.ts):
        raise SlackError("thread_not_found")
    oldest, latest = _bounds(call)
    thread = [
        reply
        for reply in office.state.replies(channel.id, root.ts)
        if not office.faults.hides(channel.id, reply.ts)
        and (latest is None or latest(reply.ts))
        and (oldest is None or oldest(reply.ts))
    ]
    body = _message_page(call, thread, REPLIES_LIMIT, lambda ts, mark: ts >= mark)
    found = body["messages"]
    assert isinstance(found, list)  # noqa: S101 - _message_page put it there
    body["messages"] = [
        shapes.message(office, root, with_metadata=call.arguments.flag("include_all_metadata")),
        *found,
    ]
    return body


def _readable(call: Call, right: str) -> Channel:
    channel = call.channel()
    call.need(f"{scopes.kind(channel)}:{right}")
    if right == "history" and not call.office.app_is_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _bounds(
    call: Call,
) -> tuple[Callable[[str], bool] | None, Callable[[str], bool] | None]:
    inclusive = call.arguments.flag("inclusive")
    oldest, latest = _ts(call, "oldest"), _ts(call, "latest")
    return (
        None
        if oldest is None
        else (lambda ts: float(ts) >= oldest if inclusive else float(ts) > oldest),
        None
        if latest is None
        else (lambda ts: float(ts) <= latest if inclusive else float(ts) < latest),
    )


def _ts(call: Call, name: str) -> float | None:
    text = call.arguments.text(name)
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _message_page(
    call: Call, messages: list[Message], default: int, is_due: Callable[[float, float], bool]
) -> JsonObject:
    limit = _limit(call, default)
    cursor = _read_cursor(call, "next_ts")
    if cursor is not None:
        messages = [message for message in messages if is_due(float(message.ts), float(cursor))]
    page, rest = messages[:limit], messages[limit:]
    with_metadata = call.arguments.flag("include_all_metadata")
    body: JsonObject = {
        "ok": True,
        "messages": [
            shapes.message(call.office, message, with_metadata=with_metadata) for message in page
        ],
        "has_more": bool(rest),
    }
    if rest:
        body["response_metadata"] = {"next_cursor": _cursor("next_ts", rest[0].ts)}
    return body


def _type(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _types(call: Call) -> set[str]:
    wanted = set((call.arguments.text("types") or "public_channel").replace(" ", "").split(","))
    families = {
        "public_channel": "channels",
        "private_channel": "groups",
        "im": "im",
        "mpim": "mpim",
    }
    if not wanted <= families.keys():
        raise SlackError("invalid_types")
    for each in sorted(wanted):
        call.need(f"{families[each]}:read")
    return wanted


async def of_person(call: Call) -> JsonObject:
    """users.conversations: the app's own channels, or those it shares with `user`."""
    office = call.office
    wanted = _types(call)
    person = call.arguments.text("user") or office.setup.bot_user_id
    if person not in office.state.people:
        raise SlackError("user_not_found")
    seen = [
        channel
        for channel in office.state.channels.values()
        if _type(channel) in wanted
        and person in channel.members
        and office.app_is_in(channel)
        and not (channel.is_archived and call.arguments.flag("exclude_archived"))
    ]
    return _channel_page(call, seen)


def _channel_page(call: Call, channels: Iterable[Channel]) -> JsonObject:
    by_id = {channel.id: channel for channel in channels}
    page, cursor = _page(call, sorted(by_id), LIST_LIMIT)
    return {
        "ok": True,
        "channels": [shapes.channel(call.office, by_id[each]) for each in page],
        "response_metadata": {"next_cursor": cursor},
    }


def _page(call: Call, ids: list[str], default: int) -> tuple[list[str], str]:
    start = int(_read_cursor(call, "offset") or 0)
    limit = _limit(call, default)
    rest = start + limit < len(ids)
    return ids[start : start + limit], _cursor("offset", str(start + limit)) if rest else ""


def _limit(call: Call, default: int) -> int:
    limit = call.arguments.number("limit", default)
    if not 1 <= limit <= max(MOST, default):
        raise SlackError("invalid_limit")
    return limit


def _cursor(kind: str, mark: str) -> str:
    return base64.b64encode(f"{kind}:{mark}".encode()).decode()


def _read_cursor(call: Call, kind: str) -> str | None:
    text = call.arguments.text("cursor")
    if text is None:
        return None
    try:
        found, _, mark = base64.b64decode(text, validate=True).decode().partition(":")
        float(mark)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
    if found != kind:
        raise SlackError("invalid_cursor")
    return mark


METHODS = (
    Method("conversations.info", info, 3),
    Method("conversations.list", list_channels, 2),
    Method("conversations.history", history, 3),
    Method("conversations.replies", replies, 3),
    Method("conversations.members", members, 4),
    Method("conversations.join", join, 3, scope="channels:join"),
    Method("conversations.open", open_im, 3, scope="im:write"),
)
