"""What is owed is said: in its order, at Slack's pace, and the newest only."""

from datetime import timedelta

import anyio
from aiohttp import web
from aiohttp.test_utils import TestServer

from storage.vocabulary import OutboxMethod, OutboxState
from tests.integration.alerts.office import CHANNEL, FALLBACK, LEASE, NOON, Office


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


async def test_a_slow_answer_holds_up_no_other_channel(office: Office) -> None:
    office.workspace.faults.hold("chat.postMessage", channel=CHANNEL)
    office.owes("Late: 1Z")
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z"])
        office.owes("Late: 2Z", FALLBACK)
        await office.workspace.until(lambda: office.said("fallback") == ["Late: 2Z"])
        assert OutboxState.SENDING in office.states()
        assert office.workspace.calls["chat.postMessage"] == 2
        office.workspace.faults.release()
    assert office.states() == {OutboxState.SENT: 2}


async def test_asked_to_stop_it_brings_what_it_says_to_its_end_and_begins_nothing_new(
    office: Office,
) -> None:
    office.workspace.faults.hold("chat.postMessage")
    office.owes("Late: 1Z")
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z"])
        office.deliverer.begin_nothing_new()
        office.owes("Late: 2Z", FALLBACK)
        office.workspace.faults.release()
    assert office.states() == {OutboxState.SENT: 1, OutboxState.PENDING: 1}


async def test_a_process_that_froze_while_it_edited_does_not_hide_what_was_said_since(
    office: Office,
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.owes_more(alert_id, OutboxMethod.EDIT, "Late: 1Z, acknowledged")
    office.workspace.faults.hold("chat.update")
    other = office.another_deliverer()
    async with anyio.create_task_group() as group:
        group.start_soon(office.deliverer.deliver_due)
        await office.workspace.until(lambda: office.said() == ["Late: 1Z, acknowledged"])
        office.clock.advance(timedelta(seconds=LEASE))
        office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
        await other.deliver_due()
        office.clock.advance(timedelta(seconds=2))
        await other.deliver_due()
        office.workspace.faults.release()
    assert office.said() == ["Delivered: 1Z"]
    # The first, the same by the other, the newer, and the newer once more to be certain.
    assert office.workspace.calls["chat.update"] == 4


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


async def test_what_is_critical_goes_before_what_can_wait_and_a_person_before_both(
    office: Office,
) -> None:
    for number in range(4):
        office.owes(f"Late: {number}")
    office.owes("Lost: 9Z", urgency=1)
    answered = office.owes("Late: 5Z", urgency=0)
    await office.passes(10)
    assert office.said() == ["Late: 5Z", "Lost: 9Z", *(f"Late: {number}" for number in range(4))]
    assert office.workspace.calls["429"] == 0
    office.owes("Late: 6Z")
    office.owes_more(answered, OutboxMethod.REPLY, "Olivia has it", urgency=0)
    await office.passes(1)
    thread = office.workspace.channel("harbour").saying("Late: 5Z")[0].thread
    assert [reply.text for reply in thread] == ["Olivia has it"]
    assert office.said()[-1] != "Late: 6Z"


async def test_a_person_who_waits_hurries_all_that_comes_before_it_in_the_thread(
    office: Office,
) -> None:
    for number in range(4):
        office.owes(f"Late: {number}")
    last = office.owes("Late: 1Z")
    office.owes_more(last, OutboxMethod.REPLY, "Its ETA moved")
    office.owes_more(last, OutboxMethod.REPLY, "Olivia has it", urgency=0)
    await office.passes(12)
    assert office.said() == ["Late: 1Z", *(f"Late: {number}" for number in range(4))]
    assert [reply.text for reply in office.workspace.channel("harbour").messages[0].thread] == [
        "Its ETA moved",
        "Olivia has it",
    ]


async def test_several_processes_keep_to_one_pace(office: Office) -> None:
    for number in range(30):
        office.owes(f"Late: {number}")
    others = [office.deliverer, *(office.another_deliverer() for _ in range(2))]
    for _ in range(35):
        for deliverer in others:
            await deliverer.deliver_due()
        office.clock.advance(timedelta(seconds=1))
    assert len(office.said()) == 30
    assert office.workspace.calls["429"] == 0


async def test_one_that_was_restarted_knows_what_was_said_a_moment_ago(office: Office) -> None:
    for number in range(12):
        office.owes(f"Late: {number}")
    for _ in range(12):
        office.deliverer = office.another_deliverer()
        await office.passes(1)
    assert office.workspace.calls["429"] == 0
    assert len(office.said()) >= 11
