"""Messages that stand for many cases: menus with a hundred choices, tables, plans without them."""

from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Refused, Workspace, WorkspaceSetup

Body = dict[str, Any]  # what Bolt hands to listeners

ROWS: list[list[Body]] = [
    [{"type": "raw_text", "text": "Case"}, {"type": "raw_text", "text": "Late by"}],
    [{"type": "raw_text", "text": "T-1"}, {"type": "raw_number", "value": 3, "text": "3 days"}],
]
DATA_TABLE: Body = {"type": "data_table", "caption": "Late", "rows": ROWS}
TABLE: Body = {"type": "table", "rows": ROWS}
TEXT: Body = {"type": "section", "text": {"type": "mrkdwn", "text": "T-1 is 3 days late"}}


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def group(cases: int) -> list[Body]:
    options = [{"text": plain(f"T-{n} · KP-{n}"), "value": f"T-{n}"} for n in range(1, cases + 1)]
    menu = {
        "type": "static_select",
        "action_id": "one_case",
        "placeholder": plain("One case…"),
        "options": options,
    }
    button = {"type": "button", "action_id": "take", "text": plain("Take all"), "value": "a-7"}
    return [DATA_TABLE, {"type": "actions", "elements": [button, menu]}]


@pytest.mark.parametrize("name", ["T-77", "T-77 · KP-77"])
async def test_one_case_of_a_hundred_is_picked_from_a_message(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
    name: str,
) -> None:
    picked: list[Body] = []

    @app.action("one_case")
    async def one_case(ack: Any, body: Body) -> None:
        picked.append(body)
        await ack()

    await client.chat_postMessage(channel="C0OPS", text="100 are late", blocks=group(100))
    message = workspace.channel("ops").last
    assert message.menus["One case…"][99] == "T-100 · KP-100"
    assert message.table == [["Case", "Late by"], ["T-1", "3 days"]]

    await workspace.person("olivia").chooses(message, "One case…", name)
    await workspace.until(lambda: picked)
    assert picked[0]["actions"][0]["selected_option"]["value"] == "T-77"
    assert picked[0]["message"]["ts"] == message.ts


async def test_what_the_menu_does_not_offer_cannot_be_picked(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0OPS", text="Two are late", blocks=group(2))
    with pytest.raises(Refused, match="T-3"):
        await workspace.person("olivia").chooses(workspace.channel("ops").last, "One case…", "T-3")


async def test_a_person_acts_on_what_they_were_sent_alone(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
) -> None:
    @app.action("take")
    async def take(ack: Any, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Taken", blocks=[]
        )

    posted = await client.chat_postMessage(channel="U0MARCO", text="Late", blocks=group(3))
    assert posted["channel"].startswith("D")
    marco = workspace.person("marco")
    await marco.clicks(marco.app_messages[0], "Take all")
    await workspace.until(lambda: marco.app_messages[0].text == "Taken")
    assert workspace.person("olivia").app_messages == []
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_update(channel="U0MARCO", ts=posted["ts"], text="Taken again")
    known = await client.conversations_open(channel=posted["channel"])
    assert (known["channel"]["id"], known["already_open"]) == (posted["channel"], True)


async def test_a_reply_sent_to_the_channel_too_is_in_both(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="Late")
    for number in range(2):
        await client.chat_postMessage(
            channel="C0OPS",
            thread_ts=root["ts"],
            text=f"News {number}",
            reply_broadcast=number == 1,
        )
    room = workspace.channel("ops")
    assert [message.text for message in room.messages] == ["Late", "News 1"]
    assert [reply.text for reply in room.messages[0].thread] == ["News 0", "News 1"]
    history = (await client.conversations_history(channel="C0OPS"))["messages"]
    assert [each.get("subtype") for each in history] == ["thread_broadcast", None]
    assert history[1]["reply_count"] == 2


class TestAPlanWithoutTables:
    """Some plans and roll-outs refuse the newer blocks."""

    @pytest.fixture
    def setup(self, setup: WorkspaceSetup) -> WorkspaceSetup:
        return setup.model_copy(update={"refused_blocks": frozenset({"data_table"})})

    async def test_the_plainer_form_is_taken_where_the_newer_is_refused(
        self, workspace: Workspace, client: AsyncWebClient
    ) -> None:
        root = await client.chat_postMessage(channel="C0OPS", text="Late", blocks=[TABLE])
        for call in (
            client.chat_postMessage(channel="C0OPS", text="Late", blocks=[DATA_TABLE]),
            client.chat_update(channel="C0OPS", ts=root["ts"], text="Late", blocks=[DATA_TABLE]),
        ):
            with pytest.raises(SlackApiError, match="invalid_blocks"):
                await call
        workspace.faults.refuse_blocks("table")
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await client.chat_postMessage(channel="C0OPS", text="Late", blocks=[TABLE])
        await client.chat_postMessage(channel="C0OPS", text="Late", blocks=[TEXT])

    async def test_clearing_the_faults_does_not_change_the_plan(
        self, workspace: Workspace, client: AsyncWebClient
    ) -> None:
        workspace.faults.refuse_blocks("table")
        workspace.faults.clear()
        await client.chat_postMessage(channel="C0OPS", text="Late", blocks=[TABLE])
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await client.chat_postMessage(channel="C0OPS", text="Late", blocks=[DATA_TABLE])
