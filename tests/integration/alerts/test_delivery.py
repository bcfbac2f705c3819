"""What is owed is said once, whatever Slack and the network do meanwhile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.delivery import LEASE, LOOK_FOR, Deliverer
from bot.alerts.pace import Pace
from bot.clock import MovableClock
from bot.workspace import ChannelSetup, PersonSetup, Workspace, WorkspaceSetup
from storage import alerts, outbox
from storage.database import Database
from storage.vocabulary import OutboxMethod, OutboxState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANIFEST = Path(__file__).parents[3] / "manifest.json"
CHANNEL, FALLBACK = "C0HARBOUR", "C0FALLBACK"


class Office:
    """A workspace, an outbox, and one deliverer between them, on a clock that we move."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        client: AsyncWebClient,
        clock: MovableClock,
    ) -> None:
        self.database = database
        self.workspace = workspace
        self.client = client
        self.clock = clock
        pace = Pace(lambda: _seconds(clock))
        self.deliverer = Deliverer(database, client, FALLBACK, clock, "first", pace)

    def owes(self, text: str, channel: str = CHANNEL) -> int:
        """A new alert; returns its id."""
        with self.database.transaction() as session:
            alert = alerts.add(session, None, channel, self.clock())
            assert alert.id is not None
            outbox.put(
                session,
                key=f"alert:{alert.id}",
                method=OutboxMethod.POST,
                channel=channel,
                payload=_payload(text),
                urgency=2,
                now=self.clock(),
                alert_id=alert.id,
            )
            return alert.id

    def owes_more(self, alert_id: int, method: OutboxMethod, text: str) -> None:
        with self.database.transaction() as session:
            alert = alerts.get(session, alert_id)
            assert alert is not None
            outbox.put(
                session,
                key=f"alert:{alert_id}:{method}:{text}",
                method=method,
                channel=alert.channel,
                payload=_payload(text),
                urgency=2,
                now=self.clock(),
                alert_id=alert_id,
            )

    async def passes(self, seconds: float) -> None:
        """Time goes by, and the deliverer ticks as it does."""
        for _ in range(int(seconds)):
            self.clock.advance(timedelta(seconds=1))
            await self.deliverer.deliver_due()

    def said(self, channel: str = "harbour") -> list[str]:
        return [message.text for message in self.workspace.channel(channel).messages]

    def states(self) -> dict[OutboxState, int]:
        with self.database.snapshot() as session:
            return outbox.counts(session)


def _seconds(clock: MovableClock) -> float:
    return clock().timestamp()


def _payload(text: str) -> dict[str, object]:
    return {
        "text": text,
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
    }


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    setup = WorkspaceSetup(
        manifest=MANIFEST,
        people=(PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh"),),
        channels=(
            ChannelSetup(id=CHANNEL, name="harbour", members=("U0OLIVIA",)),
            ChannelSetup(id=FALLBACK, name="fallback", members=("U0OLIVIA",)),
        ),
    )
    clock = MovableClock(NOON)
    async with (
        Workspace(setup, monotonic=lambda: _seconds(clock)) as workspace,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
    ):
        client = AsyncWebClient(
            token=setup.bot_token,
            base_url=workspace.api_url,
            session=session,
            retry_handlers=[],
        )
        yield Office(database, workspace, client, clock)


async def test_an_alert_is_posted_then_edited_and_its_history_goes_into_the_thread(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    office.owes_more(alert_id, OutboxMethod.REPLY, "It arrived.")
    await office.passes(3)
    message = office.workspace.channel("harbour").last
    assert message.text == "Delivered: 1Z"
    assert message.is_edited
    assert [reply.text for reply in message.thread] == ["It arrived."]
    assert office.states() == {OutboxState.SENT: 3}


async def test_a_connection_that_drops_after_slack_accepted_leaves_one_message(
    office: Office,
) -> None:
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    await office.passes(30)
    assert office.said() == ["Late: 1Z"]
    assert office.states() == {OutboxState.SENT: 1}


async def test_a_connection_that_drops_before_slack_accepted_loses_nothing(office: Office) -> None:
    office.workspace.faults.drop_before("chat.postMessage")
    office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    assert office.said() == []
    await office.passes(LOOK_FOR + 5)
    assert office.said() == ["Late: 1Z"]


async def test_a_reply_that_slack_accepted_on_a_dropped_connection_is_not_said_again(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes_more(alert_id, OutboxMethod.REPLY, "Acknowledged")
    await office.passes(30)
    assert [reply.text for reply in office.workspace.channel("harbour").last.thread] == [
        "Acknowledged"
    ]


async def test_a_server_error_is_looked_into_before_the_message_is_said_again(
    office: Office,
) -> None:
    office.workspace.faults.fail("chat.postMessage", times=2)
    office.owes("Late: 1Z")
    await office.passes(60)
    assert office.said() == ["Late: 1Z"]


async def test_a_process_that_died_while_it_spoke_is_not_repeated_by_the_next(
    office: Office,
) -> None:
    office.owes("Late: 1Z")
    with office.database.transaction() as session:
        [(message, _)] = outbox.claim(
            session,
            NOON,
            "the one that died",
            timedelta(seconds=LEASE),
            limits={OutboxMethod.POST: 1},
        )
    await office.client.chat_postMessage(
        channel=CHANNEL,
        text="Late: 1Z",
        metadata={"event_type": "tallyman_message", "event_payload": {"key": message.key}},
    )
    await office.passes(LEASE - 1)
    assert office.states() == {OutboxState.SENDING: 1}
    await office.passes(5)
    assert office.said() == ["Late: 1Z"]
    assert office.states() == {OutboxState.SENT: 1}


async def test_a_429_delays_its_channel_only_and_loses_nothing(office: Office) -> None:
    office.workspace.faults.rate_limit("chat.postMessage", channel=CHANNEL, times=1, seconds=20)
    office.owes("Late: 1Z")
    office.owes("To the other channel", FALLBACK)
    await office.passes(3)
    assert office.said() == []
    assert office.said("fallback") == ["To the other channel"]
    await office.passes(20)
    assert office.said() == ["Late: 1Z"]


async def test_many_alerts_for_one_channel_come_in_their_order(office: Office) -> None:
    texts = [f"Late: {number}" for number in range(8)]
    for text in texts:
        office.owes(text)
    await office.passes(30)
    assert office.said() == texts


async def test_what_an_archived_channel_cannot_take_goes_to_the_fallback_with_the_way_to_mend_it(
    office: Office,
) -> None:
    office.workspace.upheavals.archive("harbour")
    alert_id = office.owes("Late: 1Z")
    await office.passes(3)
    message = office.workspace.channel("fallback").last
    assert "Late: 1Z" in message.says
    assert "archived" in message.says
    assert "another one in the book" in message.says
    office.owes_more(alert_id, OutboxMethod.REPLY, "It arrived.")
    await office.passes(3)
    assert [reply.text for reply in office.workspace.channel("fallback").last.thread] == [
        "It arrived."
    ]


async def test_blocks_that_slack_refuses_are_said_in_plain_text(office: Office) -> None:
    with office.database.transaction() as session:
        outbox.put(
            session,
            key="alert:odd",
            method=OutboxMethod.POST,
            channel=CHANNEL,
            payload={"text": "Late: 1Z", "blocks": [{"type": "hologram"}]},
            urgency=2,
            now=NOON,
        )
    await office.passes(3)
    assert office.said() == ["Late: 1Z"]
    assert office.states() == {OutboxState.SENT: 1}


async def test_an_edit_of_a_deleted_message_is_posted_anew(office: Office) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    ts = office.workspace.channel("harbour").last.ts
    await office.client.chat_delete(channel=CHANNEL, ts=ts)
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    await office.passes(5)
    assert office.said() == ["Delivered: 1Z"]


async def test_a_revoked_token_makes_everything_wait_and_says_so(office: Office) -> None:
    office.owes("Late: 1Z")
    office.workspace.upheavals.revoke_token()
    await office.passes(5)
    assert office.deliverer.trouble is not None
    assert "SLACK_BOT_TOKEN" in office.deliverer.trouble
    assert office.states() == {OutboxState.PENDING: 1}


async def test_only_the_newest_of_several_edits_is_said(office: Office) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    for day in range(5):
        office.owes_more(alert_id, OutboxMethod.EDIT, f"Late by {day} days")
    await office.passes(3)
    assert office.said() == ["Late by 4 days"]
    assert office.workspace.calls["chat.update"] == 1


async def test_an_alert_that_changed_before_it_was_said_is_said_as_it_is_now(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    office.owes_more(alert_id, OutboxMethod.EDIT, "Late: 1Z, by 2 days")
    await office.passes(2)
    assert office.said() == ["Late: 1Z, by 2 days"]
    assert office.workspace.calls["chat.update"] == 0
