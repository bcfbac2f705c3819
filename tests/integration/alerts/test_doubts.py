"""Slack may have it, or not: it is looked for, and said again only if it is not there."""

from datetime import timedelta

import anyio
import pytest

from bot.alerts.patience import Patience
from storage import outbox
from storage.vocabulary import OutboxMethod, OutboxState
from tests.integration.alerts.office import CHANNEL, LEASE, LOOK_FOR, NOON, Office


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


async def test_what_a_process_that_froze_said_too_late_is_taken_back(
    office: Office,
) -> None:
    office.workspace.faults.lag_history(seconds=100, times=1)
    office.workspace.faults.hold("chat.postMessage")
    office.owes("Late: 1Z")
    other = office.another_deliverer()
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z"])
        for _ in range(2):
            office.clock.advance(timedelta(seconds=LEASE))
            await other.deliver_due()
        assert office.said() == ["Late: 1Z", "Late: 1Z"]
        office.workspace.faults.release()
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
