"""What is routed to a person is said in the direct messages with them."""

import json
from datetime import timedelta
from pathlib import Path

from storage import alerts, outbox
from storage.database import Database
from storage.vocabulary import OutboxMethod, OutboxState
from tests.integration.alerts.office import LEASE, MANIFEST, NOON, OLIVIA, Office, opened

LIST = "case,tracking_number\nT-1,1Z\n"


async def test_an_alert_for_a_person_its_edits_its_thread_and_its_list(office: Office) -> None:
    alert_id = office.owes("Late: 1Z", OLIVIA)
    office.owes_more(alert_id, OutboxMethod.REPLY, "Its ETA moved")
    await office.passes(4)
    office.owes_more(alert_id, OutboxMethod.EDIT, "Delivered: 1Z")
    office.owes_list(alert_id, "All cases.", LIST)
    await office.passes(4)
    message = office.direct_messages().last
    assert message.text == "Delivered: 1Z"
    assert [reply.text for reply in message.thread] == ["Its ETA moved", "All cases."]
    assert office.states() == {OutboxState.SENT: 4}
    with office.database.snapshot() as session:
        assert alerts.by_message(session, message.channel, message.ts) is not None


async def test_the_way_to_a_person_is_asked_for_once(office: Office) -> None:
    for number in range(3):
        office.owes(f"Late: {number}", OLIVIA)
    await office.passes(6)
    office.owes("Late: 3", OLIVIA)
    await office.passes(3)
    said = [message.text for message in office.direct_messages().messages]
    assert said == ["Late: 0", "Late: 1", "Late: 2", "Late: 3"]
    assert office.workspace.calls["conversations.open"] == 1


async def test_what_slack_may_have_of_it_is_looked_for_there(office: Office) -> None:
    office.workspace.faults.drop_after("chat.postMessage")
    office.owes("Late: 1Z", OLIVIA)
    await office.passes(30)
    assert [message.text for message in office.direct_messages().messages] == ["Late: 1Z"]
    assert office.states() == {OutboxState.SENT: 1}


async def test_a_failure_on_the_way_to_a_person_says_nothing_and_leaves_no_doubt(
    office: Office,
) -> None:
    office.workspace.faults.drop_after("conversations.open")
    office.workspace.faults.fail("conversations.open")
    office.owes("Late: 1Z", OLIVIA)
    await office.passes(8)
    assert [message.text for message in office.direct_messages().messages] == ["Late: 1Z"]
    assert office.workspace.calls["conversations.history"] == 0


async def test_a_process_that_died_on_the_way_to_a_person_has_said_nothing(office: Office) -> None:
    office.owes("Late: 1Z", OLIVIA)
    with office.database.transaction() as session:
        lease = timedelta(seconds=LEASE)
        outbox.claim(session, NOON, "the one that died", lease, limits={OutboxMethod.POST: 1})
    await office.passes(LEASE + 5)
    assert [message.text for message in office.direct_messages().messages] == ["Late: 1Z"]
    assert office.dead() == []


async def test_who_is_not_there_is_told_of_in_the_fallback_channel(office: Office) -> None:
    office.owes("Late: 1Z", "U0GONE")
    await office.passes(3)
    message = office.workspace.channel("fallback").last
    assert "Late: 1Z" in message.says
    assert "name somebody else in the book" in message.says


async def test_without_the_scope_to_write_to_people_all_else_goes_on(
    database: Database, tmp_path: Path
) -> None:
    manifest = json.loads(MANIFEST.read_text())
    manifest["oauth_config"]["scopes"]["bot"].remove("im:write")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    async with opened(database, tmp_path / "manifest.json") as office:
        office.owes("Late: 1Z", OLIVIA)
        office.owes("Late: 2Z")
        await office.passes(4)
        assert office.said() == ["Late: 2Z"]
        [message] = office.workspace.channel("fallback").messages
        assert "Late: 1Z" in message.says
        assert "`im:write`" in message.says
