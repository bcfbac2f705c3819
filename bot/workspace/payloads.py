"""What Slack sends to the app, shape by shape."""

from pydantic import JsonValue

from bot.workspace import shapes
from bot.workspace.json_values import JsonObject
from bot.workspace.office import Office, new_id
from bot.workspace.state import Channel, Message, Person, View

VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105 - long superseded by signatures


def command(
    office: Office,
    *,
    name: str,
    text: str,
    person: Person,
    channel: Channel,
    trigger_id: str,
    response_url: str,
) -> JsonObject:
    setup = office.setup
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": setup.team.id,
        "team_domain": setup.team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": setup.app_id,
        "is_enterprise_install": "false",  # a string, as Slack has it
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _interaction(office: Office, kind: str, person: Person, trigger_id: str) -> JsonObject:
    setup = office.setup
    return {
        "type": kind,
        "team": {"id": setup.team.id, "domain": setup.team.domain},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "api_app_id": setup.app_id,
        "token": VERIFICATION_TOKEN,
        "trigger_id": trigger_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    office: Office,
    *,
    person: Person,
    channel: Channel,
    message: Message,
    action: JsonObject,
    values: JsonObject,
    trigger_id: str,
    response_url: str,
) -> JsonObject:
    """block_actions from a message; a message shown to one person isn't repeated in it."""
    is_ephemeral = message.ephemeral_for is not None
    container: JsonObject = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    payload = _interaction(office, "block_actions", person, trigger_id) | {
        "container": container,
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
        "state": {"values": values},
        "response_url": response_url,
        "actions": [action],
    }
    if not is_ephemeral:
        payload["message"] = shapes.message(office, message, with_metadata=True)
    return payload


def view_action(
    office: Office, *, person: Person, view: View, action: JsonObject, trigger_id: str
) -> JsonObject:
    return _interaction(office, "block_actions", person, trigger_id) | {
        "container": {"type": "view", "view_id": view.id},
        "view": shapes.view(office, view),
        "actions": [action],
    }


def submission(office: Office, *, person: Person, view: View, trigger_id: str) -> JsonObject:
    return _interaction(office, "view_submission", person, trigger_id) | {
        "view": shapes.view(office, view),
        "response_urls": [],
    }


def closing(office: Office, *, person: Person, view: View, is_cleared: bool) -> JsonObject:
    payload = _interaction(office, "view_closed", person, "")
    del payload["trigger_id"]
    return payload | {"view": shapes.view(office, view), "is_cleared": is_cleared}


def mention(office: Office, message: Message) -> JsonObject:
    return _said(office, message) | {"type": "app_mention"}


def direct_message(office: Office, message: Message) -> JsonObject:
    return _said(office, message) | {"type": "message", "channel_type": "im"}


def _said(office: Office, message: Message) -> JsonObject:
    person = office.state.people[message.user]
    event: JsonObject = {
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "channel": message.channel,
        "client_msg_id": new_id("M"),
        "team": person.team_id,
    }
    if message.thread_ts is not None:
        event["thread_ts"] = message.thread_ts
        root = office.state.message(message.channel, message.thread_ts)
        event["parent_user_id"] = root.user if root else message.user
    if person.is_external:
        event |= {"user_team": person.team_id, "source_team": person.team_id}
    return event


def home_opened(
    office: Office, *, person: Person, channel: Channel, view: View | None, ts: str
) -> JsonObject:
    event: JsonObject = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": "home",
        "event_ts": ts,
    }
    if view is not None:
        event["view"] = shapes.view(office, view)
    return event


def channel_id_changed(old_id: str, channel_id: str, ts: str) -> JsonObject:
    return {
        "type": "channel_id_changed",
        "old_channel_id": old_id,
        "new_channel_id": channel_id,
        "event_ts": ts,
    }


def event_callback(office: Office, event: JsonObject, channel: Channel | None) -> JsonObject:
    setup = office.setup
    authorization: dict[str, JsonValue] = {
        "enterprise_id": None,
        "team_id": setup.team.id,
        "user_id": setup.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    event_id = new_id("Ev")
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": setup.team.id,
        "context_team_id": setup.team.id,
        "context_enterprise_id": None,
        "api_app_id": setup.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(office.clock().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
        "event_context": "4-" + event_id,
    }
