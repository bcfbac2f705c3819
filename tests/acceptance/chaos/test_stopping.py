"""Asked to stop while Slack is slow, `tallyman run` ends in time, and nothing is lost by it."""

import asyncio
import signal
from pathlib import Path

import anyio

from bot.workspace import Workspace
from storage import outbox
from storage.database import Database
from tests.acceptance.test_run import (
    PATIENCE,
    home,  # noqa: F401 - a fixture
    tallyman_run,
    workspace_setup,
)

SLOWER_THAN_ANYBODY_WAITS = 60.0  # seconds
TO_EXIT = 30.0  # seconds: ten on a machine that has nothing else to do


async def test_it_ends_in_time_and_says_after_its_restart_what_slack_did_not_confirm(
    home: Path,  # noqa: F811
) -> None:
    async with Workspace(workspace_setup()) as workspace:
        kestrel = workspace.channel("kestrel")
        workspace.faults.slow("chat.postMessage", seconds=SLOWER_THAN_ANYBODY_WAITS)
        async with tallyman_run(home, workspace) as process:
            await workspace.until(lambda: kestrel.messages, within=PATIENCE)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(TO_EXIT):
                assert await process.wait() == 0
        database = Database(f"sqlite:///{home / 'tallyman.sqlite'}")
        async with tallyman_run(home, workspace):
            with anyio.fail_after(PATIENCE):
                while await database.read(outbox.count_waiting):  # noqa: ASYNC110
                    await anyio.sleep(0.2)
        database.close()
        said = [message.text for message in kestrel.messages]
        assert len(said) == len(set(said)) == workspace.calls["chat.postMessage"]
