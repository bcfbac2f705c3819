"""How what people do reaches the app: acknowledged, or shown as a failure and sent again."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Refused, Workspace

Body = dict[str, Any]  # what Bolt hands to listeners


async def test_nobody_listening_is_said_at_once(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="dispatch_failed"):
        await workspace.person("olivia").types("#ops", "/shipment 1")


@pytest.mark.parametrize("ack_seconds", [0.2])
async def test_an_unacknowledged_command_times_out_for_its_typist_and_comes_again(
    workspace: Workspace, app: AsyncApp, listening: AsyncSocketModeHandler
) -> None:
    bodies: list[Body] = []

    @app.command("/shipment")
    async def slow_once(ack: AsyncAck, body: Body) -> None:
        bodies.append(body)
        if len(bodies) > 1:
            await ack()
        else:
            await asyncio.Event().wait()

    with pytest.raises(Refused, match="operation_timeout"):
        await workspace.person("olivia").types("#ops", "/shipment 1")
    await workspace.until(lambda: len(bodies) == 2)
    assert bodies[0]["trigger_id"] == bodies[1]["trigger_id"]
    assert workspace.dispatch.redelivered["slash_commands"] == 1


@pytest.mark.parametrize("ack_seconds", [0.2])
async def test_an_event_comes_again_with_its_id_and_is_given_up_in_the_end(
    workspace: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    opened = await client.apps_connections_open(app_token=workspace.setup.app_token)
    async with session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await workspace.person("petra").mentions("#brightwater", "hello?")
        envelopes = [await socket.receive_json() for _ in range(4)]

    attempts = [(each["retry_attempt"], each["retry_reason"]) for each in envelopes]
    assert attempts == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
    assert len({each["payload"]["event_id"] for each in envelopes}) == 1
    assert len({each["envelope_id"] for each in envelopes}) == 4
    payload = envelopes[0]["payload"]
    assert payload["is_ext_shared_channel"] is True
    assert payload["team_id"] == workspace.setup.team.id
    assert payload["event"]["user_team"] == "T0BRIGHT"
    await workspace.until(lambda: workspace.dispatch.given_up["events_api"] == 1)


@pytest.mark.parametrize("redelivery_seconds", [(0.0, 10.0)])
async def test_what_was_under_way_on_a_lost_connection_comes_again_on_the_next(
    workspace: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    async def connect() -> aiohttp.ClientWebSocketResponse:
        opened = await client.apps_connections_open(app_token=workspace.setup.app_token)
        socket = await session.ws_connect(opened["url"])
        await socket.receive_json()
        return socket

    first = await connect()
    await workspace.person("olivia").mentions("#ops", "are you there?")
    lost = await first.receive_json()
    await first.close()
    second = await connect()
    again = await second.receive_json()
    await second.send_json({"envelope_id": again["envelope_id"]})
    assert again["payload"]["event_id"] == lost["payload"]["event_id"]
    assert again["retry_reason"] in {"connection_closed", "not_connected"}
    await second.close()


async def test_several_connections_share_the_load(
    workspace: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    sockets = []
    for _ in range(2):
        opened = await client.apps_connections_open(app_token=workspace.setup.app_token)
        sockets.append(await session.ws_connect(opened["url"]))
        await sockets[-1].receive_json()
    for _ in range(4):
        await workspace.person("olivia").mentions("#ops", "hello")
    for socket in sockets:
        for _ in range(2):
            envelope = await socket.receive_json()
            assert envelope["retry_attempt"] == 0
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
    for socket in sockets:
        await socket.close()


async def test_a_ticket_opens_one_connection(
    workspace: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    opened = await client.apps_connections_open(app_token=workspace.setup.app_token)
    async with session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["connection_info"] == {"app_id": "A0TALLYMAN"}
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])


async def test_bolt_comes_back_after_slack_asks_it_to(
    workspace: Workspace, app: AsyncApp, listening: AsyncSocketModeHandler
) -> None:
    @app.command("/tallyman")
    async def tallyman(ack: AsyncAck) -> None:
        await ack(text="here")

    await workspace.socket_mode.disconnect()
    await workspace.until_connected()
    await workspace.person("olivia").types("#ops", "/tallyman")
    assert workspace.person("olivia").whispers[-1].text == "here"


async def test_a_trigger_opens_one_modal_within_three_seconds(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
    advance: Any,
) -> None:
    triggers: list[str] = []

    @app.command("/escalate")
    async def escalate(ack: AsyncAck, body: Body) -> None:
        await ack()
        triggers.append(body["trigger_id"])

    view = {"type": "modal", "title": {"type": "plain_text", "text": "Escalate"}, "blocks": []}
    olivia = workspace.person("olivia")
    await olivia.types("#ops", "/escalate 7")
    await workspace.until(lambda: triggers)
    opened = await client.views_open(trigger_id=triggers[0], view=view)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=triggers[0], view=view)

    stale = await client.views_update(view_id=opened["view"]["id"], view=view)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(
            view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=view
        )
    assert stale["view"]["id"] == opened["view"]["id"]

    await olivia.types("#ops", "/escalate 7")
    await workspace.until(lambda: len(triggers) == 2)
    advance(3.0)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=triggers[1], view=view)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.three", view=view)


async def test_a_fourth_modal_finds_no_room(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
) -> None:
    def numbered(number: int) -> Body:
        more = {
            "type": "button",
            "text": {"type": "plain_text", "text": "More"},
            "action_id": "more",
        }
        return {
            "type": "modal",
            "title": {"type": "plain_text", "text": f"Level {number}"},
            "blocks": [{"type": "actions", "elements": [more]}],
            "notify_on_close": True,
        }

    refused: list[str] = []
    closed: list[str] = []

    @app.command("/tallyman")
    async def first(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=numbered(1))
        await ack()

    @app.action("more")
    async def more(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        level = int(body["view"]["title"]["text"][-1])
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=numbered(level + 1))
        except SlackApiError as error:
            refused.append(str(error.response["error"]))
        await ack()

    @app.view_closed("")
    async def gone(ack: AsyncAck, body: Body) -> None:
        await ack()
        closed.append(body["view"]["title"]["text"])

    olivia = workspace.person("olivia")
    await olivia.types("#ops", "/tallyman")
    for _ in range(3):
        await olivia.clicks(olivia.view, "More")
    assert refused == ["push_limit_reached"]
    assert [view.title for view in olivia.views] == ["Level 1", "Level 2", "Level 3"]
    await olivia.closes(olivia.view)
    assert olivia.view.title == "Level 2"
    await workspace.until(lambda: closed == ["Level 3"])


async def test_a_response_url_answers_five_times_within_thirty_minutes(
    workspace: Workspace,
    app: AsyncApp,
    listening: AsyncSocketModeHandler,
    session: aiohttp.ClientSession,
    advance: Any,
) -> None:
    urls: list[str] = []

    @app.command("/exceptions")
    async def exceptions(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        await respond(text="Looking …")
        urls.append(body["response_url"])

    async def answer(url: str, **body: object) -> tuple[int, str]:
        async with session.post(url, json=body) as response:
            answered = await response.json()
            return response.status, str(answered.get("error", "ok"))

    olivia = workspace.person("olivia")
    await olivia.types("#ops", "/exceptions")
    await workspace.until(lambda: urls)
    assert await answer(urls[0], text="Two open", replace_original=True) == (200, "ok")
    assert [whisper.text for whisper in olivia.whispers] == ["Two open"]
    assert await answer(urls[0], text="For all", response_type="in_channel") == (200, "ok")
    assert workspace.channel("ops").last.text == "For all"
    assert await answer(urls[0], blocks=[{"type": "sparkles"}]) == (400, "invalid_blocks")
    assert await answer(urls[0], delete_original=True) == (200, "ok")
    assert olivia.whispers == []
    assert await answer(urls[0], text="one too many") == (404, "used_url")

    await olivia.types("#ops", "/exceptions")
    await workspace.until(lambda: len(urls) == 2)
    advance(30 * 60)
    assert await answer(urls[1], text="too late") == (404, "expired_url")
    assert await answer(urls[1] + "x", text="forged") == (404, "invalid_url")
