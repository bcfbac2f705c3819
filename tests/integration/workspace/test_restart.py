"""Killed and started again on the same directory, the workspace shows the same."""

import asyncio
import shutil
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import PaceSetup, Workspace, WorkspaceSetup
from bot.workspace.journal import FILE_NAME


def client_of(workspace: Workspace, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=workspace.setup.bot_token,
        base_url=workspace.api_url,
        session=session,
        retry_handlers=[],
    )


async def a_day(workspace: Workspace, client: AsyncWebClient) -> None:
    olivia = workspace.person("olivia")
    metadata = {"event_type": "alert", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel="C0OPS", text="Late", metadata=metadata)
    await olivia.types("#ops", "on it", thread=workspace.channel("ops").last)
    await client.chat_update(channel="C0OPS", ts=posted["ts"], text="Acknowledged")
    gone = await client.chat_postMessage(channel="C0OPS", text="typo")
    await client.chat_delete(channel="C0OPS", ts=gone["ts"])
    await client.files_upload_v2(filename="a.csv", content="a", channel="C0OPS")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "One open case"}}
    await client.views_publish(user_id="U0OLIVIA", view={"type": "home", "blocks": [section]})
    await client.chat_postMessage(channel="U0MARCO", text="Just you")
    workspace.upheavals.archive("brightwater")


async def test_a_kill_loses_nothing_that_was_answered(
    setup: WorkspaceSetup, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    # The first one is never stopped in an orderly way: its journal is read as a kill leaves it.
    async with Workspace(setup, state_dir=tmp_path / "killed") as before:
        await a_day(before, client_of(before, session))
        shown = before.told()
        last = before.office.state.last_ts()
        left = shutil.copytree(tmp_path / "killed", tmp_path / "left")
        async with Workspace(setup, state_dir=left) as after:
            client = client_of(after, session)
            assert after.told() == shown
            home = after.person("olivia").home
            assert home is not None
            assert home.says == "One open case"
            root = after.channel("ops").messages[0]
            assert root.is_edited
            assert root.metadata == {"event_type": "alert", "event_payload": {"key": "k1"}}
            with pytest.raises(SlackApiError, match="is_archived"):
                await client.chat_postMessage(channel="C0BRIGHT", text="Late")
            posted = await client.chat_postMessage(channel="C0OPS", text="next")
            assert last is not None
            assert float(posted["ts"]) > float(last)


async def test_a_line_cut_short_is_forgotten(
    setup: WorkspaceSetup, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async with Workspace(setup, state_dir=tmp_path) as workspace:
        client = client_of(workspace, session)
        await client.chat_postMessage(channel="C0OPS", text="one")
        await client.chat_postMessage(channel="C0OPS", text="two")
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:-5])
    async with Workspace(setup, state_dir=tmp_path) as workspace:
        assert [each.text for each in workspace.channel("ops").messages] == ["one"]
        await client_of(workspace, session).chat_postMessage(channel="C0OPS", text="two again")
    async with Workspace(setup, state_dir=tmp_path) as workspace:
        texts = [each.text for each in workspace.channel("ops").messages]
        assert texts == ["one", "two again"]


async def test_a_port_in_use_is_an_oserror_and_touches_no_journal(
    setup: WorkspaceSetup, workspace: Workspace, tmp_path: Path
) -> None:
    port = int(workspace.url.rpartition(":")[2])
    second = Workspace(setup, state_dir=tmp_path)
    with pytest.raises(OSError, match="address already in use"):
        await second.start(port)
    assert not (tmp_path / FILE_NAME).exists()
    await second.stop()


async def test_a_clock_that_went_back_still_gives_later_ts(
    setup: WorkspaceSetup, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    stamps = []
    for _ in range(2):
        async with Workspace(setup, state_dir=tmp_path) as workspace:
            standing = workspace.office.clock().replace(year=2014)
            workspace.office.clock = lambda standing=standing: standing  # type: ignore[misc]
            posted = await client_of(workspace, session).chat_postMessage(
                channel="C0OPS", text="then"
            )
            stamps.append(float(posted["ts"]))
    assert stamps[0] < stamps[1]


POSTS_UNTIL_KILLED = """
import asyncio, sys
import asyncio
import sys
from pathlib import Path
import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from bot.workspace import PaceSetup, Workspace, WorkspaceSetup

async def main():
    setup = WorkspaceSetup.model_validate_json(sys.argv[1])
    async with Workspace(setup, state_dir=Path(sys.argv[2])) as workspace:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(
                token=setup.bot_token, base_url=workspace.api_url, session=session
            )
            for number in range(100_000):
                posted = await client.chat_postMessage(channel="C0OPS", text=str(number))
                print(posted["ts"], flush=True)

asyncio.run(main())
"""


async def test_kill_minus_nine_while_posting(setup: WorkspaceSetup, tmp_path: Path) -> None:
    fast = PaceSetup(posts_per_second=1e6, post_burst=10**6, workspace_posts_per_minute=10**6)
    unhurried = setup.model_copy(update={"pace": fast})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        POSTS_UNTIL_KILLED,
        unhurried.model_dump_json(),
        str(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    answered = [(await process.stdout.readline()).decode().strip() for _ in range(50)]
    process.kill()
    answered += (await process.stdout.read()).decode().split("\n")
    await process.wait()
    async with Workspace(setup, state_dir=tmp_path) as workspace:
        kept = [message.ts for message in workspace.channel("ops").messages]
    complete = [ts for ts in answered if ts in set(kept)]
    assert len(complete) >= 50
    assert kept[: len(complete)] == complete
    assert len(kept) <= len(complete) + 1, "at most the one post that wasn't answered yet"
