"""The workspace failing on request, as Slack and the network do."""

from collections.abc import Callable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.faults import Fault


def texts(workspace: Workspace, channel: str = "ops") -> list[str]:
    return [message.text for message in workspace.channel(channel).messages]


async def test_a_connection_dropped_after_accepting_leaves_exactly_one_message(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.faults.drop_after("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0OPS", text="Late")
    assert texts(workspace) == ["Late"]
    await client.chat_postMessage(channel="C0OPS", text="Worse")
    assert texts(workspace) == ["Late", "Worse"]


async def test_a_connection_dropped_before_accepting_leaves_none(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.faults.drop_before("chat.postMessage", channel="C0OPS")
    await client.chat_postMessage(channel="C0BRIGHT", text="elsewhere all is well")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="#ops", text="Late")
    assert texts(workspace) == []
    assert workspace.faults.struck == {"drop_before": 1}


async def test_slacks_default_client_posts_twice_when_the_answer_is_lost(
    workspace: Workspace, session: aiohttp.ClientSession
) -> None:
    """Why Tallyman brings its own retries: this is what the default ones do."""
    eager = AsyncWebClient(
        token=workspace.setup.bot_token, base_url=workspace.api_url, session=session
    )
    workspace.faults.drop_after("chat.postMessage")
    await eager.chat_postMessage(channel="C0OPS", text="Late")
    assert texts(workspace) == ["Late", "Late"]


async def test_429_carries_its_pause_and_holds_for_that_channel_alone(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.faults.rate_limit("chat.postMessage", channel="C0OPS", times=1, seconds=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0OPS", text="Late")
    assert caught.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel="C0BRIGHT", text="fine")
    await client.chat_postMessage(channel="C0OPS", text="Late")
    assert texts(workspace) == ["Late"]


async def test_slacks_rate_limit_handler_waits_and_then_gets_through(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    workspace.faults.rate_limit("chat.postMessage", seconds=1)
    await client.chat_postMessage(channel="C0OPS", text="Late")
    assert texts(workspace) == ["Late"]
    assert workspace.calls["chat.postMessage"] == 2


async def test_500_and_slow_answers(workspace: Workspace, client: AsyncWebClient) -> None:
    workspace.faults.fail("chat.update")
    posted = await client.chat_postMessage(channel="C0OPS", text="Late")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_update(channel="C0OPS", ts=posted["ts"], text="Later")
    assert caught.value.response.status_code == 500

    workspace.faults.slow("chat.update", seconds=30)
    client.session = None
    client.timeout = 1
    with pytest.raises(TimeoutError):
        await client.chat_update(channel="C0OPS", ts=posted["ts"], text="Later")
    assert texts(workspace) == ["Later"], "a slow answer was carried out all the same"


@pytest.mark.parametrize(
    "code", ["restricted_action", "account_inactive", "internal_error", "is_archived"]
)
async def test_any_of_slacks_errors_can_be_had(
    workspace: Workspace, client: AsyncWebClient, code: str
) -> None:
    workspace.faults.refuse("chat.postMessage", code, channel="C0OPS")
    with pytest.raises(SlackApiError, match=code):
        await client.chat_postMessage(channel="C0OPS", text="Late")
    await client.chat_postMessage(channel="C0OPS", text="Late")
    assert texts(workspace) == ["Late"]


async def test_a_block_that_is_not_rolled_out_here_is_refused(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    chart = {
        "type": "data_visualization",
        "title": "On time",
        "chart": {"type": "pie", "segments": [{"label": "Late", "value": 3}]},
    }
    await client.chat_postMessage(channel="C0OPS", text="On time", blocks=[chart])
    workspace.faults.refuse_blocks("data_visualization", "data_table")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(channel="C0OPS", text="On time", blocks=[chart])
    await client.chat_postMessage(channel="C0OPS", text="Late: 3")
    assert texts(workspace) == ["On time", "Late: 3"]


async def test_a_lagging_history_catches_up(
    workspace: Workspace, client: AsyncWebClient, advance: Callable[[float], None]
) -> None:
    workspace.faults.lag_history(seconds=5, channel="C0OPS")
    root = await client.chat_postMessage(channel="C0OPS", text="Late")
    assert (await client.conversations_history(channel="C0OPS"))["messages"] == []
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.conversations_replies(channel="C0OPS", ts=root["ts"])
    assert texts(workspace) == ["Late"], "people see it at once"
    advance(5)
    assert len((await client.conversations_history(channel="C0OPS"))["messages"]) == 1


async def test_chance_is_the_same_for_the_same_seed(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    async def failures(seed: int) -> list[bool]:
        workspace.faults.clear()
        workspace.faults.arm(
            Fault(kind="server_error", method="users.info", probability=0.5, seed=seed)
        )
        failed = []
        for _ in range(12):
            try:
                await client.users_info(user="U0OLIVIA")
                failed.append(False)
            except SlackApiError:
                failed.append(True)
        return failed

    first = await failures(7)
    assert first == await failures(7)
    assert 0 < sum(first) < 12


async def test_another_process_can_ask_for_it(
    workspace: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    url = workspace.url + "/control/faults"

    async def ask(body: object) -> int:
        async with session.post(url, json=body) as response:
            return response.status

    assert await ask({"kind": "server_error", "method": "users.list", "times": 1}) == 200
    assert await ask({"kind": "archive", "channel": "ops"}) == 200
    assert await ask({"kind": "archive", "channel": "nowhere"}) == 404
    assert await ask({"kind": "earthquake"}) == 400
    with pytest.raises(SlackApiError):
        await client.users_list()
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel="C0OPS", text="Late")
    async with session.get(workspace.url + "/control/calls") as response:
        counted = await response.json()
    assert counted["calls"]["users.list"] == 1
    assert counted["faults"] == {"server_error": 1}

    assert await ask({"kind": "server_error", "method": "users.list"}) == 200
    await session.delete(url)
    await client.users_list()


async def test_a_private_channel_that_becomes_shared_gets_a_new_id(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0CREDITS", text="Credit due")
    shared = workspace.upheavals.share("credits")
    assert shared.id != "C0CREDITS"
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel="C0CREDITS", text="Late")
    assert texts(workspace, "credits") == ["Credit due"]
