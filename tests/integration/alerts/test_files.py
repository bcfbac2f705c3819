"""A list of cases goes as a file into the thread of its alert, once."""

import pytest

from bot.alerts.patience import Patience
from storage.vocabulary import OutboxMethod, OutboxState
from tests.integration.alerts.office import LOOK_FOR, Office

LIST = "case,tracking_number\nT-1,1Z\nT-2,2Z <!channel>\n"
COMPLETE = "files.completeUploadExternal"


def lists(office: Office, channel: str = "harbour") -> list[str]:
    """The files in the thread of a channel's last message."""
    thread = office.workspace.channel(channel).last.thread
    return [file.content for reply in thread for file in reply.files]


async def test_the_list_follows_its_alert_into_the_thread(office: Office) -> None:
    alert_id = office.owes("2 shipments are late")
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(3)
    [reply] = office.workspace.channel("harbour").last.thread
    [file] = reply.files
    assert (reply.text, file.content) == ("All 2 cases.", LIST)
    assert file.name.startswith("cases-")
    assert file.name.endswith(".csv")
    assert file.title == file.name
    assert office.states() == {OutboxState.SENT: 2}


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
async def test_a_connection_that_drops_at_the_last_step_leaves_one_file(
    office: Office, fault: str
) -> None:
    alert_id = office.owes("2 shipments are late")
    getattr(office.workspace.faults, fault)(COMPLETE)
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(LOOK_FOR + 8)
    assert lists(office) == [LIST]
    await office.passes(70)
    assert lists(office) == [LIST]
    assert set(office.states()) == {OutboxState.SENT}


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload"])
@pytest.mark.parametrize("fault", ["drop_after", "fail"])
async def test_before_the_last_step_nothing_is_in_doubt(
    office: Office, step: str, fault: str
) -> None:
    alert_id = office.owes("2 shipments are late")
    getattr(office.workspace.faults, fault)(step)
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(6)
    assert lists(office) == [LIST]
    assert office.workspace.calls["conversations.replies"] == 0


async def test_a_file_that_turns_up_late_in_its_thread_is_taken_back(office: Office) -> None:
    alert_id = office.owes("2 shipments are late")
    await office.deliverer.deliver_due()
    office.workspace.faults.drop_after(COMPLETE)
    office.workspace.faults.lag_history(seconds=LOOK_FOR + 20, times=1)
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(LOOK_FOR + 8)
    assert lists(office) == [LIST, LIST]
    await office.passes(70)
    assert lists(office) == [LIST]
    assert set(office.states()) == {OutboxState.SENT}


async def test_a_list_of_a_deleted_alert_goes_under_a_new_one(office: Office) -> None:
    alert_id = office.owes("2 shipments are late")
    await office.deliverer.deliver_due()
    await office.deletes("harbour")
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(8)
    assert office.said() == ["2 shipments are late"]
    assert lists(office) == [LIST]


async def test_a_list_follows_its_alert_to_the_fallback_channel(office: Office) -> None:
    alert_id = office.owes("2 shipments are late")
    await office.deliverer.deliver_due()
    office.workspace.upheavals.archive("harbour")
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(8)
    assert lists(office, "fallback") == [LIST]


async def test_where_files_are_not_allowed_the_thread_gets_the_lines(office: Office) -> None:
    office.workspace.faults.refuse(
        "files.getUploadURLExternal", "file_uploads_disabled", times=None
    )
    alert_id = office.owes("2 shipments are late")
    office.owes_list(alert_id, "All 2 cases.", LIST)
    await office.passes(5)
    [reply] = office.workspace.channel("harbour").last.thread
    assert "T-2,2Z <!channel>" in reply.says
    assert "file_uploads_disabled" in reply.says
    assert office.states() == {OutboxState.SENT: 2}


async def test_an_upload_that_fails_every_time_holds_up_nobody_and_ends_in_words(
    office: Office,
) -> None:
    office.workspace.faults.drop_before("upload", times=None)
    alert_id = office.owes("2 shipments are late")
    office.owes_list(alert_id, "All 2 cases.", LIST)
    office.owes("Late: 3Z")
    await office.passes(3)
    assert office.said() == ["2 shipments are late", "Late: 3Z"]
    await office.passes(Patience().uploads * 2 + 10)
    [reply] = office.workspace.channel("harbour").messages[0].thread
    assert "T-2,2Z <!channel>" in reply.says
    assert office.workspace.calls["upload"] == Patience().uploads


async def test_a_429_to_an_upload_holds_up_no_post(office: Office) -> None:
    office.workspace.faults.rate_limit("files.getUploadURLExternal", seconds=20)
    alert_id = office.owes("2 shipments are late")
    await office.deliverer.deliver_due()
    office.owes_list(alert_id, "All 2 cases.", LIST)
    office.owes_more(alert_id, OutboxMethod.EDIT, "Both arrived")
    office.owes("Late: 3Z")
    await office.passes(3)
    assert office.said() == ["Both arrived", "Late: 3Z"]
    await office.passes(20)
    [reply] = office.workspace.channel("harbour").messages[0].thread
    assert [file.content for file in reply.files] == [LIST]
