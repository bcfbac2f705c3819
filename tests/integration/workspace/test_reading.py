"""Channels, people and history as the app reads them."""

from itertools import pairwise

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace


async def test_history_comes_newest_first_in_pages_and_without_replies(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    olivia = workspace.person("olivia")
    for number in range(7):
        said = await olivia.types("#ops", f"number {number}")
    await olivia.types("#ops", "a reply", thread=said)
    texts: list[str] = []
    cursor: str | None = None
    while cursor != "":
        page = await client.conversations_history(channel="C0OPS", limit=3, cursor=cursor)
        assert len(page["messages"]) <= 3
        texts += [message["text"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"] if page["has_more"] else ""
    assert texts == [f"number {number}" for number in reversed(range(7))]
    newest = (await client.conversations_history(channel="C0OPS", limit=1))["messages"][0]
    assert newest["reply_count"] == 1
    assert newest["thread_ts"] == newest["ts"]


async def test_bounds_leave_their_own_message_out_unless_inclusive(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    stamps = []
    for number in range(4):
        said = await workspace.person("olivia").types("#ops", str(number))
        assert said is not None
        stamps.append(said.ts)

    async def between(oldest: str, latest: str, *, inclusive: bool) -> list[str]:
        page = await client.conversations_history(
            channel="C0OPS", oldest=oldest, latest=latest, inclusive=inclusive
        )
        return [message["text"] for message in page["messages"]]

    assert await between(stamps[0], stamps[3], inclusive=False) == ["2", "1"]
    assert await between(stamps[0], stamps[3], inclusive=True) == ["3", "2", "1", "0"]


async def test_metadata_comes_back_whole_only_when_asked_for(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "tallyman_alert", "event_payload": {"key": "case-7/1"}}
    root = await client.chat_postMessage(channel="C0OPS", text="Late", metadata=metadata)
    await client.chat_postMessage(
        channel="C0OPS", text="Worse", thread_ts=root["ts"], metadata=metadata
    )
    short = await client.conversations_history(channel="C0OPS")
    assert short["messages"][0]["metadata"] == {"event_type": "tallyman_alert"}
    whole = await client.conversations_replies(
        channel="C0OPS", ts=root["ts"], include_all_metadata=True
    )
    assert [message["metadata"] for message in whole["messages"]] == [metadata, metadata]


async def test_a_broadcast_reply_stands_in_thread_and_channel(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="Late")
    await client.chat_postMessage(
        channel="C0OPS", text="Resolved", thread_ts=root["ts"], reply_broadcast=True
    )
    history = await client.conversations_history(channel="C0OPS")
    assert [message["text"] for message in history["messages"]] == ["Resolved", "Late"]
    assert history["messages"][0]["subtype"] == "thread_broadcast"
    thread = workspace.channel("ops").messages[0].thread
    assert [reply.text for reply in thread] == ["Resolved"]


async def test_a_deleted_root_leaves_a_tombstone_for_its_replies(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="Late")
    reply = await client.chat_postMessage(channel="C0OPS", text="reply", thread_ts=root["ts"])
    await client.chat_delete(channel="C0OPS", ts=root["ts"])
    left = (await client.conversations_history(channel="C0OPS"))["messages"]
    assert [message["subtype"] for message in left] == ["tombstone"]
    await client.chat_delete(channel="C0OPS", ts=reply["ts"])
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.conversations_replies(channel="C0OPS", ts="1.000000")


async def test_ts_are_unique_and_rise_even_when_the_clock_stands_still(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    standing = workspace.office.clock()
    workspace.office.clock = lambda: standing
    stamps = []
    for channel in ("C0OPS", "C0BRIGHT", "C0OPS"):
        stamps.append((await client.chat_postMessage(channel=channel, text="now"))["ts"])
    assert all(float(earlier) < float(later) for earlier, later in pairwise(stamps))
    assert all(len(ts.partition(".")[2]) == 6 for ts in stamps)


async def test_history_needs_membership_and_the_right_kind_of_channel(
    client: AsyncWebClient,
) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.conversations_history(channel="C0LOBBY")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.conversations_history(channel="G0SECRET")
    assert (await client.conversations_history(channel="C0CREDITS"))["messages"] == []


async def test_the_app_lists_what_it_may_know_of(client: AsyncWebClient) -> None:
    names: list[str] = []
    pages = await client.conversations_list(types="public_channel,private_channel", limit=2)
    async for page in pages:
        names += [channel["name"] for channel in page["channels"]]
    assert sorted(names) == ["brightwater", "credits", "lobby", "old", "ops"]
    own = await client.users_conversations(types="public_channel", exclude_archived=True)
    assert {channel["name"] for channel in own["channels"]} == {"brightwater", "ops"}
    info = (await client.conversations_info(channel="C0BRIGHT"))["channel"]
    assert (info["is_ext_shared"], info["is_member"]) == (True, True)
    members = (await client.conversations_members(channel="C0OPS"))["members"]
    assert members == ["U0OLIVIA", "U0MARCO", "U0TALLYMAN"]


async def test_people_from_outside_carry_their_own_team(client: AsyncWebClient) -> None:
    petra = (await client.users_info(user="U0PETRA"))["user"]
    assert (petra["team_id"], petra["is_stranger"]) == ("T0BRIGHT", False)
    everyone = (await client.users_list())["members"]
    assert {person["name"] for person in everyone} == {"olivia", "marco", "petra", "tallyman"}
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U0NOBODY")


async def test_a_file_goes_up_in_three_steps_and_into_the_thread(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="Scorecard")
    await client.files_upload_v2(
        filename="misses.csv",
        content="number,late\n1Z,3\n",
        channel="C0OPS",
        thread_ts=root["ts"],
        initial_comment="The misses",
    )
    reply = workspace.channel("ops").last.thread[0]
    assert (reply.text, [file.name for file in reply.files]) == ("The misses", ["misses.csv"])
    assert client.session is not None
    file_id = next(iter(workspace.office.state.files))
    async with client.session.get(f"{workspace.url}/page/files/{file_id}") as response:
        assert await response.text() == "number,late\n1Z,3\n"


async def test_a_direct_message_opens_by_itself_and_permalinks_lead_back(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="U0MARCO", text="Just you")
    opened = await client.conversations_open(users="U0MARCO")
    assert opened["channel"]["id"] == posted["channel"]
    assert workspace.person("marco").app_messages[0].text == "Just you"
    link = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])
    assert link["permalink"].endswith(f"{posted['channel']}/p{posted['ts'].replace('.', '')}")
