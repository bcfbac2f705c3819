"""What is owed is said once, whatever Slack and the network do meanwhile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.delivery import Deliverer
from bot.alerts.pace import Pace
from bot.alerts.patience import Patience
from bot.clock import MovableClock
from bot.workspace import ChannelSetup, PersonSetup, Workspace, WorkspaceSetup
from storage import alerts, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANIFEST = Path(__file__).parents[3] / "manifest.json"
CHANNEL, FALLBACK = "C0HARBOUR", "C0FALLBACK"
LEASE, LOOK_FOR = Patience().lease, Patience().look_for


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
        self.deliverer = self._deliverer("first", Patience())

    def another_deliverer(self, patience: Patience | None = None) -> Deliverer:
        """As in another process on the same database."""
        return self._deliverer("other", patience or Patience())

    def _deliverer(self, owner: str, patience: Patience) -> Deliverer:
        pace = Pace(lambda: _seconds(self.clock))
        return Deliverer(self.database, self.client, FALLBACK, self.clock, owner, pace, patience)

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

    async def deletes(self, channel: str) -> None:
        """Somebody deletes the last message of a channel."""
        last = self.workspace.channel(channel).last
        await self.client.chat_delete(channel=last.channel, ts=last.ts)

    def unsent(self) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            return outbox.list_unsent(session)

    def dead(self) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            return outbox.list_dead(session)

    async def retries(self, dead: OutboxMessage) -> None:
        assert dead.id is not None
        assert await self.database.run(outbox.retry, dead.id, self.clock())

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
    assert office.states()[OutboxState.SENT] == 1
    await office.passes(60)
    assert office.said() == ["Late: 1Z"]
    assert set(office.states()) == {OutboxState.SENT}


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


async def test_each_time_slack_may_have_taken_it_the_history_is_given_time_to_show_it(
    office: Office,
) -> None:
    office.workspace.faults.fail("chat.postMessage")
    office.owes("Late: 1Z")
    await office.passes(8)
    office.workspace.faults.drop_after("chat.postMessage")
    office.workspace.faults.lag_history(seconds=LOOK_FOR - 3, times=1)
    await office.passes(30)
    assert office.said() == ["Late: 1Z"]
    assert office.states()[OutboxState.SENT] == 1
    assert office.workspace.calls["chat.postMessage"] == 2


async def test_a_look_that_fails_is_no_new_doubt(office: Office) -> None:
    office.workspace.faults.drop_before("chat.postMessage")
    office.workspace.faults.fail("conversations.history", times=4)
    office.owes("Late: 1Z")
    await office.passes(LOOK_FOR + 5)
    assert office.said() == ["Late: 1Z"]


async def test_a_429_to_a_look_is_waited_for(office: Office) -> None:
    office.workspace.faults.drop_after("chat.postMessage")
    office.workspace.faults.rate_limit("conversations.history", seconds=30)
    office.owes("Late: 1Z")
    await office.passes(25)
    assert office.states() == {OutboxState.PENDING: 1}
    await office.passes(15)
    assert office.said() == ["Late: 1Z"]
    assert office.states() == {OutboxState.SENT: 1}


async def test_in_a_busy_channel_it_is_found_below_what_people_wrote_since(
    office: Office,
) -> None:
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    olivia = office.workspace.person("olivia")
    for number in range(450):
        await olivia.types("#harbour", f"Crane {number} is free")
    await office.passes(10)
    assert office.states() == {OutboxState.SENT: 1}
    assert len(office.workspace.channel("harbour").saying("Late: 1Z")) == 1


async def test_what_too_much_was_written_on_top_of_is_shown_to_a_person_and_never_guessed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alerts.searching.PAGE", 5)
    office.workspace.faults.drop_before("chat.postMessage")
    office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    olivia = office.workspace.person("olivia")
    for number in range(51):
        await olivia.types("#harbour", f"Crane {number} is free")
    await office.passes(30)
    [dead] = office.dead()
    assert "Slack may have it" in (dead.last_error or "")
    assert "more than 50 messages" in (dead.last_error or "")
    assert office.workspace.channel("harbour").saying("Late: 1Z") == []
    await office.retries(dead)
    await office.passes(3)
    assert len(office.workspace.channel("harbour").saying("Late: 1Z")) == 1


async def test_what_cannot_be_looked_for_is_shown_to_a_person(office: Office) -> None:
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.workspace.upheavals.remove_bot("harbour")
    await office.passes(30)
    [dead] = office.dead()
    assert dead.last_error == "Slack may have it: its channel can't be read (not_in_channel)"
    assert office.said("fallback") == []


async def test_a_reply_of_which_slack_kept_silent_waits_while_its_thread_is_not_shown_yet(
    office: Office,
) -> None:
    office.workspace.faults.lag_history(seconds=8, times=2)
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes_more(alert_id, OutboxMethod.REPLY, "Acknowledged")
    await office.passes(30)
    assert [reply.text for reply in office.workspace.channel("harbour").last.thread] == [
        "Acknowledged"
    ]
    assert office.states() == {OutboxState.SENT: 2}


async def test_a_reply_to_a_deleted_message_goes_under_a_new_one_that_says_the_same(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    await office.deletes("harbour")
    office.owes_more(alert_id, OutboxMethod.REPLY, "Acknowledged")
    office.owes_more(alert_id, OutboxMethod.REPLY, "Escalated")
    await office.passes(10)
    assert office.said() == ["Late: 1Z"]
    assert [reply.text for reply in office.workspace.channel("harbour").last.thread] == [
        "Acknowledged",
        "Escalated",
    ]
    assert office.states() == {OutboxState.SENT: 4}


async def test_an_edit_and_a_reply_to_a_deleted_message_make_one_new_one(office: Office) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    await office.deletes("harbour")
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    office.owes_more(alert_id, OutboxMethod.REPLY, "It arrived.")
    await office.passes(10)
    assert office.said() == ["Delivered: 1Z"]
    assert [reply.text for reply in office.workspace.channel("harbour").last.thread] == [
        "It arrived."
    ]


async def test_a_new_message_for_a_deleted_one_is_looked_for_too_before_it_is_repeated(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    await office.deletes("harbour")
    office.workspace.faults.drop_after("chat.update")
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    await office.passes(30)
    assert office.said() == ["Delivered: 1Z"]


@pytest.mark.parametrize("method", [OutboxMethod.EDIT, OutboxMethod.REPLY])
async def test_what_changes_after_its_channel_was_archived_is_told_in_the_fallback(
    office: Office, method: OutboxMethod
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.workspace.upheavals.archive("harbour")
    office.owes_more(alert_id, method, "News of 1Z")
    await office.passes(10)
    message = office.workspace.channel("fallback").last
    assert "archived" in message.says
    assert "1Z" in message.says
    replies = [reply.text for reply in message.thread]
    assert replies == (["News of 1Z"] if method is OutboxMethod.REPLY else [])
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    await office.passes(5)
    assert message.text == "Delivered: 1Z"
    assert office.dead() == []


async def test_what_the_fallback_cannot_take_either_is_a_dead_letter_that_can_be_sent_again(
    office: Office,
) -> None:
    office.workspace.upheavals.archive("harbour")
    office.workspace.upheavals.archive("fallback")
    alert_id = office.owes("Late: 1Z")
    await office.passes(5)
    [dead] = office.dead()
    assert dead.last_error == "is_archived"
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    office.workspace.upheavals.unarchive("fallback")
    await office.retries(dead)
    await office.passes(5)
    assert office.said("fallback") == ["Delivered: 1Z"]
    assert office.states() == {OutboxState.SENT: 2}


async def test_of_an_alert_that_was_dropped_only_what_happens_later_is_said(
    office: Office,
) -> None:
    office.workspace.upheavals.archive("fallback")
    alert_id = office.owes("Late: 1Z", FALLBACK)
    await office.passes(2)
    office.owes_more(alert_id, OutboxMethod.REPLY, "Acknowledged")
    [dead] = office.dead()
    assert dead.id is not None
    with office.database.transaction() as session:
        assert outbox.drop(session, dead.id, "dropped by hand") == 2
        assert outbox.drop(session, dead.id, "dropped by hand") == 0
    office.workspace.upheavals.unarchive("fallback")
    await office.passes(5)
    assert office.said("fallback") == []
    assert office.states() == {OutboxState.DROPPED: 2}
    office.owes_more(alert_id, OutboxMethod.EDIT, "Lost: 1Z")
    office.owes_more(alert_id, OutboxMethod.REPLY, "It got worse.")
    await office.passes(5)
    [message] = office.workspace.channel("fallback").messages
    assert message.text == "Lost: 1Z"
    assert [reply.text for reply in message.thread] == ["It got worse."]


async def test_words_that_slack_refuses_in_every_form_end_as_a_dead_letter(
    office: Office,
) -> None:
    office.workspace.faults.refuse("chat.postMessage", "msg_too_long", times=None)
    with office.database.transaction() as session:
        outbox.put(
            session,
            key="alert:long",
            method=OutboxMethod.POST,
            channel=CHANNEL,
            payload=_payload("Late " * 1000),
            urgency=2,
            now=NOON,
        )
    await office.passes(20)
    [dead] = office.dead()
    assert dead.last_error == "msg_too_long"
    assert office.workspace.calls["chat.postMessage"] == 3  # as it was, without blocks, cut short
    assert len(dead.payload["text"]) == 4000


async def test_when_the_token_is_good_again_all_that_waited_is_said(office: Office) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    for method in ("chat.postMessage", "chat.update"):
        office.workspace.faults.refuse(method, "token_revoked", times=None)
    office.owes("Late: 2Z")
    office.owes("Late: 3Z", FALLBACK)
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    office.owes_more(alert_id, OutboxMethod.REPLY, "It arrived.")
    await office.passes(70)
    assert "SLACK_BOT_TOKEN" in (office.deliverer.trouble or "")
    calls_meanwhile = office.workspace.calls["chat.postMessage"]
    assert calls_meanwhile < 10  # a try now and then
    office.workspace.faults.clear()
    await office.passes(40)
    assert office.said() == ["Delivered: 1Z", "Late: 2Z"]
    assert office.said("fallback") == ["Late: 3Z"]
    assert office.deliverer.trouble is None
    assert office.states() == {OutboxState.SENT: 5}


async def test_a_slow_answer_holds_up_no_other_channel(office: Office) -> None:
    office.workspace.faults.slow("chat.postMessage", seconds=3, channel=CHANNEL)
    office.owes("Late: 1Z")
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z"])
        office.owes("Late: 2Z", FALLBACK)
        await office.workspace.until(lambda: office.said("fallback") == ["Late: 2Z"])
        assert OutboxState.SENDING in office.states()
        assert office.workspace.calls["chat.postMessage"] == 2
    assert office.states() == {OutboxState.SENT: 2}


async def test_asked_to_stop_it_brings_what_it_says_to_its_end_and_begins_nothing_new(
    office: Office,
) -> None:
    office.workspace.faults.slow("chat.postMessage", seconds=0.5)
    office.owes("Late: 1Z")
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z"])
        office.deliverer.begin_nothing_new()
        office.owes("Late: 2Z", FALLBACK)
    assert office.states() == {OutboxState.SENT: 1, OutboxState.PENDING: 1}


async def test_a_process_that_froze_while_it_edited_does_not_hide_what_was_said_since(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.owes_more(alert_id, OutboxMethod.EDIT, "Late: 1Z, acknowledged")
    office.workspace.faults.slow("chat.update", seconds=0.5, times=1)
    other = office.another_deliverer()
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z, acknowledged"])
        office.clock.advance(timedelta(seconds=LEASE))
        office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
        await other.deliver_due()
        office.clock.advance(timedelta(seconds=2))
        await other.deliver_due()
    assert office.said() == ["Delivered: 1Z"]
    # The first, the same by the other, the newer, and the newer once more to be certain.
    assert office.workspace.calls["chat.update"] == 4


async def test_what_a_process_that_froze_said_too_late_is_taken_back(
    office: Office,
) -> None:
    office.workspace.faults.lag_history(seconds=100, times=1)
    office.workspace.faults.slow("chat.postMessage", seconds=1, times=1)
    office.owes("Late: 1Z")
    other = office.another_deliverer()
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z"])
        for _ in range(2):
            office.clock.advance(timedelta(seconds=LEASE))
            await other.deliver_due()
        assert office.said() == ["Late: 1Z", "Late: 1Z"]
    await office.passes(70)
    assert office.said() == ["Late: 1Z"]
    assert set(office.states()) == {OutboxState.SENT}


async def test_nothing_is_said_on_a_lease_that_is_about_to_end(office: Office) -> None:
    office.owes("Late: 1Z")
    impatient = office.another_deliverer(Patience(lease=10, call=20))
    await impatient.deliver_due()
    assert office.said() == []
    assert office.states() == {OutboxState.PENDING: 1}


async def test_what_slack_fails_at_for_a_day_no_longer_holds_up_the_rest(office: Office) -> None:
    office.workspace.faults.fail("chat.postMessage", times=None)
    office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.clock.advance(timedelta(hours=25))
    await office.passes(3)
    [dead] = office.dead()
    assert "again and again" in (dead.last_error or "")


@pytest.mark.parametrize("method", [OutboxMethod.POST, OutboxMethod.REPLY])
async def test_what_turns_up_in_the_history_after_it_was_said_again_is_taken_back(
    office: Office, method: OutboxMethod
) -> None:
    alert_id = office.owes("Late: 1Z")
    if method is OutboxMethod.REPLY:
        await office.deliverer.deliver_due()
        office.owes_more(alert_id, OutboxMethod.REPLY, "Acknowledged")
    office.workspace.faults.drop_after("chat.postMessage")
    office.workspace.faults.lag_history(seconds=LOOK_FOR + 20, times=1)
    await office.passes(LOOK_FOR + 8)
    assert office.states()[OutboxState.PENDING] == 1
    await office.passes(70)
    [message] = office.workspace.channel("harbour").messages
    replies = [reply.text for reply in message.thread]
    assert replies == (["Acknowledged"] if method is OutboxMethod.REPLY else [])
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    await office.passes(2)
    assert office.said() == ["Delivered: 1Z"]
    assert set(office.states()) == {OutboxState.SENT}


async def test_a_429_that_does_not_say_how_long_is_waited_out_for_a_second(office: Office) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=429, text="slow down")

    app = web.Application()
    app.router.add_post("/chat.postMessage", refuse)
    async with TestServer(app) as server:
        office.client.base_url = str(server.make_url("/"))
        office.owes("Late: 1Z")
        await office.deliverer.deliver_due()
    [waiting] = office.unsent()
    assert waiting.ambiguous_since is None
    assert waiting.due_at == NOON + timedelta(seconds=1)
    office.client.base_url = office.workspace.api_url
    await office.passes(3)
    assert office.said() == ["Late: 1Z"]
