"""What the workspace holds, in the shapes that Slack gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from bot.workspace.json_values import JsonObject
from bot.workspace.previews import glance
from bot.workspace.state import Channel, Message, Person, State, StoredFile, View

if TYPE_CHECKING:
    from bot.workspace.office import Office

# What Slack gives as the title of a home tab, which has none.
_HOME_TITLE: JsonObject = {"type": "plain_text", "text": "View Title"}


def message(office: Office, shown: Message, *, with_metadata: bool) -> JsonObject:
    """As the Web API gives it. Without metadata asked for, only its event_type comes back."""
    setup = office.setup
    body: JsonObject = {"type": "message", "user": shown.user, "ts": shown.ts, "text": shown.text}
    if shown.deleted:
        body |= {"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
    elif shown.reply_broadcast:
        body["subtype"] = "thread_broadcast"
    sender = office.state.people.get(shown.user)
    body["team"] = sender.team_id if sender else setup.team.id
    if shown.from_app:
        body |= {
            "bot_id": setup.bot_id,
            "app_id": setup.app_id,
            "bot_profile": {
                "id": setup.bot_id,
                "app_id": setup.app_id,
                "name": office.manifest.features.bot_user.display_name,
                "team_id": setup.team.id,
                "deleted": False,
            },
        }
    if shown.metadata is not None:
        body["metadata"] = (
            shown.metadata if with_metadata else {"event_type": shown.metadata["event_type"]}
        )
    if shown.files:
        body |= {"upload": True, "display_as_bot": False, "files": _files(office, shown)}
    return body | _content(shown) | _thread(office.state, shown)


def _files(office: Office, shown: Message) -> list[JsonValue]:
    """In a channel shared with another company only their ids: the rest is for files.info."""
    if office.state.channels[shown.channel].is_ext_shared:
        return [
            {
                "id": each,
                "mode": "file_access",
                "file_access": "check_file_info",
                "created": 0,
                "timestamp": 0,
                "user": "",
            }
            for each in shown.files
        ]
    return [file(office, office.state.files[each]) for each in shown.files]


def _content(shown: Message) -> JsonObject:
    body: JsonObject = {}
    if shown.blocks:
        body["blocks"] = list(shown.blocks)
    if shown.attachments:
        body["attachments"] = list(shown.attachments)
    if shown.edited is not None:
        body["edited"] = shown.edited
    return body


def _thread(state: State, shown: Message) -> JsonObject:
    if shown.thread_ts is not None:
        return {"thread_ts": shown.thread_ts}
    replies = state.replies(shown.channel, shown.ts)
    if not replies:
        return {}
    users: list[JsonValue] = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": shown.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
    }


def page_message(state: State, shown: Message) -> JsonObject:
    """As the browser page gets it."""
    sender = state.people.get(shown.user)
    body: JsonObject = {
        "ts": shown.ts,
        "user": shown.user,
        "username": sender.real_name if sender else shown.user,
        "text": shown.text,
    }
    if shown.reply_broadcast:
        body |= {"reply_broadcast": True, "root_text": _root_text(state, shown)}
    if shown.ephemeral_for is not None:
        body["ephemeral"] = True
    if shown.deleted:
        body["deleted"] = True
    if shown.files:
        body["files"] = [page_file(state.files[each]) for each in shown.files]
    return body | _content(shown) | _thread(state, shown)


def _root_text(state: State, shown: Message) -> str:
    root = state.message(shown.channel, shown.thread_ts or "")
    return "" if root is None or root.deleted else root.text


def page_file(shown: StoredFile) -> JsonObject:
    return {
        "id": shown.id,
        "name": shown.name,
        "title": shown.title,
        "filetype": shown.file_type,
        "mimetype": shown.mime_type,
        "size": shown.size,
        "glance": glance(shown),
    }


def channel(office: Office, shown: Channel) -> JsonObject:
    """As conversations.info gives it."""
    body: JsonObject = {
        "id": shown.id,
        "created": 0,
        "is_archived": shown.is_archived,
        "is_im": shown.is_im,
        "is_org_shared": False,
        "is_ext_shared": shown.is_ext_shared,
        "is_shared": shown.is_ext_shared,
        "context_team_id": office.setup.team.id,
    }
    if shown.is_im:
        person = next(each for each in shown.members if each != office.setup.bot_user_id)
        return body | {"user": person, "is_user_deleted": False, "priority": 0}
    return body | {
        "name": shown.name,
        "name_normalized": shown.name,
        "is_channel": not shown.is_private,
        "is_group": shown.is_private,
        "is_mpim": False,
        "is_private": shown.is_private,
        "is_general": False,
        "is_member": office.app_is_in(shown),
        "creator": office.setup.people[0].id if office.setup.people else "",
        "topic": {"value": shown.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(shown.members),
    }


def page_channel(state: State, shown: Channel) -> JsonObject:
    newest = next(state.newest(shown.id), None)
    return {
        "id": shown.id,
        "name": shown.name,
        "is_private": shown.is_private,
        "is_im": shown.is_im,
        "is_ext_shared": shown.is_ext_shared,
        "is_archived": shown.is_archived,
        "topic": shown.topic,
        "member": True,
        "last_ts": newest.ts if newest else None,
    }


def person(office: Office, shown: Person) -> JsonObject:
    """As users.info gives it."""
    shares_a_channel = any(
        shown.id in each.members and office.app_is_in(each)
        for each in office.state.channels.values()
    )
    return {
        "id": shown.id,
        "team_id": shown.team_id,
        "name": shown.name,
        "real_name": shown.real_name,
        "deleted": False,
        "tz": shown.tz,
        "is_bot": shown.is_bot,
        "is_app_user": False,
        "is_admin": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": shown.is_external and not shares_a_channel,
        "profile": {
            "title": shown.title,
            "real_name": shown.real_name,
            "real_name_normalized": shown.real_name,
            "display_name": shown.name,
            "display_name_normalized": shown.name,
            "team": shown.team_id,
        },
    }


def file(office: Office, shown: StoredFile) -> JsonObject:
    """As messages carry it."""
    address = f"{office.url}/page/files/{shown.id}"
    return {
        "id": shown.id,
        "created": shown.created,
        "timestamp": shown.created,
        "name": shown.name,
        "title": shown.title,
        "mimetype": shown.mime_type,
        "filetype": shown.file_type,
        "pretty_type": shown.file_type.upper(),
        "user": shown.user,
        "user_team": office.setup.team.id,
        "editable": False,
        "size": shown.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "has_rich_preview": False,
        "file_access": "visible",
    }


def completed_file(office: Office, shown: StoredFile) -> JsonObject:
    """As files.completeUploadExternal answers: it was not looked at yet, nor shared anywhere."""
    unknown: JsonObject = {"mimetype": "", "filetype": "", "pretty_type": ""}
    nowhere: JsonObject = {"shares": {}, "channels": [], "groups": [], "ims": []}
    return file(office, shown) | unknown | nowhere


def view(office: Office, shown: View) -> JsonObject:
    """As the Web API and every interaction payload give it."""
    setup = office.setup
    body: JsonObject = {
        "id": shown.id,
        "team_id": setup.team.id,
        "state": {"values": shown.values},
        "hash": shown.hash,
        "private_metadata": shown.body.get("private_metadata") or "",
        "callback_id": shown.body.get("callback_id") or "",
        "external_id": shown.body.get("external_id") or "",
        "title": shown.body.get("title") or _HOME_TITLE,
        "submit": shown.body.get("submit"),
        "close": shown.body.get("close"),
        "clear_on_close": bool(shown.body.get("clear_on_close")),
        "notify_on_close": bool(shown.body.get("notify_on_close")),
        "previous_view_id": shown.previous_id,
        "root_view_id": shown.root_id,
        "app_id": setup.app_id,
        "app_installed_team_id": setup.team.id,
        "bot_id": setup.bot_id,
    }
    return shown.body | body
