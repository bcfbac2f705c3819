"""A small harbour: two partners' channels, their people, and a real Bolt app that listens."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import ChannelSetup, PersonSetup, Team, Workspace, WorkspaceSetup

MANIFEST = Path(__file__).parents[3] / "manifest.json"


@pytest.fixture
def ack_seconds() -> float:
    """How long the app has to acknowledge; a test of what comes after makes it short."""
    return 10.0


@pytest.fixture
def redelivery_seconds() -> tuple[float, ...]:
    return (0.0, 0.05, 0.05)


@pytest.fixture
def setup(ack_seconds: float, redelivery_seconds: tuple[float, ...]) -> WorkspaceSetup:
    return WorkspaceSetup(
        manifest=MANIFEST,
        partner_teams=(Team(id="T0BRIGHT", name="Brightwater Freight"),),
        people=(
            PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh", title="Ops"),
            PersonSetup(id="U0MARCO", name="marco", real_name="Marco Reyes", title="Manager"),
            PersonSetup(id="U0PETRA", name="petra", real_name="Petra Holm", team_id="T0BRIGHT"),
        ),
        channels=(
            ChannelSetup(
                id="C0BRIGHT",
                name="brightwater",
                members=("U0OLIVIA", "U0MARCO", "U0PETRA"),
                is_ext_shared=True,
            ),
            ChannelSetup(id="C0OPS", name="ops", members=("U0OLIVIA", "U0MARCO")),
            ChannelSetup(id="C0CREDITS", name="credits", members=("U0MARCO",), is_private=True),
            ChannelSetup(id="C0LOBBY", name="lobby", members=("U0OLIVIA",), with_app=False),
            ChannelSetup(
                id="G0SECRET", name="secret", members=("U0MARCO",), with_app=False, is_private=True
            ),
            ChannelSetup(id="C0OLD", name="old", members=("U0OLIVIA",), is_archived=True),
        ),
        ack_seconds=ack_seconds,
        redelivery_seconds=redelivery_seconds,
    )


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def advance(clock: Clock) -> Callable[[float], None]:
    """Let so many seconds pass for rate limits and triggers."""
    return clock.advance


@pytest.fixture
async def workspace(setup: WorkspaceSetup, clock: Clock) -> AsyncIterator[Workspace]:
    async with Workspace(setup, monotonic=clock) as workspace:
        yield workspace


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(workspace: Workspace, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Slack's own client, that repeats nothing by itself."""
    return AsyncWebClient(
        token=workspace.setup.bot_token,
        base_url=workspace.api_url,
        session=session,
        retry_handlers=[],
    )


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client)


@pytest.fixture
async def listening(app: AsyncApp, workspace: Workspace) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, workspace.setup.app_token)
    await handler.connect_async()
    await workspace.until_connected()
    yield handler
    await handler.close_async()
