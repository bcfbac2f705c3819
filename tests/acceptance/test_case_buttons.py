"""What people do to a case from its message: by its buttons, and the dialogues behind them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import MovableClock
from bot.messages import modals
from bot.sources.reports import CheckpointReport
from bot.workspace import Workspace
from bot.workspace.faults import Fault
from bot.workspace.people import PersonAtWork
from storage import cases
from storage.database import Database
from storage.vocabulary import CaseAction, CaseState, Status
from tests.acceptance.rig import Rig, running

DIALOGUES = [("Snooze", "Snooze T-"), ("Escalate", "Escalate T-"), ("Resolve", "Resolve T-")]


async def _dialogue(rig: Rig, name: str, button: str, number: str = "KP-1001") -> PersonAtWork:
    """Clicks, and waits until the dialogue asks something."""
    person = rig.person(name)
    await person.clicks(rig.alert("kestrel", number), button)
    await rig.workspace.until(lambda: person.views and person.view.inputs)
    return person


# -- acknowledge -----------------------------------------------------------------


async def test_acknowledge_edits_the_message_and_says_who_has_it(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")
    assert alert.buttons == ["Acknowledge", "Snooze", "Escalate", "Resolve"]

    await rig.person("olivia").clicks(alert, "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    await rig.tick()

    assert alert.is_edited
    assert alert.buttons == ["Snooze", "Escalate", "Resolve"]
    assert "<@U0OLIVIA>" in alert.says
    assert "<@U0OLIVIA> has it." in alert.thread[-1].says


async def test_the_partners_own_people_acknowledge_too(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.person("petra").clicks(rig.alert("kestrel", "KP-1001"), "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    assert (await rig.case_of("KP-1001")).handled_by == "U0PETRA"


async def test_a_second_acknowledge_is_refused_kindly_and_to_the_person_alone(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")
    olivia, anna = rig.person("olivia"), rig.person("anna")
    await olivia.clicks(alert, "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)

    await anna.clicks(alert, "Acknowledge")  # her Slack still shows the button
    await rig.workspace.until(lambda: anna.whispers)

    said = anna.whispers[-1].says
    assert f"T-{case.id}: It is already acknowledged." in said
    assert "<@U0OLIVIA> has it" in said
    assert "Mon 15 Jun 10:00 in Berlin" in said
    assert not olivia.whispers
    assert (await rig.case_of("KP-1001")).handled_by == "U0OLIVIA"
    await rig.tick()
    assert len(alert.thread) == 1


async def test_a_click_on_what_is_over_says_so(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")
    olivia, anna = rig.person("olivia"), rig.person("anna")
    await _dialogue(rig, "olivia", "Resolve")
    assert await olivia.submits(olivia.view, {"Why is it over?": "It has arrived"}) == {}
    await rig.until_state("KP-1001", CaseState.RESOLVED)

    await anna.clicks(alert, "Acknowledge")
    await rig.workspace.until(lambda: anna.whispers)
    assert "It is resolved" in anna.whispers[-1].says
    assert "<@U0OLIVIA>" in anna.whispers[-1].says


# -- snooze ------------------------------------------------------------------------


async def test_a_snooze_ends_when_it_was_asked_to(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")
    olivia = await _dialogue(rig, "olivia", "Snooze")
    assert "KP-1001" in olivia.view.says

    assert await olivia.submits(olivia.view, {modals.SNOOZE_LENGTH_BLOCK: "4 hours"}) == {}
    await rig.until_state("KP-1001", CaseState.SNOOZED)
    await rig.tick()
    assert "until 14:00 in Berlin" in alert.thread[-1].says

    await rig.advance(timedelta(hours=3))
    assert (await rig.case_of("KP-1001")).state == CaseState.SNOOZED
    await rig.advance(timedelta(hours=1))
    assert (await rig.case_of("KP-1001")).state == CaseState.OPEN
    assert any("snooze is over" in reply.says for reply in alert.thread)
    assert "Acknowledge" in alert.buttons


async def test_a_snooze_until_tomorrow_is_the_partners_morning(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    olivia = await _dialogue(rig, "olivia", "Snooze")
    await olivia.submits(olivia.view, {modals.SNOOZE_LENGTH_BLOCK: "tomorrow"})
    await rig.until_state("KP-1001", CaseState.SNOOZED)
    until = (await rig.case_of("KP-1001")).snoozed_until
    assert until == datetime(2026, 6, 16, 7, tzinfo=UTC)  # nine in Berlin


async def test_a_snooze_until_the_next_checkpoint_ends_with_it(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    olivia = await _dialogue(rig, "olivia", "Snooze")
    await olivia.submits(olivia.view, {modals.SNOOZE_LENGTH_BLOCK: "checkpoint"})
    await rig.until_state("KP-1001", CaseState.SNOOZED)
    await rig.advance(timedelta(hours=2))
    assert (await rig.case_of("KP-1001")).state == CaseState.SNOOZED

    seen = CheckpointReport("KP-1001", rig.clock(), Status.IN_TRANSIT, partner="kestrel")
    await rig.hears(checkpoints=[seen])
    assert (await rig.case_of("KP-1001")).state == CaseState.OPEN


@pytest.mark.parametrize(
    ("day", "at", "place", "why"),
    [
        ("2026-06-14", "12:00", modals.SNOOZE_DATE_BLOCK, "That has passed"),
        ("2026-06-15", "09:59", modals.SNOOZE_TIME_BLOCK, "That has passed"),
        ("2026-06-15", "10:00", modals.SNOOZE_TIME_BLOCK, "Mon 15 Jun 10:00 in Berlin"),
        (None, "12:00", modals.SNOOZE_DATE_BLOCK, "Choose the date"),
        ("2031-01-01", "12:00", modals.SNOOZE_DATE_BLOCK, "At most a year"),
    ],
)
async def test_a_snooze_into_the_past_is_stopped_in_the_dialogue(
    rig: Rig, day: str | None, at: str, place: str, why: str
) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    olivia = await _dialogue(rig, "olivia", "Snooze")
    answers = {
        modals.SNOOZE_LENGTH_BLOCK: "custom",
        modals.SNOOZE_DATE_BLOCK: day,
        modals.SNOOZE_TIME_BLOCK: at,
    }
    errors = await olivia.submits(olivia.view, answers)
    assert list(errors) == [place]
    assert why in errors[place]
    assert olivia.view.is_open
    assert (await rig.case_of("KP-1001")).state == CaseState.OPEN

    # The same dialogue, mended, is taken: 10:01 in Berlin lies a minute ahead.
    mended = {**answers, modals.SNOOZE_DATE_BLOCK: "2026-06-15", modals.SNOOZE_TIME_BLOCK: "10:01"}
    assert await olivia.submits(olivia.view, mended) == {}
    await rig.until_state("KP-1001", CaseState.SNOOZED)


# -- escalate and resolve ------------------------------------------------------------


async def test_escalate_asks_why_and_calls_the_account_manager_in_the_channel(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    petra = await _dialogue(rig, "petra", "Escalate")
    reason = "Customs want the invoice <!channel>"
    assert await petra.submits(petra.view, {modals.REASON_BLOCK: reason}) == {}
    await rig.until_state("KP-1001", CaseState.ESCALATED)
    await rig.tick()

    said = [m for m in rig.channel("kestrel").messages if m.thread_ts is not None]
    assert len(said) == 1
    assert "<@U0ANNA>" in said[0].says
    assert "Customs want the invoice" in said[0].says
    assert "<!channel>" not in rig.channel("kestrel").told()
    assert rig.alert("kestrel", "KP-1001").buttons == ["Acknowledge", "Resolve"]


async def test_a_reason_of_blanks_is_no_reason(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    olivia = await _dialogue(rig, "olivia", "Escalate")
    errors = await olivia.submits(olivia.view, {modals.REASON_BLOCK: "   \n "})
    assert list(errors) == [modals.REASON_BLOCK]
    assert (await rig.case_of("KP-1001")).state == CaseState.OPEN


async def test_resolve_keeps_the_reason_in_the_history(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")
    anna = await _dialogue(rig, "anna", "Resolve")
    other = {modals.REASON_BLOCK: "other"}
    assert list(await anna.submits(anna.view, other)) == [modals.NOTE_BLOCK]
    assert (
        await anna.submits(anna.view, {**other, modals.NOTE_BLOCK: "Lost at sea, refunded"}) == {}
    )
    await rig.until_state("KP-1001", CaseState.RESOLVED)
    await rig.tick()

    assert alert.buttons == []
    assert "Lost at sea, refunded" in alert.thread[-1].says
    assert case.id is not None
    last = (await rig.database.read(cases.history, case.id))[-1]
    assert (last.actor, last.action) == ("U0ANNA", CaseAction.RESOLVED)
    assert last.note == "Lost at sea, refunded"


@pytest.mark.parametrize(("button", "title"), DIALOGUES)
async def test_nobody_fills_in_a_dialogue_in_vain(rig: Rig, button: str, title: str) -> None:
    """The case was resolved while the old buttons were still on the screen."""
    await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.alert("kestrel", "KP-1001")
    olivia, anna = await _dialogue(rig, "olivia", "Resolve"), rig.person("anna")
    await olivia.submits(olivia.view, {modals.REASON_BLOCK: "delivered"})
    await rig.until_state("KP-1001", CaseState.RESOLVED)

    await anna.clicks(alert, button)
    await rig.workspace.until(lambda: anna.views and "It is resolved" in anna.view.says)
    assert not anna.view.inputs


@pytest.mark.parametrize(("button", "title"), DIALOGUES)
async def test_a_dialogue_says_what_it_is_about(rig: Rig, button: str, title: str) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    anna = await _dialogue(rig, "anna", button)
    assert anna.view.title == f"{title}{case.id}"
    assert "Kestrel Parcel" in anna.view.says


async def test_what_happened_while_a_dialogue_was_open_is_told(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    anna = await _dialogue(rig, "anna", "Escalate")
    olivia = await _dialogue(rig, "olivia", "Resolve")
    await olivia.submits(olivia.view, {modals.REASON_BLOCK: "delivered"})
    await rig.until_state("KP-1001", CaseState.RESOLVED)

    assert await anna.submits(anna.view, {modals.REASON_BLOCK: "It is urgent"}) == {}
    await rig.workspace.until(lambda: anna.whispers)
    assert "It is resolved" in anna.whispers[-1].says
    assert (await rig.case_of("KP-1001")).state == CaseState.RESOLVED


# -- shipments behind a breach ---------------------------------------------------------


async def test_the_shipments_behind_a_breach_are_shown_to_who_asks(rig: Rig) -> None:
    told = [
        rig.delivered(
            "kestrel",
            f"MAY-{day}",
            promised=date(2026, 5, day),
            on=datetime(2026, 5, day + late, 9, tzinfo=UTC),
        )
        for day, late in ((4, 0), (5, 0), (6, 3), (7, 1))
    ]
    await rig.hears(*(one for one, _ in told), checkpoints=[one for _, one in told])
    await rig.advance(timedelta(days=1))
    breach = rig.channel("kestrel").saying("On-time delivery")[0]
    olivia = rig.person("olivia")
    await olivia.clicks(breach, "Show shipments")
    await rig.workspace.until(lambda: olivia.whispers)
    said = olivia.whispers[-1].says
    assert "On-time delivery, May 2026: 2 shipments behind it" in said
    assert "MAY-6" in said
    assert "MAY-7" in said
    assert "MAY-4" not in said


# -- forged and foreign ------------------------------------------------------------------


@pytest.mark.parametrize("value", ["1; DROP TABLE cases", "-1", "0", "", "99999", "9" * 40, "１"])
async def test_a_button_with_a_forged_value_is_answered_politely(rig: Rig, value: str) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    await _post_forged_button(rig, "kestrel", value)
    olivia = rig.person("olivia")
    await olivia.clicks(rig.channel("kestrel").last, "Forged")
    await rig.workspace.until(lambda: olivia.whispers)
    assert "There is no case" in olivia.whispers[-1].says
    assert (await rig.case_of("KP-1001")).state == CaseState.OPEN


async def test_a_neighbours_case_cannot_be_touched_from_another_channel(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    await _post_forged_button(rig, "brightwater", str(case.id))
    nils = rig.person("nils")
    await nils.clicks(rig.channel("brightwater").last, "Forged")
    await rig.workspace.until(lambda: nils.whispers)
    assert nils.whispers[-1].says.startswith("There is no case")
    assert "Kestrel" not in nils.whispers[-1].says
    assert (await rig.case_of("KP-1001")).state == CaseState.OPEN


async def _post_forged_button(rig: Rig, channel: str, value: str) -> None:
    client = rig.assistant.client
    await client.chat_postMessage(
        channel=rig.channel(channel).id,
        text="forged",
        blocks=[
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "case_acknowledge",
                        "text": {"type": "plain_text", "text": "Forged"},
                        "value": value,
                    }
                ],
            }
        ],
    )


# -- the database and Slack misbehave ------------------------------------------------------


class _Lock:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def is_held(self) -> bool:
        return self._connection.in_transaction


@contextmanager
def _locked(database: Database) -> Iterator[_Lock]:
    """Another process holds the database's only write lock."""
    assert database.url.database is not None
    connection = sqlite3.connect(Path(database.url.database), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield _Lock(connection)
    finally:
        connection.execute("ROLLBACK")
        connection.close()


async def test_while_the_database_is_locked_everything_is_acknowledged_and_done_later(
    rig: Rig,
) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.has_late_shipment("kestrel", "KP-1002")
    olivia, marco = rig.person("olivia"), rig.person("marco")
    with _locked(rig.database) as lock:
        # Each of these returns when it is acknowledged, and raises when it is not.
        await marco.types("ops", "/scorecard kestrel")
        await marco.types("ops", "/escalate KP-1002 it burns")
        await olivia.clicks(rig.alert("kestrel", "KP-1001"), "Acknowledge")
        await olivia.clicks(rig.alert("kestrel", "KP-1002"), "Snooze")
        await rig.workspace.until(lambda: olivia.views)
        assert lock.is_held
        assert (await rig.case_of("KP-1001")).state == CaseState.OPEN

    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    await rig.until_state("KP-1002", CaseState.ESCALATED)
    await rig.workspace.until(lambda: len(marco.whispers) == 2)
    answers = "\n".join(whisper.says for whisper in marco.whispers)
    assert "Kestrel Parcel · June 2026 so far" in answers
    assert "is escalated" in answers


async def test_a_scorecard_is_acknowledged_even_where_it_cannot_be_read_yet(
    postgres_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> None:
    """SQLite's readers never wait; on PostgreSQL a lock can keep them out, too."""
    async with running(postgres_database, orders_folder, workspace, clock) as rig:
        marco = rig.person("marco")
        with postgres_database.engine.connect() as connection:
            connection.execute(text("LOCK TABLE partner, shipment IN ACCESS EXCLUSIVE MODE"))
            await marco.types("ops", "/scorecard kestrel")
            assert not marco.whispers
            connection.rollback()
        await workspace.until(lambda: marco.whispers)
        assert "Kestrel Parcel · June 2026 so far" in marco.whispers[-1].says


async def test_a_command_that_slack_hands_over_twice_is_done_once(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    marco = rig.person("marco")
    payload = {
        "token": "t",
        "team_id": "T0TALLYMAN",
        "channel_id": "C0OPS",
        "user_id": "U0MARCO",
        "command": "/escalate",
        "text": "kestrel nobody answers",
        "trigger_id": "1.2.handed-over-twice",
        "response_url": rig.workspace.url
        + rig.workspace.office.responses.issue("U0MARCO", "C0OPS", None, None),
    }
    await rig.workspace.dispatch.ask("slash_commands", dict(payload))
    await rig.workspace.dispatch.ask("slash_commands", dict(payload))
    await rig.workspace.until(lambda: marco.whispers)
    assert (await rig.asks("marco", "ops", "/exceptions kestrel")).says.count("nobody answers") == 1
    assert sum("is escalated" in whisper.says for whisper in marco.whispers) == 1
    assert not any("already" in whisper.says for whisper in marco.whispers)


async def test_what_fails_is_told_in_a_sentence_without_what_was_typed(
    rig: Rig, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.workspace.faults.arm(Fault(kind="server_error", method="users.info", times=None))
    answer = await rig.asks("marco", "ops", "/shipment private-words-77")
    assert "/shipment did not work" in answer.says
    assert "Try again" in answer.says
    rig.workspace.faults.clear()
    answer = await rig.asks("marco", "ops", "/shipment private-words-77")
    assert "I know no shipment" in answer.says
    logged = caplog.text + "".join(capsys.readouterr())
    assert "handler failed" in logged
    assert "private-words-77" not in logged
