"""`tallyman run` as a process of its own, as it would run against Slack."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.workspace import ChannelSetup, PersonSetup, Workspace, WorkspaceSetup
from tests.acceptance.processes import MANIFEST, TALLYMAN, free_port

PATIENCE = 60.0  # seconds; what is waited for takes a few on a quiet machine

BOOK = """\
ops_channel: C0OPS
fallback_channel: C0OPS
partners:
  - key: kestrel
    name: Kestrel Parcel
    kind: carrier
    time_zone: Europe/Berlin
    channel: C0KESTREL
    account_manager: U0ANNA
sources:
  - key: orders
    kind: folder
    path: orders
    poll_every_minutes: 1
"""


def workspace_setup(request_url: str | None = None) -> WorkspaceSetup:
    return WorkspaceSetup(
        manifest=MANIFEST,
        people=(
            PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh"),
            PersonSetup(id="U0ANNA", name="anna", real_name="Anna Brandt"),
        ),
        channels=(
            ChannelSetup(id="C0KESTREL", name="kestrel", members=("U0OLIVIA", "U0ANNA")),
            ChannelSetup(id="C0OPS", name="ops", members=("U0OLIVIA",)),
        ),
        request_url=request_url,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a book, and a shipment that should have arrived three days ago."""
    (tmp_path / "tallyman.yaml").write_text(BOOK)
    orders = tmp_path / "orders"
    orders.mkdir()
    promised = (datetime.now(UTC) - timedelta(days=3)).date()
    (orders / "shipments.csv").write_text(
        "tracking_number,partner,order_reference,announced_at,promised_at,status\n"
        f"KP-1001,kestrel,SO-77,{promised - timedelta(days=4)},{promised},in_transit\n"
    )
    return tmp_path


@asynccontextmanager
async def tallyman_run(
    home: Path, workspace: Workspace, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    setup = workspace.setup
    environment: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": setup.bot_token,
        **({} if setup.request_url else {"SLACK_APP_TOKEN": setup.app_token}),
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        TALLYMAN, "run", cwd=home, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_over_socket_mode_it_alerts_hears_a_click_and_drains_when_asked_to_stop(
    home: Path,
) -> None:
    async with (
        Workspace(workspace_setup()) as workspace,
        tallyman_run(home, workspace) as process,
    ):
        kestrel = workspace.channel("kestrel")
        await workspace.until(lambda: kestrel.messages, within=PATIENCE)
        alert = kestrel.last
        assert "KP-1001" in alert.says
        await workspace.until_connected()
        await workspace.person("olivia").clicks(alert, "Acknowledge")
        await workspace.until(lambda: kestrel.last.is_edited, within=PATIENCE)
        assert "Acknowledge" not in kestrel.last.buttons

        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0


async def test_over_http_it_answers_a_command_that_slack_has_signed(home: Path) -> None:
    port = free_port()
    setup = workspace_setup(request_url=f"http://127.0.0.1:{port}/slack/events")
    async with (
        Workspace(setup) as workspace,
        tallyman_run(
            home,
            workspace,
            SLACK_SIGNING_SECRET=setup.signing_secret,
            TALLYMAN_PORT=str(port),
        ),
    ):
        kestrel = workspace.channel("kestrel")
        await workspace.until(lambda: kestrel.messages, within=PATIENCE)
        olivia = workspace.person("olivia")
        await olivia.types("#ops", "/shipment KP-1001")
        await workspace.until(lambda: olivia.whispers, within=PATIENCE)
        assert "SO-77" in olivia.whispers[-1].says


async def test_killed_and_started_again_it_does_not_repeat_itself(home: Path) -> None:
    async with Workspace(workspace_setup()) as workspace:
        kestrel = workspace.channel("kestrel")
        async with tallyman_run(home, workspace) as process:
            await workspace.until(lambda: kestrel.messages, within=PATIENCE)
            process.kill()
            await process.wait()
        async with tallyman_run(home, workspace):
            await workspace.until_connected()
            olivia = workspace.person("olivia")
            await olivia.types("#ops", "/exceptions")
            await workspace.until(lambda: olivia.whispers, within=PATIENCE)
            assert len(kestrel.messages) == 1


async def test_a_second_one_on_the_same_database_is_refused_in_one_line(home: Path) -> None:
    async with (
        Workspace(workspace_setup()) as workspace,
        tallyman_run(home, workspace),
    ):
        await workspace.until_connected()
        second = await asyncio.create_subprocess_exec(
            TALLYMAN,
            "run",
            cwd=home,
            env={
                **os.environ,
                "SLACK_API_URL": workspace.api_url,
                "SLACK_BOT_TOKEN": workspace.setup.bot_token,
                "SLACK_APP_TOKEN": workspace.setup.app_token,
            },
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await second.communicate()
        assert second.returncode == 1
        assert b"Another Tallyman works on" in said
        assert b"Traceback" not in said
