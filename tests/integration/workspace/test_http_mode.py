"""HTTP mode: the same gestures, posted to a request URL and signed, taken by Bolt's own server."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.say.async_say import AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Refused, Workspace, WorkspaceSetup

Body = dict[str, Any]  # what Bolt hands to listeners


class Listening:
    def __init__(self, workspace: Workspace, app: AsyncApp, client: AsyncWebClient) -> None:
        self.workspace = workspace
        self.app = app
        self.client = client


@pytest.fixture(params=["local-signing-secret", "another-secret"])
def bolts_secret(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def listening(
    setup: WorkspaceSetup, session: aiohttp.ClientSession, bolts_secret: str
) -> AsyncIterator[Listening]:
    client = AsyncWebClient(token=setup.bot_token, session=session, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=bolts_secret)
    runner = web.AppRunner(app.web_app("/slack/events", port=0), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with Workspace(setup.model_copy(update={"request_url": url})) as workspace:
        client.base_url = workspace.api_url
        yield Listening(workspace, app, client)
    await runner.cleanup()


@pytest.mark.parametrize("bolts_secret", ["local-signing-secret"], indirect=True)
async def test_commands_clicks_modals_and_events_arrive(listening: Listening) -> None:
    app, workspace = listening.app, listening.workspace

    @app.command("/tallyman")
    async def tallyman(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view = {
            "type": "modal",
            "callback_id": "note",
            "title": {"type": "plain_text", "text": "Note"},
            "submit": {"type": "plain_text", "text": "Keep"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "note",
                    "label": {"type": "plain_text", "text": "Note"},
                    "element": {"type": "plain_text_input", "action_id": "text"},
                }
            ],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack(text=f"Opened for {body['text']}")

    @app.view("note")
    async def note(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"note": "No"})

    @app.event("app_mention")
    async def mention(event: Body, say: AsyncSay) -> None:
        await say(text="Yes?", thread_ts=event["ts"])

    olivia = workspace.person("olivia")
    await olivia.types("#ops", "/tallyman me & you")
    assert olivia.whispers[0].text == "Opened for me & you"
    assert await olivia.submits(olivia.view, {"Note": "…"}) == {"note": "No"}
    await olivia.mentions("#ops", "there?")
    said = workspace.channel("ops").last
    await workspace.until(lambda: said.thread)


@pytest.mark.parametrize("bolts_secret", ["another-secret"], indirect=True)
async def test_an_app_with_another_secret_takes_nothing(listening: Listening) -> None:
    @listening.app.command("/tallyman")
    async def tallyman(ack: AsyncAck) -> None:
        await ack(text="should never be said")

    olivia = listening.workspace.person("olivia")
    with pytest.raises(Refused, match="operation_timeout"):
        await olivia.types("#ops", "/tallyman")
    assert olivia.whispers == []
