"""A real browser on a real workspace, with a small Bolt app that listens over Socket Mode."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import ChannelSetup, PaceSetup, PersonSetup, Team, Workspace, WorkspaceSetup
from tests.acceptance.browsing import browser, chromium
from tests.acceptance.page.counter_app import listen
from tests.acceptance.processes import MANIFEST

__all__ = ["browser", "chromium"]

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """For the session, because the browser lives that long."""
    return "asyncio"


@pytest.fixture
def setup() -> WorkspaceSetup:
    return WorkspaceSetup(
        manifest=MANIFEST,
        partner_teams=(Team(id="T0BRIGHT", name="Brightwater Freight"),),
        people=(
            PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh", title="Ops"),
            PersonSetup(id="U0MARCO", name="marco", real_name="Marco Reyes", title="Manager"),
            PersonSetup(
                id="U0PETRA",
                name="petra",
                real_name="Petra Holm",
                title="Brightwater Freight",
                team_id="T0BRIGHT",
            ),
        ),
        channels=(
            ChannelSetup(
                id="C0BRIGHT",
                name="brightwater",
                members=("U0OLIVIA", "U0MARCO", "U0PETRA"),
                is_ext_shared=True,
                topic="Brightwater Freight, ocean",
            ),
            ChannelSetup(id="C0OPS", name="ops", members=("U0OLIVIA", "U0MARCO")),
            ChannelSetup(id="C0CREDITS", name="credits", members=("U0MARCO",), is_private=True),
        ),
        pace=PaceSetup(posts_per_second=1000, post_burst=1000),
    )


@pytest.fixture
async def workspace(setup: WorkspaceSetup, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with Workspace(setup, state_dir=tmp_path / "workspace") as workspace:
        yield workspace


@pytest.fixture
async def session(anyio_backend: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(workspace: Workspace, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=workspace.setup.bot_token,
        base_url=workspace.api_url,
        session=session,
        retry_handlers=[],
    )


@pytest.fixture
async def app(client: AsyncWebClient, workspace: Workspace) -> AsyncIterator[AsyncApp]:
    """The app, connected."""
    app = AsyncApp(client=client)
    listen(app)
    handler = AsyncSocketModeHandler(app, workspace.setup.app_token)
    await handler.connect_async()
    await workspace.until_connected()
    yield app
    await handler.close_async()


@pytest.fixture
async def open_page(browser: Browser, workspace: Workspace) -> AsyncIterator[OpenPage]:
    """Opens the page as a person; at the end, nothing may have been fetched from elsewhere."""
    contexts = []
    elsewhere: list[str] = []
    broken: list[str] = []

    def watch(address: str) -> None:
        if not address.startswith((workspace.url, "data:", "blob:")):
            elsewhere.append(address)

    async def opened(person: str, channel: str = "", *, tab: str = "") -> Page:
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800}, timezone_id="UTC", locale="en-GB"
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("request", lambda request: watch(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("dialog", lambda dialog: broken.append(f"a dialog: {dialog.message}"))
        place = f"as={person}" + (f"&channel={channel}" if channel else "")
        await page.goto(f"{workspace.url}/#{place}" + (f"&tab={tab}" if tab else ""))
        await page.get_by_test_id("person-switcher").wait_for()
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert elsewhere == []
    assert broken == []
