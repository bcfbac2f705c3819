"""What Slack refuses goes another way, or waits, or is shown to a person: nothing is lost."""

import pytest

from storage import outbox
from storage.vocabulary import OutboxMethod, OutboxState
from tests.integration.alerts.office import CHANNEL, FALLBACK, NOON, Office, payload


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


@pytest.mark.parametrize("code", ["cannot_reply_to_message", "restricted_action_thread_locked"])
async def test_a_reply_under_what_takes_none_any_more_goes_under_a_new_one(
    office: Office, code: str
) -> None:
    alert_id = office.owes("Late: 1Z")
    await office.deliverer.deliver_due()
    office.workspace.faults.refuse("chat.postMessage", code, times=1)
    office.owes_more(alert_id, OutboxMethod.REPLY, "Acknowledged")
    await office.passes(10)
    last = office.workspace.channel("harbour").last
    assert last.text == "Late: 1Z"
    assert [reply.text for reply in last.thread] == ["Acknowledged"]
    assert office.dead() == []


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
            payload=payload("Late " * 1000),
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


@pytest.mark.parametrize("code", ["accesslimited", "team_added_to_org", "ekm_access_denied"])
async def test_while_the_workspace_takes_nothing_all_waits_and_somebody_is_told(
    office: Office, code: str
) -> None:
    office.workspace.faults.refuse("chat.postMessage", code, times=None)
    office.owes("Late: 1Z")
    office.owes("Late: 2Z", FALLBACK)
    await office.passes(70)
    assert office.dead() == []
    assert code in (office.deliverer.trouble or "")
    assert "SLACK_BOT_TOKEN" not in (office.deliverer.trouble or "")
    assert office.workspace.calls["chat.postMessage"] < 10  # a try now and then
    office.workspace.faults.clear()
    await office.passes(40)
    assert office.said() == ["Late: 1Z"]
    assert office.said("fallback") == ["Late: 2Z"]
    assert office.deliverer.trouble is None


async def test_a_channel_that_slack_is_moving_waits_and_no_other_does(office: Office) -> None:
    office.workspace.faults.refuse("chat.postMessage", "external_channel_migrating", times=1)
    office.owes("Late: 1Z")
    await office.passes(2)
    office.owes("Late: 2Z", FALLBACK)
    await office.passes(2)
    assert office.said("fallback") == ["Late: 2Z"]
    await office.passes(60)
    assert office.said() == ["Late: 1Z"]
    assert office.dead() == []
