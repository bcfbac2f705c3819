"""What people do not want to hear of for a while: muted, held back, and told when it is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.book.telling import GroupingEntry
from bot.clock import MovableClock
from bot.messages import mute_modal as modal
from bot.workspace import Workspace
from bot.workspace.people import PersonAtWork
from storage import mutes
from storage.database import Database
from storage.vocabulary import CaseState
from tests.acceptance.rig import Rig, running, story_book

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
STRIKE = "/tallyman mute kestrel for 3 days reason the depot in Hamburg is on strike"


@pytest.fixture
async def rig(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> AsyncIterator[Rig]:
    """What belongs together is told together, and at once."""
    at_once = GroupingEntry(wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0)
    book = story_book(orders_folder).model_copy(update={"grouping": at_once})
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        yield rig


async def _mutes(rig: Rig, line: str = STRIKE, channel: str = "ops") -> str:
    """Marco types it; gives the answer."""
    answer = await rig.asks("marco", channel, line)
    await rig.tick()
    return answer.says


def _says(rig: Rig, channel: str, words: str) -> list[str]:
    return [message.says for message in rig.channel(channel).saying(words)]


# -- a mute from its beginning to its end ------------------------------------------------------


async def test_what_comes_up_while_it_is_muted_is_told_when_the_mute_ends(rig: Rig) -> None:
    answer = await _mutes(rig)
    assert "Muted until Thu 18 Jun 10:00 in Berlin" in answer
    (notice,) = rig.channel("kestrel").saying("Muted until")
    assert "Kestrel Parcel" in notice.says
    assert "the depot in Hamburg is on strike" in notice.says
    assert "<@U0MARCO>" in notice.says
    assert notice.buttons == ["End now"]

    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.has_late_shipment("kestrel", "KP-1002")
    await rig.has_late_shipment("brightwater", "BW-1")
    assert _says(rig, "kestrel", "KP-100") == []
    assert len(_says(rig, "brightwater", "BW-1")) == 1
    exceptions = await rig.asks("marco", "ops", "/exceptions kestrel")
    assert "KP-1001" in exceptions.says, "it is noticed all the same"

    await rig.advance(DAY)
    (order, arrival) = rig.delivered(
        "kestrel", "KP-1002", promised=rig.clock().date() - 3 * DAY, on=rig.clock()
    )
    await rig.hears(order, checkpoints=[arrival])
    assert (await rig.case_of("KP-1002")).state == CaseState.RESOLVED
    assert _says(rig, "kestrel", "KP-100") == []

    await rig.advance(2 * DAY)
    (over,) = rig.channel("kestrel").saying("The mute of")
    assert "is over" in over.says
    assert "2 cases (Past its promise) held back meanwhile: 1 still open" in over.says
    assert over.thread_ts == notice.ts, "said in the channel, and in the notice's thread"
    assert "No longer muted" in notice.says
    assert notice.buttons == []
    assert len(_says(rig, "kestrel", "KP-1001")) == 1
    assert _says(rig, "kestrel", "KP-1002") == [], "what is over is only counted"

    await rig.has_late_shipment("kestrel", "KP-1003")
    assert len(_says(rig, "kestrel", "KP-1003")) == 1


async def test_what_was_held_back_is_one_message(rig: Rig) -> None:
    await _mutes(rig)
    for number in range(1001, 1006):
        await rig.has_late_shipment("kestrel", f"KP-{number}")
    said_before = len(rig.channel("kestrel").messages)

    await rig.advance(3 * DAY)

    notice_over, held_back = rig.channel("kestrel").messages[said_before:]
    assert "5 cases (Past its promise) held back meanwhile: 5 still open" in notice_over.says
    assert all(f"KP-{number}" in held_back.says for number in range(1001, 1006))
    assert "While it was muted" in held_back.says


async def test_a_mute_that_held_nothing_back_ends_with_a_word_too(rig: Rig) -> None:
    await _mutes(rig)
    await rig.advance(3 * DAY)
    (over,) = rig.channel("kestrel").saying("The mute of")
    assert "Nothing came up meanwhile" in over.says
    assert len(rig.channel("kestrel").messages) == 2


async def test_a_restart_while_it_is_muted_changes_nothing(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> None:
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        await _mutes(rig)
        await rig.has_late_shipment("kestrel", "KP-1001")
    clock.advance(3 * DAY)
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        await rig.tick()
        assert len(rig.channel("kestrel").saying("The mute of")) == 1
        assert len(_says(rig, "kestrel", "KP-1001")) == 1
    async with running(sqlite_database, orders_folder, workspace, clock) as rig:
        await rig.tick()
        assert len(rig.channel("kestrel").saying("The mute of")) == 1
        assert len(_says(rig, "kestrel", "KP-1001")) == 1


async def test_a_case_that_somebody_escalates_is_told_at_once(rig: Rig) -> None:
    await _mutes(rig)
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.asks("olivia", "ops", f"/escalate T-{case.id} the clinic is out of stock")
    await rig.tick()
    assert "the clinic is out of stock" in rig.channel("kestrel").told()
    assert "<@U0ANNA>" in rig.channel("kestrel").told()

    await rig.advance(3 * DAY)
    (over,) = rig.channel("kestrel").saying("The mute of")
    assert "Nothing came up meanwhile" in over.says
    alerts = [m for m in rig.channel("kestrel").messages if m.thread_ts is None]
    assert sum("KP-1001" in alert.says for alert in alerts) == 1


async def test_what_nobody_has_found_can_be_escalated_while_it_is_muted(rig: Rig) -> None:
    await _mutes(rig)
    await rig.hears(rig.shipment("kestrel", "KP-9", timedelta(days=9)))
    await rig.asks("olivia", "ops", "/escalate KP-9 customs papers are missing")
    await rig.tick()
    assert "customs papers are missing" in rig.channel("kestrel").told()


# -- ended by hand -----------------------------------------------------------------------------


async def test_the_button_ends_it_at_once_and_says_who_did(rig: Rig) -> None:
    await _mutes(rig)
    await rig.has_late_shipment("kestrel", "KP-1001")
    (notice,) = rig.channel("kestrel").saying("Muted until")
    olivia = rig.person("olivia")

    await olivia.clicks(notice, "End now")
    await rig.workspace.until(lambda: olivia.whispers)
    await rig.tick()

    assert "is over" in olivia.whispers[-1].says
    assert "ended early by <@U0OLIVIA>" in notice.says
    (over,) = rig.channel("kestrel").saying("The mute of")
    assert "ended early by <@U0OLIVIA>" in over.says
    assert len(_says(rig, "kestrel", "KP-1001")) == 1

    await rig.advance(4 * DAY)
    assert len(rig.channel("kestrel").saying("The mute of")) == 1


async def test_mutes_are_listed_and_ended_by_their_number(rig: Rig) -> None:
    await _mutes(rig)
    await _mutes(rig, "/tallyman mute customs until friday 14:00 because the port is closed")
    await rig.has_late_shipment("kestrel", "KP-1001")
    listed = await rig.asks("olivia", "ops", "/tallyman mutes")
    assert "2 mutes" in listed.says
    assert "the depot in Hamburg is on strike" in listed.says
    assert "1 case held back so far" in listed.says
    assert "All partners · Held at customs" in listed.says
    assert listed.buttons == ["End 1", "End 2"]

    answer = await rig.asks("olivia", "ops", "/tallyman unmute 1")
    await rig.tick()
    assert "Kestrel Parcel" in answer.says
    assert len(_says(rig, "kestrel", "KP-1001")) == 1
    again = await rig.asks("olivia", "ops", "/tallyman unmute 1")
    assert "is over since" in again.says
    assert "<@U0OLIVIA>" in again.says

    await rig.person("olivia").clicks(listed, "End 2")
    await rig.workspace.until(lambda: "Held at customs" in rig.person("olivia").whispers[-1].says)
    empty = await rig.asks("olivia", "ops", "/tallyman mutes")
    assert "Nothing is muted here" in empty.says


async def test_a_mute_of_no_partner_is_shown_in_ops(rig: Rig) -> None:
    await _mutes(rig, "/tallyman mute late for 1 day reason we mend the promises")
    assert len(_says(rig, "ops", "All partners · Past its promise")) == 1
    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.has_late_shipment("brightwater", "BW-1")
    assert _says(rig, "kestrel", "KP-1001") == []
    assert _says(rig, "brightwater", "BW-1") == []

    await rig.advance(DAY)
    (over,) = rig.channel("ops").saying("The mute of")
    assert "2 cases (Past its promise)" in over.says
    assert len(_says(rig, "kestrel", "KP-1001")) == 1
    assert len(_says(rig, "brightwater", "BW-1")) == 1
    assert _says(rig, "kestrel", "BW-1") == []


# -- what is muted -----------------------------------------------------------------------------


async def test_a_lane_is_found_however_it_is_written_and_only_it_is_muted(rig: Rig) -> None:
    await rig.hears(rig.shipment("kestrel", "KP-1", timedelta(days=9)))
    answer = await _mutes(
        rig, "/tallyman mute kestrel from hamburg to LAGOS for 2 days reason the port is closed"
    )
    assert "Kestrel Parcel · Hamburg → Lagos" in answer
    await rig.has_late_shipment("kestrel", "KP-1001")
    assert _says(rig, "kestrel", "KP-1001") == []


async def test_one_shipment_is_muted_and_its_neighbour_is_not(rig: Rig) -> None:
    await rig.hears(rig.shipment("kestrel", "KP-1001", timedelta(hours=1)))
    await rig.hears(rig.shipment("kestrel", "KP-1002", timedelta(hours=1)))
    answer = await _mutes(rig, "/tallyman mute kp1001 until friday 14:00 they know of it")
    assert "Kestrel Parcel · KP-1001" in answer
    assert "until Fri 19 Jun 14:00 in Berlin" in answer

    await rig.advance(2 * HOUR)
    assert len(_says(rig, "kestrel", "KP-1002")) == 1
    assert all("KP-1001" not in said or "uted" in said for said in _says(rig, "kestrel", "KP-1001"))


async def test_what_is_said_already_goes_on_being_told(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    await _mutes(rig)
    alert = rig.alert("kestrel", "KP-1001")
    await rig.person("anna").clicks(alert, "Acknowledge")
    await rig.until_state("KP-1001", CaseState.ACKNOWLEDGED)
    await rig.tick()
    assert "<@U0ANNA> has it" in alert.says


async def test_a_shipment_may_be_named_by_its_case(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    answer = await rig.asks(
        "marco", "ops", f"/tallyman mute T-{case.id} for 1 day reason on strike"
    )
    assert "Kestrel Parcel · KP-1001" in answer.says
    refused = await rig.asks("marco", "ops", "/tallyman mute T-99 for 1 day reason on strike")
    assert "“T-99” is no shipment or order that I know" in refused.says


@pytest.mark.parametrize(
    ("line", "helpful"),
    [
        ("/tallyman mute kestral for 1 day reason x", "Did you mean *Kestrel Parcel*"),
        ("/tallyman mute kestrel costums for 1 day reason x", "Did you mean *Held at customs*"),
        ("/tallyman mute kestrel reason noise", "Until when?"),
        ("/tallyman mute kestrel for 91 days reason x", "90 days at most"),
        ("/tallyman mute kestrel until 2026-06-01 reason x", "That has passed"),
        ("/tallyman mute kestrel until friday 14 x", "is no end that I understand"),
        ("/tallyman mute kestrel for 1 day", "Why?"),
        ("/tallyman mute for 1 day reason x", "What is to be muted?"),
        ("/tallyman mute KP-100178 for 1 day reason x", "KP-100177"),
        ('/tallyman mute kestrel lane "Hamburg to Legos" for 1 day x', "*Hamburg → Lagos*"),
        (
            "/tallyman mute kestrel lane Hamburg for 1 day reason x",
            'is no lane: name both ends, as in `"Hamburg → Lagos"`',
        ),
        ("/tallyman mute escalation for 1 day reason x", "always said"),
        ("/tallyman unmute", "Which one?"),
        ("/tallyman unmute 77", "There is no mute “77”"),
        ("/tallyman unmute kestrel", "There is no mute “kestrel”"),
    ],
)
async def test_whatever_is_typed_the_answer_helps(rig: Rig, line: str, helpful: str) -> None:
    await rig.hears(rig.shipment("kestrel", "KP-100177", timedelta(days=2)))
    answer = await rig.asks("marco", "ops", line)
    assert helpful in answer.says
    assert await rig.database.read(mutes.count_active) == 0


async def test_the_same_is_not_muted_twice(rig: Rig) -> None:
    await _mutes(rig)
    again = await rig.asks("olivia", "ops", STRIKE)
    assert "is muted already" in again.says
    assert "<@U0MARCO>" in again.says
    assert await rig.database.read(mutes.count_active) == 1


async def test_a_hostile_reason_stays_text(rig: Rig) -> None:
    await _mutes(rig, "/tallyman mute kestrel for 1 day <!channel> `x` *b* <@U0ANNA> " + "y" * 3000)
    await rig.advance(DAY)
    for message in rig.channel("kestrel").messages:
        assert "<!channel>" not in message.says
        assert "<@U0ANNA>" not in message.says


# -- the form ----------------------------------------------------------------------------------


async def _opens_form(rig: Rig, name: str, channel: str) -> PersonAtWork:
    person = rig.person(name)
    await person.types(channel, "/tallyman mute")
    await rig.workspace.until(lambda: person.views and person.view.inputs)
    return person


async def test_the_form_asks_for_what_a_mute_needs(rig: Rig) -> None:
    await rig.hears(rig.shipment("kestrel", "KP-1", timedelta(days=9)))
    olivia = await _opens_form(rig, "olivia", "ops")
    filled = {
        modal.MUTE_PARTNER_BLOCK: "Kestrel Parcel",
        modal.MUTE_KIND_BLOCK: "Past its promise",
        modal.MUTE_LANE_BLOCK: "hamburg -> lagos",
        modal.MUTE_DATE_BLOCK: "2026-06-17",
        modal.MUTE_TIME_BLOCK: "14:00",
        modal.MUTE_REASON_BLOCK: "The port is closed",
    }
    assert await olivia.submits(olivia.view, filled) == {}
    await rig.workspace.until(lambda: "Muted until" in olivia.view.says)
    await rig.tick()
    assert "until Wed 17 Jun 14:00 in Berlin" in olivia.view.says
    (notice,) = rig.channel("kestrel").saying("Muted until")
    assert "Kestrel Parcel · Past its promise · Hamburg → Lagos" in notice.says
    assert "The port is closed" in notice.says


@pytest.mark.parametrize(
    ("filled", "place", "why"),
    [
        ({}, modal.MUTE_PARTNER_BLOCK, "What is to be muted?"),
        ({modal.MUTE_LANE_BLOCK: "Hamburg"}, modal.MUTE_LANE_BLOCK, "is no lane"),
        ({modal.MUTE_LANE_BLOCK: "Hamburg to Legos"}, modal.MUTE_LANE_BLOCK, "Hamburg → Lagos"),
        ({modal.MUTE_NUMBER_BLOCK: "KP-2"}, modal.MUTE_NUMBER_BLOCK, "is no shipment"),
        (
            {modal.MUTE_NUMBER_BLOCK: "KP-1", modal.MUTE_DATE_BLOCK: "2026-06-14"},
            modal.MUTE_DATE_BLOCK,
            "That has passed: it is Mon 15 Jun 10:00 in Berlin",
        ),
        (
            {modal.MUTE_NUMBER_BLOCK: "KP-1", modal.MUTE_DATE_BLOCK: "2027-06-14"},
            modal.MUTE_DATE_BLOCK,
            "90 days at most",
        ),
        (
            {modal.MUTE_NUMBER_BLOCK: "KP-1", modal.MUTE_REASON_BLOCK: "  "},
            modal.MUTE_REASON_BLOCK,
            "Why?",
        ),
    ],
)
async def test_what_cannot_be_muted_is_said_in_the_form(
    rig: Rig, filled: dict[str, str], place: str, why: str
) -> None:
    await rig.hears(rig.shipment("kestrel", "KP-1", timedelta(days=9)))
    olivia = await _opens_form(rig, "olivia", "ops")
    errors = await olivia.submits(olivia.view, {modal.MUTE_REASON_BLOCK: "Because", **filled})
    assert list(errors) == [place]
    assert why in errors[place]
    assert olivia.view.is_open


async def test_in_a_partners_channel_the_form_is_about_that_partner(rig: Rig) -> None:
    olivia = await _opens_form(rig, "olivia", "brightwater")
    assert "Brightwater Freight" in olivia.view.says
    assert "Kestrel" not in olivia.view.says
    assert "Partner" not in olivia.view.inputs
    assert await olivia.submits(olivia.view, {modal.MUTE_REASON_BLOCK: "The yard is closed"}) == {}
    await rig.workspace.until(lambda: "Muted until" in olivia.view.says)
    await rig.tick()
    assert len(_says(rig, "brightwater", "Muted until Tue 16 Jun 09:00 in Chicago")) == 1


# -- who may, and nobody sees a neighbour --------------------------------------------------------


async def test_in_a_partners_channel_only_its_own_mutes_are_seen_and_ended(rig: Rig) -> None:
    await _mutes(rig)
    listed = await rig.asks("marco", "brightwater", "/tallyman mutes")
    assert "Nothing is muted here" in listed.says
    assert "Kestrel" not in listed.says
    here = await rig.asks("marco", "brightwater", "/tallyman unmute 1")
    never_was = await rig.asks("marco", "brightwater", "/tallyman unmute 2")
    assert here.says.replace("1", "2") == never_was.says
    neighbour = await rig.asks("marco", "brightwater", "/tallyman mute kestrel for 1 day reason x")
    assert "is no partner" in neighbour.says or "is no kind" in neighbour.says
    assert "another channel" in neighbour.says
    assert await rig.database.read(mutes.count_active) == 1

    answer = await _mutes(rig, "/tallyman mute for 1 day reason the yard is closed", "brightwater")
    assert "Brightwater Freight" in answer


async def test_people_from_outside_can_neither_mute_nor_end_a_mute(rig: Rig) -> None:
    await _mutes(rig)
    (notice,) = rig.channel("kestrel").saying("Muted until")
    petra = rig.person("petra")
    await petra.clicks(notice, "End now")
    await rig.workspace.until(lambda: petra.whispers)
    assert "the team that runs Tallyman" in petra.whispers[-1].says
    assert await rig.database.read(mutes.count_active) == 1

    await petra.mentions("kestrel", "mutes")
    asked = rig.channel("kestrel").last
    await rig.workspace.until(lambda: asked.thread)
    assert "the depot in Hamburg is on strike" in asked.thread[-1].says
    assert asked.thread[-1].buttons == []

    await petra.mentions("kestrel", "mute kestrel for 3 days reason we are tired of it")
    asked = rig.channel("kestrel").last
    await rig.workspace.until(lambda: asked.thread)
    assert "the team that runs Tallyman" in asked.thread[-1].says
    assert await rig.database.read(mutes.count_active) == 1


async def test_by_a_mention_our_own_people_are_told_the_command(rig: Rig) -> None:
    await rig.person("marco").mentions("ops", "mute kestrel for 3 days reason it is loud")
    asked = rig.channel("ops").last
    await rig.workspace.until(lambda: asked.thread)
    assert "`/tallyman mute`" in asked.thread[-1].says
    assert await rig.database.read(mutes.count_active) == 0


async def test_home_and_health_say_what_is_muted(rig: Rig) -> None:
    await _mutes(rig)
    marco, petra = rig.person("marco"), rig.person("petra")
    await marco.opens_home()
    await petra.opens_home()
    await rig.workspace.until(lambda: marco.home and petra.home)
    assert marco.home is not None
    assert petra.home is not None
    assert "Muted" in marco.home.says
    assert "Kestrel Parcel" in marco.home.says
    assert "Kestrel" not in petra.home.says
    health = await rig.asks("marco", "ops", "/tallyman health")
    assert "1 mute" in health.says
