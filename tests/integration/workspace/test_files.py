"""Files go up in three steps, as to Slack: an address, the bytes, and where it is shared."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace, WorkspaceSetup

MISSES = "number,days late\nKP-1,3\nKP-2,1\n"


async def goes_up(client: AsyncWebClient, name: str = "misses.csv", content: str = MISSES) -> str:
    """The first two steps; gives the file's id."""
    wanted = await client.files_getUploadURLExternal(filename=name, length=len(content.encode()))
    assert client.session is not None
    async with client.session.post(wanted["upload_url"], data=content.encode()) as taken:
        assert taken.status == 200
    file_id = wanted["file_id"]
    assert isinstance(file_id, str)
    return file_id


async def test_a_list_hangs_in_the_thread_and_can_be_read(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="40 shipments are late")
    file_id = await goes_up(client)
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "All 40"}],
        channel_id="C0OPS",
        thread_ts=root["ts"],
        initial_comment="All of them",
    )

    reply = workspace.channel("ops").last.thread[0]
    assert reply.text == "All of them"
    (file,) = reply.files
    assert (file.name, file.title, file.content) == ("misses.csv", "All 40", MISSES)
    replies = await client.conversations_replies(channel="C0OPS", ts=root["ts"])
    (told,) = replies["messages"][1]["files"]
    assert (told["id"], told["name"], told["mimetype"]) == (file_id, "misses.csv", "text/csv")
    assert told["size"] == len(MISSES)


async def test_a_file_may_stand_in_the_channel_itself_with_blocks(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    file_id = await goes_up(client)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*The misses*"}}
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": None}], channel_id="C0OPS", blocks=json.dumps([section])
    )
    message = workspace.channel("ops").last
    assert message.says == "*The misses*"
    assert [file.title for file in message.files] == ["misses.csv"]


async def test_an_upload_is_completed_only_once(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    file_id = await goes_up(client)
    share = {"files": [{"id": file_id, "title": "Misses"}], "channel_id": "C0OPS"}
    answer = await client.api_call("files.completeUploadExternal", json=share)
    assert (answer["files"][0]["shares"], answer["files"][0]["channels"]) == ({}, [])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.api_call("files.completeUploadExternal", json=share)
    assert len(workspace.channel("ops").messages) == 1


async def test_what_never_went_up_cannot_be_shared(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    wanted = await client.files_getUploadURLExternal(filename="misses.csv", length=10)
    assert client.session is not None
    async with client.session.post(wanted["upload_url"], data=b"too short") as taken:
        assert taken.status == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(
            files=[{"id": wanted["file_id"], "title": None}], channel_id="C0OPS"
        )
    with pytest.raises(SlackApiError, match="missing_argument"):
        await client.files_getUploadURLExternal(filename="empty.csv", length=0)
    assert workspace.channel("ops").messages == []


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("U0MARCO", "invalid_arguments"),
        ("C0NOWHERE", "channel_not_found"),
        ("G0SECRET", "channel_not_found"),
        ("C0LOBBY", "not_in_channel"),
        ("C0OLD", "is_archived"),
    ],
)
async def test_a_file_goes_only_where_the_app_may_post(
    client: AsyncWebClient, channel: str, code: str
) -> None:
    file_id = await goes_up(client)
    files: list[dict[str, str | None]] = [{"id": file_id, "title": None}]
    with pytest.raises(SlackApiError, match=code):
        await client.files_completeUploadExternal(files=files, channel_id=channel)
    await client.files_completeUploadExternal(files=files, channel_id="C0OPS")


async def test_a_person_gets_a_file_in_their_direct_messages(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    opened = await client.conversations_open(users="U0MARCO")
    await client.files_completeUploadExternal(
        files=[{"id": await goes_up(client), "title": None}], channel_id=opened["channel"]["id"]
    )
    assert workspace.person("marco").app_messages[0].files[0].content == MISSES


async def test_a_thread_that_is_gone_takes_no_file(client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="Late")
    reply = await client.chat_postMessage(channel="C0OPS", text="Who?", thread_ts=root["ts"])
    for thread_ts, code in (("1.000000", "message_not_found"), (reply["ts"], "cannot_reply")):
        with pytest.raises(SlackApiError, match=code):
            await client.files_completeUploadExternal(
                files=[{"id": await goes_up(client), "title": None}],
                channel_id="C0OPS",
                thread_ts=thread_ts,
            )


async def test_in_a_channel_shared_with_a_partner_history_gives_a_files_id_alone(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    file_id = await goes_up(client)
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "Misses"}], channel_id="C0BRIGHT"
    )
    history = await client.conversations_history(channel="C0BRIGHT")
    (told,) = history["messages"][0]["files"]
    assert (told["id"], told["file_access"]) == (file_id, "check_file_info")
    assert "name" not in told
    assert workspace.channel("brightwater").last.files[0].name == "misses.csv"


async def test_every_step_can_go_wrong(workspace: Workspace, client: AsyncWebClient) -> None:
    faults = workspace.faults
    share: dict[str, object] = {"channel_id": "C0OPS"}
    faults.drop_before("files.getUploadURLExternal")
    with pytest.raises(aiohttp.ClientError):
        await goes_up(client)
    faults.drop_after("upload")
    with pytest.raises(aiohttp.ClientError):
        await goes_up(client)
    faults.fail("upload")
    with pytest.raises(AssertionError):
        await goes_up(client)

    file_id = await goes_up(client)
    share["files"] = [{"id": file_id, "title": None}]
    faults.drop_before("files.completeUploadExternal", channel="C0OPS")
    with pytest.raises(aiohttp.ClientError):
        await client.api_call("files.completeUploadExternal", json=share)
    assert workspace.channel("ops").messages == []
    faults.drop_after("files.completeUploadExternal", channel="C0OPS")
    with pytest.raises(aiohttp.ClientError):
        await client.api_call("files.completeUploadExternal", json=share)
    assert len(workspace.channel("ops").messages) == 1
    assert workspace.calls["upload"] == 3


async def test_a_file_message_too_lags_behind_in_history(
    workspace: Workspace, client: AsyncWebClient, advance: Callable[[float], None]
) -> None:
    workspace.faults.lag_history(seconds=5)
    await client.files_completeUploadExternal(
        files=[{"id": await goes_up(client), "title": None}], channel_id="C0OPS"
    )
    assert (await client.conversations_history(channel="C0OPS"))["messages"] == []
    advance(6)
    assert len((await client.conversations_history(channel="C0OPS"))["messages"]) == 1


async def test_a_kill_between_the_steps_loses_nothing(
    setup: WorkspaceSetup, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    def client_of(workspace: Workspace) -> AsyncWebClient:
        return AsyncWebClient(
            token=setup.bot_token, base_url=workspace.api_url, session=session, retry_handlers=[]
        )

    async with Workspace(setup, state_dir=tmp_path / "killed") as workspace:
        file_id = await goes_up(client_of(workspace))
        # Never stopped in an orderly way: the journal is read as a kill leaves it.
        left = shutil.copytree(tmp_path / "killed", tmp_path / "left")
        async with Workspace(setup, state_dir=left) as after:
            await client_of(after).files_completeUploadExternal(
                files=[{"id": file_id, "title": None}], channel_id="C0OPS"
            )
            left_again = shutil.copytree(left, tmp_path / "left again")
            async with Workspace(setup, state_dir=left_again) as later:
                assert later.channel("ops").last.files[0].content == MISSES


async def test_the_page_gives_a_file_to_those_in_its_channel_alone(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    file_id = await goes_up(client)
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": None}], channel_id="C0OPS"
    )
    address = f"{workspace.url}/page/files/{file_id}"
    session = client.session
    assert session is not None
    async with session.get(f"{address}?as=marco") as response:
        assert await response.text() == MISSES
        assert response.headers["Content-Disposition"].startswith("attachment")
    async with session.get(f"{address}/rows?as=marco") as response:
        expected = {"rows": [["number", "days late"], ["KP-1", "3"], ["KP-2", "1"]], "total": 3}
        assert await response.json() == expected
    for path in ("?as=petra", "/rows?as=petra", "?as=nobody"):
        async with session.get(address + path) as response:
            assert response.status == 404


async def test_a_shared_channels_new_id_keeps_its_files(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    file_id = await goes_up(client)
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": None}], channel_id="C0CREDITS"
    )
    workspace.upheavals.share("credits")
    assert client.session is not None
    address = f"{workspace.url}/page/files/{file_id}?as=marco"
    async with client.session.get(address) as response:
        assert response.status == 200
