"""Bolt's real app and socket handler against the workspace: post, command, click, modal."""

from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Refused, Workspace

Body = dict[str, Any]  # what Bolt hands to listeners


def late(text: str = "Late") -> list[Body]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*{text}*"}},
        {
            "type": "actions",
            "block_id": "deeds",
            "elements": [
                {
                    "type": "button",
                    "action_id": "acknowledge",
                    "text": {"type": "plain_text", "text": "Acknowledge"},
                    "value": "case-7",
                }
            ],
        },
    ]


async def test_a_command_is_answered_to_its_typist_alone(
    workspace: Workspace, app: AsyncApp, listening: AsyncSocketModeHandler
) -> None:
    seen: list[Body] = []

    @app.command("/shipment")
    async def shipment(ack: Any, body: Body, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text=f"Where is {body['text']}?")

    olivia = workspace.person("olivia")
    await olivia.types("#ops", "/shipment 1Z-77")
    await workspace.until(lambda: olivia.whispers)

    assert olivia.whispers[0].text == "Where is 1Z-77?"
    assert workspace.channel("ops").messages == []
    assert workspace.person("marco").whispers == []
    assert seen[0]["command"] == "/shipment"
    assert seen[0]["channel_name"] == "ops"
    assert seen[0]["user_name"] == "olivia"
    assert seen[0]["is_enterprise_install"] == "false"


async def test_an_acknowledgement_may_carry_the_answer(
    workspace: Workspace, app: AsyncApp, listening: AsyncSocketModeHandler
) -> None:
    @app.command("/tallyman")
    async def tallyman(ack: Any) -> None:
        await ack(text="All sources are well.", response_type="in_channel")

    await workspace.person("marco").types("#ops", "/tallyman health")
    assert workspace.channel("ops").last.text == "All sources are well."


async def test_a_click_redraws_the_alert(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
) -> None:
    clicks: list[Body] = []

    @app.action("acknowledge")
    async def acknowledge(ack: Any, body: Body, client: AsyncWebClient) -> None:
        await ack()
        clicks.append(body)
        await client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Acknowledged",
            blocks=late("Acknowledged")[:1],
        )

    await client.chat_postMessage(channel="C0BRIGHT", text="Late", blocks=late())
    alert = workspace.channel("brightwater").last
    petra = workspace.person("petra")
    await petra.clicks(alert, "Acknowledge")
    await workspace.until(lambda: alert.is_edited)

    assert alert.says == "*Acknowledged*"
    assert alert.buttons == []
    body = clicks[0]
    assert body["actions"][0]["value"] == "case-7"
    assert body["user"] == {
        "id": "U0PETRA",
        "username": "petra",
        "name": "petra",
        "team_id": "T0BRIGHT",
    }
    assert body["team"]["id"] == workspace.setup.team.id
    assert body["message"]["blocks"][1]["block_id"] == "deeds"
    assert body["container"]["message_ts"] == alert.ts


def snooze_modal() -> Body:
    return {
        "type": "modal",
        "callback_id": "snooze",
        "private_metadata": "case-7",
        "title": {"type": "plain_text", "text": "Snooze"},
        "submit": {"type": "plain_text", "text": "Snooze"},
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Reason"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }


async def test_a_modal_refuses_then_takes_what_is_filled_in(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
) -> None:
    taken: list[str] = []

    @app.action("acknowledge")
    async def opens(ack: Any, body: Body, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=snooze_modal())
        await ack()

    @app.view("snooze")
    async def submitted(ack: Any, view: Body) -> None:
        reason = view["state"]["values"]["reason"]["text"]["value"]
        if len(reason) < 5:
            await ack(response_action="errors", errors={"reason": "Say a little more."})
            return
        await ack()
        taken.append(f"{view['private_metadata']}: {reason}")

    await client.chat_postMessage(channel="C0OPS", text="Late", blocks=late())
    olivia = workspace.person("olivia")
    await olivia.clicks(workspace.channel("ops").last, "Acknowledge")
    assert olivia.view.title == "Snooze"

    assert await olivia.submits(olivia.view) == {"reason": "Please complete this required field."}
    assert await olivia.submits(olivia.view, {"Reason": "why"}) == {"reason": "Say a little more."}
    assert olivia.views, "a refused modal stays open"
    assert await olivia.submits(olivia.view, {"Reason": "port strike"}) == {}
    assert olivia.views == []
    await workspace.until(lambda: taken == ["case-7: port strike"])


async def test_mentions_direct_messages_and_the_home_tab_reach_the_app(
    workspace: Workspace, app: AsyncApp, listening: AsyncSocketModeHandler
) -> None:
    @app.event("app_mention")
    async def mentioned(event: Body, say: Any) -> None:
        await say(text=f"You said: {event['text']}", thread_ts=event["ts"])

    @app.event("message")
    async def direct(event: Body, say: Any) -> None:
        await say(text=f"Just us: {event['text']}")

    @app.event("app_home_opened")
    async def home(event: Body, client: AsyncWebClient) -> None:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "Two open cases"}}
        view = {"type": "home", "blocks": [section]}
        await client.views_publish(user_id=event["user"], view=view)

    petra = workspace.person("petra")
    await petra.mentions("#brightwater", "where are the crates?")
    said = workspace.channel("brightwater").last
    await workspace.until(lambda: said.thread)
    assert (
        said.thread[0].text == f"You said: <@{workspace.setup.bot_user_id}> where are the crates?"
    )

    await petra.writes_to_app("hello & <!channel>")
    await workspace.until(lambda: len(petra.app_messages) == 2)
    assert petra.app_messages[1].text == "Just us: hello &amp; &lt;!channel&gt;"

    olivia = workspace.person("olivia")
    await olivia.opens_home()
    await workspace.until(lambda: olivia.home)
    assert olivia.home is not None
    assert olivia.home.says == "Two open cases"


async def test_people_of_a_partner_cannot_type_commands(
    workspace: Workspace, app: AsyncApp, listening: AsyncSocketModeHandler
) -> None:
    with pytest.raises(Refused, match="not a valid command here"):
        await workspace.person("petra").types("#brightwater", "/scorecard")
    with pytest.raises(Refused, match="not a valid command"):
        await workspace.person("olivia").types("#ops", "/scoercard")
    with pytest.raises(Refused, match="There is no channel"):
        await workspace.person("petra").types("#ops", "hello")
