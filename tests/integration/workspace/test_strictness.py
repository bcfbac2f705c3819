"""What Slack refuses, refused here by the same names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from pydantic import JsonValue
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.workspace import Workspace


@dataclass(frozen=True)
class Refusal:
    code: str
    status: int
    response: AsyncSlackResponse


async def refusal(call: Awaitable[AsyncSlackResponse]) -> Refusal:
    with pytest.raises(SlackApiError) as caught:
        await call
    response = caught.value.response
    assert isinstance(response, AsyncSlackResponse)
    return Refusal(str(response["error"]), response.status_code, response)


async def code(call: Awaitable[AsyncSlackResponse]) -> str:
    return (await refusal(call)).code


async def test_the_token_says_who_calls_and_what_they_may(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == workspace.setup.bot_user_id
    scopes = answer.headers["X-OAuth-Scopes"].split(",")
    assert set(scopes) == workspace.office.manifest.scopes

    assert await code(client.auth_test(token="xoxb-somebody-else")) == "invalid_auth"
    assert await code(client.auth_test(token=workspace.setup.app_token)) == "not_allowed_token_type"
    nobody = AsyncWebClient(base_url=workspace.api_url, session=client.session)
    assert await code(nobody.auth_test()) == "not_authed"
    wrong = await refusal(client.apps_connections_open(app_token=workspace.setup.bot_token))
    assert wrong.code == "not_allowed_token_type"
    assert await code(client.api_call("chat.shout")) == "unknown_method"

    workspace.upheavals.revoke_token()
    assert await code(client.auth_test()) == "token_revoked"


async def test_a_scope_that_the_manifest_lacks_is_named(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    assert "channels:join" not in workspace.office.manifest.scopes
    refused = await refusal(client.conversations_join(channel="C0LOBBY"))
    assert refused.code == "missing_scope"
    assert refused.response["needed"] == "channels:join"
    assert "chat:write" in refused.response["provided"]
    assert await code(client.conversations_list(types="mpim")) == "missing_scope"


async def test_posts_go_only_where_the_bot_is(workspace: Workspace, client: AsyncWebClient) -> None:
    async def post(channel: str) -> str:
        return await code(client.chat_postMessage(channel=channel, text="hello"))

    assert await post("C0NOWHERE") == "channel_not_found"
    assert await post("C0LOBBY") == "not_in_channel"
    assert await post("G0SECRET") == "channel_not_found"
    assert await post("C0OLD") == "is_archived"
    await client.chat_postMessage(channel="#ops", text="by name")
    workspace.upheavals.remove_bot("ops")
    assert await post("C0OPS") == "not_in_channel"
    workspace.upheavals.archive("brightwater")
    assert await post("C0BRIGHT") == "is_archived"


async def test_a_message_must_say_something_in_a_thread_that_is_there(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="root")
    reply = await client.chat_postMessage(channel="C0OPS", text="reply", thread_ts=root["ts"])
    assert await code(client.api_call("chat.postMessage", json={"channel": "C0OPS"})) == "no_text"
    gone = client.chat_postMessage(channel="C0BRIGHT", text="?", thread_ts="1400000000.000100")
    assert await code(gone) == "message_not_found"
    nested = client.chat_postMessage(channel="C0OPS", text="?", thread_ts=reply["ts"])
    assert await code(nested) == "cannot_reply_to_message"
    assert len(workspace.channel("ops").last.thread) == 1


async def test_only_own_messages_change_and_not_beyond_four_thousand_characters(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    said = await workspace.person("olivia").types("#ops", "mine")
    assert said is not None
    own = (await client.chat_postMessage(channel="C0OPS", text="x" * 41_000))["ts"]
    assert len(workspace.channel("ops").last.text) == 40_000

    assert await code(client.chat_update(channel="C0OPS", ts=said.ts, text="no")) == (
        "cant_update_message"
    )
    assert await code(client.chat_delete(channel="C0OPS", ts=said.ts)) == "cant_delete_message"
    assert await code(client.chat_update(channel="C0OPS", ts="1.0", text="no")) == (
        "message_not_found"
    )
    await client.chat_update(channel="C0OPS", ts=own, text="x" * 4000)
    long = client.chat_update(channel="C0OPS", ts=own, text="x" * 4001)
    assert await code(long) == "msg_too_long"
    await client.chat_delete(channel="C0OPS", ts=own)
    assert await code(client.chat_update(channel="C0OPS", ts=own, text="late")) == (
        "message_not_found"
    )


async def test_an_update_keeps_the_blocks_that_it_does_not_name(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Late"}}]
    ts = (await client.chat_postMessage(channel="C0OPS", text="Late", blocks=blocks))["ts"]
    message = workspace.channel("ops").last
    await client.chat_update(channel="C0OPS", ts=ts, text="Later")
    assert (message.text, message.says) == ("Later", "Late")
    await client.chat_update(channel="C0OPS", ts=ts, text="Done", blocks=[])
    assert message.blocks == ()


async def test_blocks_beyond_a_limit_are_refused_with_where_the_fault_is(
    client: AsyncWebClient,
) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    refused = await refusal(client.chat_postMessage(channel="C0OPS", text="t", blocks=[header]))
    assert refused.code == "invalid_blocks"
    assert refused.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]
    many = [{"text": "a"}] * 101
    assert await code(client.chat_postMessage(channel="C0OPS", text="t", attachments=many)) == (
        "too_many_attachments"
    )


BODIES: dict[str, tuple[str, bytes, str]] = {
    "JSON that ends early": ("application/json", b'{"channel": "C0', "invalid_json"),
    "JSON that is a list": ("application/json", b"[1]", "json_not_object"),
    "blocks that are no JSON": (
        "application/x-www-form-urlencoded",
        b"channel=C0OPS&text=t&blocks=%5B",
        "invalid_blocks_format",
    ),
    "blocks that are no list": (
        "application/json",
        b'{"channel": "C0OPS", "text": "t", "blocks": 7}',
        "invalid_blocks_format",
    ),
    "metadata without a type": (
        "application/json",
        b'{"channel": "C0OPS", "text": "t", "metadata": {"event_payload": {}}}',
        "invalid_metadata_schema",
    ),
    "no channel": ("application/json", b'{"text": "t"}', "invalid_arguments"),
    "nothing": ("application/json", b"", "invalid_arguments"),
}


@pytest.mark.parametrize("name", BODIES)
async def test_malformed_calls_are_told_apart(
    workspace: Workspace, session: aiohttp.ClientSession, name: str
) -> None:
    kind, body, expected = BODIES[name]
    headers = {"Content-Type": kind, "Authorization": f"Bearer {workspace.setup.bot_token}"}
    url = workspace.api_url + "chat.postMessage"
    async with session.post(url, data=body, headers=headers) as response:
        answer: dict[str, JsonValue] = await response.json()
    assert answer["error"] == expected
    assert workspace.channel("ops").messages == []


async def test_a_form_is_taken_as_json_is(
    workspace: Workspace, session: aiohttp.ClientSession
) -> None:
    form = {
        "token": workspace.setup.bot_token,
        "channel": "C0OPS",
        "text": "from a form",
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "alert", "event_payload": {"key": "k1"}}',
    }
    async with session.post(workspace.api_url + "chat.postMessage", data=form) as response:
        assert (await response.json())["ok"]
    assert workspace.channel("ops").last.blocks[0]["type"] == "divider"
    assert workspace.channel("ops").last.metadata == {
        "event_type": "alert",
        "event_payload": {"key": "k1"},
    }


async def test_one_post_a_second_after_a_short_burst_then_429(
    workspace: Workspace, client: AsyncWebClient, advance: Callable[[float], None]
) -> None:
    for number in range(4):
        await client.chat_postMessage(channel="C0OPS", text=str(number))
    refused = await refusal(client.chat_postMessage(channel="C0OPS", text="5th"))
    assert (refused.code, refused.status) == ("ratelimited", 429)
    assert refused.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel="C0BRIGHT", text="another channel goes on")
    advance(1.0)
    await client.chat_postMessage(channel="C0OPS", text="5th")
    assert await code(client.chat_postMessage(channel="C0OPS", text="6th")) == "ratelimited"
    assert [message.text for message in workspace.channel("ops").messages] == [*"0123", "5th"]
    assert workspace.calls["429"] == 2


async def test_a_method_has_its_share_of_a_minute(
    workspace: Workspace, client: AsyncWebClient, advance: Callable[[float], None]
) -> None:
    for _ in range(20):
        await client.conversations_list()
    refused = await refusal(client.conversations_list())
    assert refused.status == 429
    assert refused.response.headers["Retry-After"] == "60"
    await client.conversations_info(channel="C0OPS")
    advance(60.0)
    await client.conversations_list()
    assert workspace.office.pace.refused["conversations.list"] == 1
