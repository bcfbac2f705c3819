"""What the browser page asks for, does, and is told."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

Body = dict[str, Any]  # JSON as the page gets it

DEEDS: list[Body] = [
    {
        "type": "actions",
        "block_id": "deeds",
        "elements": [
            {
                "type": "button",
                "action_id": "acknowledge",
                "text": {"type": "plain_text", "text": "Acknowledge"},
                "value": "case-7",
            },
            {
                "type": "static_select",
                "action_id": "snooze",
                "placeholder": {"type": "plain_text", "text": "Snooze"},
                "options": [
                    {"text": {"type": "plain_text", "text": "1 hour"}, "value": "1h"},
                    {"text": {"type": "plain_text", "text": "1 day"}, "value": "1d"},
                ],
            },
        ],
    }
]


class Page:
    """One person's browser."""

    def __init__(self, workspace: Workspace, session: aiohttp.ClientSession, person: str) -> None:
        self._url = workspace.url
        self._session = session
        self._person = person

    async def get(self, path: str) -> Body:
        query = {"as": self._person}
        async with self._session.get(self._url + path, params=query) as response:
            answer: Body = await response.json()
            return answer

    async def post(self, path: str, **body: object) -> Body:
        body["as"] = self._person
        async with self._session.post(self._url + path, json=body) as response:
            answer: Body = await response.json()
            return answer

    async def texts(self, channel: str) -> list[str]:
        shown = await self.get(f"/page/channels/{channel}/messages")
        return [message["text"] for message in shown["messages"]]


@pytest.fixture
def olivia(workspace: Workspace, session: aiohttp.ClientSession) -> Page:
    return Page(workspace, session, "U0OLIVIA")


@pytest.fixture
def petra(workspace: Workspace, session: aiohttp.ClientSession) -> Page:
    return Page(workspace, session, "U0PETRA")


async def test_everyone_sees_their_own_channels(
    workspace: Workspace, olivia: Page, petra: Page
) -> None:
    state = await olivia.get("/page/state")
    names = [channel["name"] for channel in state["channels"]]
    assert names == ["brightwater", "ops", "lobby", "old"]
    assert state["me"] == "U0OLIVIA"
    assert state["team"] == {"id": "T0TALLYMAN", "name": "Harbour Logistics"}
    assert state["app"]["user_id"] == workspace.setup.bot_user_id
    assert {"/scorecard", "/shipment"} <= {command["command"] for command in state["commands"]}
    assert {person["name"]: person["external"] for person in state["people"]} == {
        "olivia": False,
        "marco": False,
        "petra": True,
    }
    outside = await petra.get("/page/state")
    assert [channel["name"] for channel in outside["channels"]] == ["brightwater"]
    assert outside["commands"] == []
    hidden = await petra.get("/page/channels/C0OPS/messages")
    assert hidden == {"ok": False, "error": "There is no channel C0OPS here."}


async def test_channels_threads_and_whispers_are_listed_as_they_are_seen(
    client: AsyncWebClient, olivia: Page, petra: Page
) -> None:
    root = await client.chat_postMessage(channel="C0BRIGHT", text="Late")
    thread = {"channel": "C0BRIGHT", "thread_ts": root["ts"]}
    said = await petra.post("/page/messages", text="@Tallyman why?", **thread)
    await client.chat_postMessage(text="Resolved", reply_broadcast=True, **thread)
    await client.chat_postEphemeral(channel="C0BRIGHT", user="U0OLIVIA", text="Only you")

    assert await petra.texts("C0BRIGHT") == ["Late", "Resolved"]
    assert await olivia.texts("C0BRIGHT") == ["Late", "Resolved", "Only you"]
    shown = (await olivia.get("/page/channels/C0BRIGHT/messages"))["messages"]
    assert shown[0]["reply_count"] == 2
    assert shown[0]["username"] == "Tallyman"
    assert shown[1]["reply_broadcast"] is True
    assert shown[2]["ephemeral"] is True
    replies = await petra.get(f"/page/channels/C0BRIGHT/threads/{root['ts']}")
    assert [each["text"] for each in replies["messages"]] == [
        "Late",
        "<@U0TALLYMAN> why?",
        "Resolved",
    ]
    assert replies["messages"][1]["ts"] == said["ts"]


async def test_a_long_channel_shows_its_newest_two_hundred(
    workspace: Workspace, olivia: Page
) -> None:
    for number in range(205):
        await workspace.person("olivia").types("#ops", str(number))
    texts = await olivia.texts("C0OPS")
    assert (len(texts), texts[0], texts[-1]) == (200, "5", "204")


async def test_commands_and_clicks_reach_the_app(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
    olivia: Page,
    petra: Page,
) -> None:
    chosen: list[Body] = []

    @app.command("/scorecard")
    async def scorecard(ack: AsyncAck, body: Body) -> None:
        await ack(text=f"Scorecard of {body['text']}")

    @app.action("snooze")
    async def snooze(ack: AsyncAck, action: Body) -> None:
        await ack()
        chosen.append(action)

    typed = {"channel": "C0OPS", "text": "/scorecard brightwater"}
    assert await olivia.post("/page/commands", **typed) == {"ok": True}
    assert await olivia.texts("C0OPS") == ["Scorecard of brightwater"]
    refused = await petra.post("/page/commands", channel="C0BRIGHT", text="/scorecard")
    assert "not shared with people from other companies" in refused["error"]
    unknown = await olivia.post("/page/commands", channel="C0OPS", text="/socrecard")
    assert unknown["error"].startswith("/socrecard is not a valid command")

    posted = await client.chat_postMessage(channel="C0BRIGHT", text="Late", blocks=DEEDS)
    day = {"type": "static_select", "selected_option": {"value": "1d"}}
    clicked = await petra.post(
        "/page/actions",
        channel="C0BRIGHT",
        ts=posted["ts"],
        block_id="deeds",
        action_id="snooze",
        action=day,
    )
    assert clicked == {"ok": True}
    await workspace.until(lambda: chosen)
    assert chosen[0]["selected_option"]["text"]["text"] == "1 day"


FORGERIES: dict[str, Body] = {
    "a button that isn't there": {"action_id": "resolve"},
    "a block that isn't there": {"block_id": "other"},
    "another value": {"action": {"type": "button", "value": "case-8"}},
    "another kind of element": {"action": {"type": "datepicker"}},
    "a choice that isn't offered": {
        "action_id": "snooze",
        "action": {"type": "static_select", "selected_option": {"value": "forever"}},
    },
    "a message that isn't there": {"ts": "1.000000"},
    "a channel that one isn't in": {"channel": "C0OPS"},
    "no target": {"ts": None},
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_click_is_refused_and_never_reaches_the_app(
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
    petra: Page,
    name: str,
) -> None:
    reached: list[Body] = []

    @app.middleware
    async def note(body: Body, next_: Any) -> None:
        reached.append(body)
        await next_()

    posted = await client.chat_postMessage(channel="C0BRIGHT", text="Late", blocks=DEEDS)
    genuine: Body = {
        "channel": "C0BRIGHT",
        "ts": posted["ts"],
        "block_id": "deeds",
        "action_id": "acknowledge",
        "action": {"type": "button"},
    }
    answer = await petra.post("/page/actions", **(genuine | FORGERIES[name]))
    assert answer["ok"] is False
    assert answer["error"]
    assert reached == []


async def test_somebody_elses_whisper_cannot_be_clicked(
    client: AsyncWebClient, petra: Page
) -> None:
    shown = await client.chat_postEphemeral(
        channel="C0BRIGHT", user="U0OLIVIA", text="Only you", blocks=DEEDS
    )
    deed = {"block_id": "deeds", "action_id": "acknowledge", "action": {"type": "button"}}
    answer = await petra.post("/page/actions", channel="C0BRIGHT", ts=shown["message_ts"], **deed)
    assert answer == {"ok": False, "error": "That message isn't there any more."}


async def test_a_modal_goes_through_errors_update_push_and_clear(
    workspace: Workspace,
    app: AsyncApp,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
    session: aiohttp.ClientSession,
    olivia: Page,
    petra: Page,
) -> None:
    def modal(title: str) -> Body:
        return {
            "type": "modal",
            "callback_id": "steps",
            "title": {"type": "plain_text", "text": title},
            "submit": {"type": "plain_text", "text": "Go"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "why",
                    "label": {"type": "plain_text", "text": "Why"},
                    "element": {"type": "plain_text_input", "action_id": "text"},
                }
            ],
        }

    @app.command("/escalate")
    async def escalate(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Why"))
        await ack()

    @app.view("steps")
    async def steps(ack: AsyncAck, view: Body) -> None:
        match view["state"]["values"]["why"]["text"]["value"]:
            case "errors":
                await ack(response_action="errors", errors={"why": "Say more."})
            case "update":
                await ack(response_action="update", view=modal("Updated"))
            case "push":
                await ack(response_action="push", view=modal("Pushed"))
            case "nonsense":
                await ack(response_action="update", view={"type": "modal"})
            case _:
                await ack(response_action="clear")

    events = await session.ws_connect(workspace.url + "/page/events?as=olivia")

    async def event(kind: str) -> Body:
        while True:
            told: Body = await events.receive_json()
            if told["type"] == kind:
                return told

    async def submit(view_id: str, why: str) -> Body:
        values = {"why": {"text": {"type": "plain_text_input", "value": why}}}
        return await olivia.post(f"/page/views/{view_id}/submit", state={"values": values})

    await olivia.post("/page/commands", channel="C0OPS", text="/escalate 7")
    opened = (await event("view_opened"))["view"]
    assert opened["title"]["text"] == "Why"
    theirs = await petra.post(f"/page/views/{opened['id']}/submit")
    assert theirs == {"ok": False, "error": "That isn't open any more."}
    assert await submit(opened["id"], "") == {
        "ok": False,
        "errors": {"why": "Please complete this required field."},
    }
    assert await submit(opened["id"], "errors") == {"ok": False, "errors": {"why": "Say more."}}
    assert "trouble connecting" in (await submit(opened["id"], "nonsense"))["error"]
    assert await submit(opened["id"], "update") == {"ok": True}
    assert (await event("view_updated"))["view"]["title"]["text"] == "Updated"
    assert await submit(opened["id"], "push") == {"ok": True}
    pushed = (await event("view_pushed"))["view"]
    assert (pushed["root_view_id"], pushed["previous_view_id"]) == (opened["id"], opened["id"])
    assert (await submit(opened["id"], "clear"))["error"].startswith("Another window")
    assert await submit(pushed["id"], "clear") == {"ok": True}
    closed = {(await event("view_closed"))["view_id"] for _ in range(2)}
    assert closed == {opened["id"], pushed["id"]}
    await events.close()


async def test_the_page_is_told_what_its_person_may_see_and_nothing_else(
    workspace: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    events = await session.ws_connect(workspace.url + "/page/events?as=petra")
    # A page that is told the time is listening to all the rest too.
    clock = await events.receive_json()
    assert clock["type"] == "clock"
    await client.chat_postMessage(channel="C0OPS", text="not for petra")
    await client.chat_postEphemeral(channel="C0BRIGHT", user="U0OLIVIA", text="nor this")
    posted = await client.chat_postMessage(channel="C0BRIGHT", text="Late")
    await client.chat_update(channel="C0BRIGHT", ts=posted["ts"], text="Later")
    await client.chat_delete(channel="C0BRIGHT", ts=posted["ts"])
    told: list[tuple[str, str]] = []
    while len(told) < 3:
        event = await events.receive_json()
        if event["type"] != "clock":
            told.append((event["type"], event["message"]["text"]))
    assert told == [
        ("message", "Late"),
        ("message_changed", "Later"),
        ("message_deleted", "Later"),
    ]
    await events.close()


async def test_strangers_and_other_sites_are_turned_away(
    workspace: Workspace, session: aiohttp.ClientSession, olivia: Page
) -> None:
    nobody = Page(workspace, session, "U0NOBODY")
    assert (await nobody.get("/page/state"))["error"] == "Nobody here is called U0NOBODY."
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(workspace.url + "/page/events?as=U0NOBODY")
    said = {"as": "olivia", "channel": "C0OPS", "text": "forged"}
    for origin, status in (("https://evil.test", 403), (workspace.url, 200)):
        async with session.post(
            workspace.url + "/page/messages", json=said, headers={"Origin": origin}
        ) as response:
            assert response.status == status
    assert len(workspace.channel("ops").messages) == 1
    async with session.post(workspace.url + "/page/messages", data=b"{nonsense") as response:
        assert response.status == 400
    assert (await olivia.post("/page/messages", channel="C0OLD", text="hi"))["error"] == (
        "This channel is archived."
    )
    async with session.get(workspace.url + "/static/..%2fserver.py") as response:
        assert response.status == 404


async def test_the_home_tab_comes_when_the_app_publishes_it(
    app: AsyncApp,
    workspace: Workspace,
    client: AsyncWebClient,
    listening: AsyncSocketModeHandler,
    olivia: Page,
) -> None:
    @app.event("app_home_opened")
    async def home(event: Body, client: AsyncWebClient) -> None:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "All quiet"}}
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section]}
        )

    assert await olivia.get("/page/home") == {"view": None}
    await workspace.until(lambda: workspace.person("olivia").home)
    assert (await olivia.get("/page/home"))["view"]["blocks"][0]["text"]["text"] == "All quiet"
