"""What people do to several cases from the one message that tells of them."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.book.models import Book
from bot.book.telling import GroupingEntry, RouteEntry, RoutingEntry
from bot.clock import MovableClock
from bot.messages import modals
from bot.messages.blocks import Message
from bot.messages.group_alert import GROUP_ACKNOWLEDGE, GROUP_ONE
from bot.sources.reports import CheckpointReport
from bot.workspace import Workspace, payloads
from bot.workspace.json_values import JsonObject
from bot.workspace.people import PersonAtWork
from bot.workspace.sights import Shown
from handlers.saying import whisper
from storage import cases, outbox
from storage.database import Database
from storage.vocabulary import CaseAction, CaseState, OutboxMethod, Status
from tests.acceptance.rig import Rig, running, story_book

TOGETHER = GroupingEntry(wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0)
ONE_CASE = "One case…"


def _grouping_book(folder: Path, **more: object) -> Book:
    return story_book(folder).model_copy(update={"grouping": TOGETHER, **more})


@pytest.fixture
async def rig(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    book = _grouping_book(orders_folder)
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


async def _late_together(rig: Rig, *numbers: str, channel: str = "kestrel") -> Shown:
    """Shipments of one lane that were promised for yesterday; gives their one message."""
    before = len(rig.channel(channel).messages)
    promised = timedelta(days=-1)
    await rig.hears(*(rig.shipment("kestrel", number, promised) for number in numbers))
    new = rig.channel(channel).messages[before:]
    assert len(new) == 1, rig.channel(channel).told()
    return new[0]


async def _states(rig: Rig, *numbers: str) -> list[CaseState]:
    return [CaseState((await rig.case_of(number)).state) for number in numbers]


async def _until_states(rig: Rig, states: dict[str, CaseState]) -> None:
    for number, state in states.items():
        await rig.until_state(number, state)


async def _dialogue(rig: Rig, name: str, where: Shown, button: str) -> PersonAtWork:
    """Clicks, and waits until the dialogue asks something."""
    person = rig.person(name)
    await person.clicks(where, button)
    await rig.workspace.until(lambda: person.views and person.view.inputs)
    return person


async def _takes_alone(rig: Rig, name: str, group: Shown, number: str) -> Shown:
    """Chooses one case of the message; gives what the person alone is shown."""
    person = rig.person(name)
    case = await rig.case_of(number)
    before = len(person.whispers)
    await person.chooses(group, GROUP_ONE, str(case.id))
    await rig.workspace.until(lambda: len(person.whispers) > before)
    return person.whispers[-1]


# -- all of them -----------------------------------------------------------------


async def test_two_late_shipments_are_one_message_and_acknowledged_in_one_click(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    assert "KP-1001" in alert.says
    assert "KP-1002" in alert.says

    await rig.person("olivia").clicks(alert, "Acknowledge all")
    await _until_states(rig, dict.fromkeys(("KP-1001", "KP-1002"), CaseState.ACKNOWLEDGED))
    await rig.tick()

    assert alert.is_edited
    assert "Acknowledge all" not in alert.buttons
    assert "👀 <@U0OLIVIA> has both" in alert.says
    assert len(alert.thread) == 1
    assert "<@U0OLIVIA> has 2 of them" in alert.thread[0].says
    assert not rig.person("olivia").whispers
    for number in ("KP-1001", "KP-1002"):
        case = await rig.case_of(number)
        assert case.id is not None
        last = (await rig.database.read(cases.history, case.id))[-1]
        assert (last.actor, last.action) == ("U0OLIVIA", CaseAction.ACKNOWLEDGED)


async def test_one_of_them_is_worked_alone_by_the_partners_own_people(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    await rig.person("olivia").clicks(alert, "Acknowledge all")
    await rig.until_state("KP-1002", CaseState.ACKNOWLEDGED)
    await rig.tick()

    alone = await _takes_alone(rig, "petra", alert, "KP-1002")
    assert alone.is_ephemeral
    assert "KP-1002" in alone.says
    assert "KP-1001" not in alone.says
    assert alone.buttons == ["Snooze", "Escalate", "Resolve"]

    petra = await _dialogue(rig, "petra", alone, "Resolve")
    answers = {modals.REASON_BLOCK: "delivered", modals.NOTE_BLOCK: "Handed over at noon"}
    assert await petra.submits(petra.view, answers) == {}
    await rig.until_state("KP-1002", CaseState.RESOLVED)
    await rig.workspace.until(lambda: alone.buttons == [])
    await rig.tick()

    assert await _states(rig, "KP-1001", "KP-1002") == [
        CaseState.ACKNOWLEDGED,
        CaseState.RESOLVED,
    ]
    assert "1 still open" in alert.says
    assert "Handed over at noon" in alone.says
    assert "Handed over at noon" in alert.thread[-1].says
    assert not rig.person("olivia").whispers


async def test_who_works_one_of_them_sees_at_once_what_they_did(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    alone = await _takes_alone(rig, "olivia", alert, "KP-1001")
    await rig.person("olivia").clicks(alone, "Acknowledge")
    await rig.workspace.until(lambda: "Acknowledge" not in alone.buttons)
    assert "<@U0OLIVIA> has it" in alone.says
    assert await _states(rig, "KP-1001", "KP-1002") == [CaseState.ACKNOWLEDGED, CaseState.OPEN]


async def test_what_is_done_is_done_also_where_slack_no_longer_lets_it_be_shown(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    alone = await _takes_alone(rig, "olivia", alert, "KP-1001")
    olivia = await _dialogue(rig, "olivia", alone, "Resolve")
    url = json.loads(olivia.view.private_metadata)["shown_alone_at"]
    for _ in range(5):  # as often as Slack takes it
        await whisper(rig.assistant.client, url, Message("used", []))
    before = len(olivia.whispers)

    await olivia.submits(olivia.view, {modals.REASON_BLOCK: "delivered"})
    await rig.until_state("KP-1001", CaseState.RESOLVED)
    await rig.tick()
    assert "1 still open" in alert.says
    assert "Resolve" in alone.buttons
    await olivia.clicks(alone, "Acknowledge")  # there it is told, and shown
    await rig.workspace.until(lambda: alone.buttons == [])
    assert [each.says for each in olivia.whispers[before:]] == [
        "T-1: It is resolved: nothing is left to do.\n"
        "Mon 15 Jun 10:00 in Berlin: <@U0OLIVIA> resolved it: It has arrived."
    ]


async def test_those_that_somebody_has_stay_with_them(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002", "KP-1003", "KP-1004")
    anna, olivia = rig.person("anna"), rig.person("olivia")
    await anna.clicks(await _takes_alone(rig, "anna", alert, "KP-1001"), "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    await _dialogue(rig, "anna", await _takes_alone(rig, "anna", alert, "KP-1002"), "Resolve")
    await anna.submits(anna.view, {modals.REASON_BLOCK: "delivered"})
    await rig.until_state("KP-1002", CaseState.RESOLVED)

    await olivia.clicks(alert, "Acknowledge all")  # her Slack still shows all four as open
    await rig.workspace.until(lambda: olivia.whispers)

    said = olivia.whispers[-1].says
    assert said == "2 of 4 acknowledged; <@U0ANNA> has 1 already, 1 is resolved already."
    assert (await rig.case_of("KP-1001")).handled_by == "U0ANNA"
    assert (await rig.case_of("KP-1003")).handled_by == "U0OLIVIA"


async def test_all_are_snoozed_until_the_partners_morning_and_come_back_together(
    rig: Rig,
) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    olivia = await _dialogue(rig, "olivia", alert, "Snooze all")
    assert olivia.view.title == "Snooze all"
    assert "Kestrel Parcel · 2 cases: Past its promise" in olivia.view.says
    assert "This snoozes both." in olivia.view.says

    assert await olivia.submits(olivia.view, {modals.SNOOZE_LENGTH_BLOCK: "tomorrow"}) == {}
    await _until_states(rig, dict.fromkeys(("KP-1001", "KP-1002"), CaseState.SNOOZED))
    await rig.tick()
    assert "💤 2 snoozed" in alert.says
    assert "<@U0OLIVIA> snoozed 2 of them" in alert.thread[-1].says
    until = {(await rig.case_of(number)).snoozed_until for number in ("KP-1001", "KP-1002")}
    assert until == {datetime(2026, 6, 16, 7, tzinfo=UTC)}  # nine in Berlin

    await rig.advance(timedelta(hours=23))
    assert await _states(rig, "KP-1001", "KP-1002") == [CaseState.OPEN, CaseState.OPEN]
    assert "Acknowledge all" in alert.buttons


async def test_a_time_that_has_passed_is_stopped_in_the_dialogue(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    olivia = await _dialogue(rig, "olivia", alert, "Snooze all")
    past = {modals.SNOOZE_LENGTH_BLOCK: "custom", modals.SNOOZE_DATE_BLOCK: "2026-06-14"}
    errors = await olivia.submits(olivia.view, past)
    assert "That has passed" in errors[modals.SNOOZE_DATE_BLOCK]
    mended = {**past, modals.SNOOZE_DATE_BLOCK: "2026-06-17"}
    assert await olivia.submits(olivia.view, mended) == {}
    await rig.until_state("KP-1002", CaseState.SNOOZED)


async def test_all_are_resolved_with_one_reason_although_the_message_changed_meanwhile(
    rig: Rig,
) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    olivia = await _dialogue(rig, "olivia", alert, "Resolve all")
    await rig.person("anna").clicks(alert, "Acknowledge all")
    await rig.until_state("KP-1002", CaseState.ACKNOWLEDGED)
    await rig.tick()
    assert alert.is_edited

    assert await olivia.submits(olivia.view, {modals.REASON_BLOCK: "other"}) != {}
    answers = {modals.REASON_BLOCK: "other", modals.NOTE_BLOCK: "The hub reopened <!channel>"}
    assert await olivia.submits(olivia.view, answers) == {}
    await _until_states(rig, dict.fromkeys(("KP-1001", "KP-1002"), CaseState.RESOLVED))
    await rig.tick()

    assert alert.buttons == []
    assert "The hub reopened" in alert.thread[-1].says
    assert "<!channel>" not in rig.channel("kestrel").told()


async def test_what_joined_while_the_dialogue_was_open_is_not_resolved_unseen(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    olivia = await _dialogue(rig, "olivia", alert, "Resolve all")
    rig.clock.advance(timedelta(minutes=1))
    await rig.hears(rig.shipment("kestrel", "KP-1003", timedelta(days=-1)))
    assert "KP-1003" in alert.says

    await olivia.submits(olivia.view, {modals.REASON_BLOCK: "data_wrong"})
    await rig.workspace.until(lambda: olivia.whispers)
    assert olivia.whispers[-1].says == "2 of 3 resolved; 1 joined after you had looked."
    assert await _states(rig, "KP-1001", "KP-1002", "KP-1003") == [
        CaseState.RESOLVED,
        CaseState.RESOLVED,
        CaseState.OPEN,
    ]


@pytest.mark.parametrize("button", ["Snooze all", "Resolve all"])
async def test_nobody_fills_in_a_dialogue_in_vain(rig: Rig, button: str) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    olivia = await _dialogue(rig, "olivia", alert, "Resolve all")
    await olivia.submits(olivia.view, {modals.REASON_BLOCK: "delivered"})
    await _until_states(rig, dict.fromkeys(("KP-1001", "KP-1002"), CaseState.RESOLVED))

    anna = rig.person("anna")
    await anna.clicks(alert, button)  # her Slack still shows the buttons
    await rig.workspace.until(lambda: anna.views and "Nothing is left" in anna.view.says)
    assert "2 are resolved already" in anna.view.says
    assert not anna.view.inputs


# -- the list -------------------------------------------------------------------------


async def test_the_full_list_comes_as_a_file_into_the_thread(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    await rig.person("petra").clicks(alert, "Full list")
    await rig.until_stored(lambda: _owed_files(rig), 1)
    await rig.tick()
    await rig.workspace.until(lambda: alert.thread)
    file = alert.thread[-1]
    assert "<@U0PETRA>, all 2 cases as of Mon 15 Jun 10:00 in Berlin." in file.says
    (listed,) = file.files
    assert listed.name.startswith("kestrel-parcel-cases-2026-06-15-1000")
    assert b"KP-1002" in listed.data


# -- who may, and where ------------------------------------------------------------------


@pytest.mark.parametrize("button", ["Acknowledge all", "Full list", "Resolve all"])
async def test_a_neighbours_cases_cannot_be_touched_from_another_channel(
    rig: Rig, button: str
) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    await _repost(rig, alert, "brightwater")
    nils = rig.person("nils")
    await nils.clicks(rig.channel("brightwater").last, button)
    await rig.workspace.until(lambda: "I know" in _told(nils))
    said = _told(nils)
    assert said.startswith("I know nothing here that this button is about.")
    assert "Kestrel" not in said
    assert await _states(rig, "KP-1001", "KP-1002") == [CaseState.OPEN, CaseState.OPEN]


async def test_nor_can_one_of_them_be_seen_there(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    await _repost(rig, alert, "brightwater")
    shown = await _takes_alone(rig, "nils", rig.channel("brightwater").last, "KP-1001")
    assert shown.says.startswith("There is no case")
    assert "KP-1001" not in shown.says


@pytest.mark.parametrize("value", ["1; DROP TABLE cases", "-1", "0", "", "99999", "9" * 40, "１"])
async def test_a_forged_value_is_answered_politely(rig: Rig, value: str) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    blocks = json.loads(json.dumps(alert.blocks))
    for block in blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == GROUP_ACKNOWLEDGE:
                element["value"] = value
    await _post(rig, "kestrel", blocks)
    olivia = rig.person("olivia")
    await olivia.clicks(rig.channel("kestrel").last, "Acknowledge all")
    await rig.workspace.until(lambda: olivia.whispers)
    assert olivia.whispers[-1].says.startswith("I know nothing here")
    assert await _states(rig, "KP-1001", "KP-1002") == [CaseState.OPEN, CaseState.OPEN]


def _told(person: PersonAtWork) -> str:
    """Privately, or in a dialogue."""
    if person.views:
        return person.view.says
    return person.whispers[-1].says if person.whispers else ""


async def _repost(rig: Rig, alert: Shown, channel: str) -> None:
    await _post(rig, channel, json.loads(json.dumps(alert.blocks)))


async def _post(rig: Rig, channel: str, blocks: list[dict[str, object]]) -> None:
    await rig.assistant.client.chat_postMessage(
        channel=rig.channel(channel).id, text="forged", blocks=blocks
    )


# -- asked in the thread --------------------------------------------------------------------


async def _answer_in_thread(rig: Rig, name: str, alert: Shown, words: str) -> str:
    before = len(alert.thread)
    await rig.person(name).mentions("kestrel", words, thread=alert)
    await rig.workspace.until(lambda: len(alert.thread) == before + 2)
    return alert.thread[-1].says


async def test_a_mention_in_the_thread_is_answered_with_how_they_stand(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    await rig.person("olivia").clicks(
        await _takes_alone(rig, "olivia", alert, "KP-1002"), "Acknowledge"
    )
    await rig.until_state("KP-1002", CaseState.ACKNOWLEDGED)

    said = await _answer_in_thread(rig, "petra", alert, " ")
    assert "2 of 2 still open, the worst first:" in said
    assert said.index("KP-1001") < said.index("KP-1002")
    assert "👀 <@U0OLIVIA> has it" in said

    others = await _answer_in_thread(rig, "petra", alert, "scorecard")
    assert "Kestrel Parcel · June 2026 so far" in others


async def test_to_escalate_in_the_thread_of_several_one_of_them_is_named(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    said = await _answer_in_thread(rig, "petra", alert, "escalate the customer is waiting")
    case = await rig.case_of("KP-1001")
    assert said.startswith("This thread is about 2 cases: say which one is meant")
    assert f"`escalate T-{case.id} reason`" in said
    assert await _states(rig, "KP-1001", "KP-1002") == [CaseState.OPEN, CaseState.OPEN]

    said = await _answer_in_thread(rig, "petra", alert, f"escalate T-{case.id} the customer waits")
    assert f"|T-{case.id}> is escalated" in said
    assert await _states(rig, "KP-1001", "KP-1002") == [CaseState.ESCALATED, CaseState.OPEN]


async def test_in_the_thread_of_one_case_that_case_is_meant(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001")
    assert "KP-1001" in await _answer_in_thread(rig, "petra", alert, " ")
    said = await _answer_in_thread(rig, "petra", alert, "escalate KP-1011 the customer waits")
    assert "I know no shipment" in said
    said = await _answer_in_thread(rig, "petra", alert, "escalate the customer waits")
    assert "is escalated" in said
    await rig.until_state("KP-1001", CaseState.ESCALATED)


async def test_a_neighbours_thread_says_nothing_of_them(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    await _repost(rig, alert, "brightwater")
    copied = rig.channel("brightwater").last
    await rig.person("nils").mentions("brightwater", " ", thread=copied)
    await rig.workspace.until(lambda: len(copied.thread) == 2)
    assert "KP-1001" not in copied.thread[-1].says


# -- handed over again, and elsewhere --------------------------------------------------------


async def test_a_dialogue_that_slack_hands_over_twice_is_taken_once(rig: Rig) -> None:
    alert = await _late_together(rig, "KP-1001", "KP-1002")
    olivia = await _dialogue(rig, "olivia", alert, "Snooze all")
    payload = _submission(rig, olivia)
    for _ in range(2):
        await rig.workspace.dispatch.ask("interactive", dict(payload))  # done, when it returns
    for number in ("KP-1001", "KP-1002"):
        case = await rig.case_of(number)
        history = await rig.database.read(cases.history, case.id or 0)
        assert [entry.action for entry in history] == [CaseAction.OPENED, CaseAction.SNOOZED]
    assert not olivia.whispers


def _submission(rig: Rig, person: PersonAtWork) -> JsonObject:
    office = rig.workspace.office
    view = next(each for each in office.state.modals[person.id] if each.id == person.view.id)
    length: JsonObject = {"type": "radio_buttons", "selected_option": {"value": "1h"}}
    filled_in: JsonObject = {modals.SNOOZE_LENGTH_BLOCK: {modals.SNOOZE_LENGTH_ACTION: length}}
    return payloads.submission(
        office,
        person=office.state.people[person.id],
        view=replace(view, values=filled_in),
        trigger_id="1.2.handed-over-twice",
    )


async def test_what_is_told_to_one_person_is_worked_there(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> None:
    routing = RoutingEntry(routes=(RouteEntry(name="to Ben", to=("U0BEN",)),))
    book = _grouping_book(orders_folder, routing=routing)
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        ben = rig.person("ben")
        late = [rig.shipment("kestrel", number, timedelta(days=-1)) for number in "AB"]
        await rig.hears(*late)
        await rig.workspace.until(lambda: ben.app_messages)
        alert = ben.app_messages[-1]
        assert "Acknowledge all" in alert.buttons

        alone = await _takes_alone(rig, "ben", alert, "A")
        await ben.clicks(alone, "Acknowledge")
        await rig.until_state("A", CaseState.ACKNOWLEDGED)
        await ben.clicks(alert, "Acknowledge all")
        await rig.until_state("B", CaseState.ACKNOWLEDGED)

        await ben.clicks(alert, "Full list")
        await rig.until_stored(lambda: _owed_files(rig), 1)
        await rig.tick()
        assert "👀 <@U0BEN> has both" in alert.says
        assert any(reply.files for reply in alert.thread)

        await _dialogue(rig, "ben", alert, "Resolve all")
        await rig.hears(  # and meanwhile one of them is over by itself
            checkpoints=[CheckpointReport("A", rig.clock(), Status.DELIVERED, partner="kestrel")]
        )
        await ben.submits(ben.view, {modals.REASON_BLOCK: "delivered"})
        await workspace.until(lambda: len(ben.whispers) == 2)
        assert ben.whispers[-1].says == "1 of 2 resolved; 1 is resolved already."
        assert await _states(rig, "A", "B") == [CaseState.RESOLVED, CaseState.RESOLVED]


async def _owed_files(rig: Rig) -> int:
    def count(session: Session) -> int:
        return sum(each.method == OutboxMethod.FILE for each in outbox.list_unsent(session))

    return await rig.database.read(count)
