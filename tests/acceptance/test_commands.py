"""What people ask, and what they are answered: each for themselves, and nobody sees a neighbour."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.workspace import Refused
from bot.workspace.sights import Shown
from storage import partners
from storage.vocabulary import CaseState
from tests.acceptance.rig import Rig


async def test_a_shipment_is_shown_against_its_promise_with_what_is_open_on_it(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    answer = await rig.asks("marco", "ops", "/shipment kp1001")
    assert "KP-1001" in answer.says
    assert "1 day past" in answer.says
    assert f"T-{case.id}" in answer.says
    assert answer.is_ephemeral


@pytest.mark.parametrize(
    "copied", ['"KP-1001"', "`KP-1001`", "#KP-1001", "“KP-1001”,", "(KP-1001)", "*KP-1001*?"]
)
async def test_a_number_is_found_with_what_was_copied_around_it(rig: Rig, copied: str) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    answer = await rig.asks("marco", "ops", f"/shipment {copied}")
    assert "1 day past" in answer.says
    escalated = await rig.asks("marco", "ops", f"/escalate {copied} where is it")
    assert "is escalated" in escalated.says


async def test_an_order_finds_its_shipment(rig: Rig) -> None:
    await rig.hears(rig.shipment("brightwater", "BW-7", timedelta(days=2), order="PO 4711"))
    answer = await rig.asks("marco", "ops", "/shipment po-4711")
    assert "BW-7" in answer.says


async def test_a_partner_instead_of_a_number_lists_what_is_late(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.hears(rig.shipment("kestrel", "KP-1002", timedelta(days=4)))
    answer = await rig.asks("marco", "ops", "/shipment kp express")
    assert "Kestrel Parcel: 2 shipments" in answer.says
    assert "KP-1001" in answer.says
    assert "KP-1002" not in answer.says


async def test_a_misspelt_number_gets_the_nearest(rig: Rig) -> None:
    await rig.hears(rig.shipment("kestrel", "KP-100177", timedelta(days=2)))
    answer = await rig.asks("marco", "ops", "/shipment KP-100178")
    assert "Did you mean" in answer.says
    assert "KP-100177" in answer.says


async def test_the_name_of_a_case_finds_its_shipment(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    for typed in (f"T-{case.id}", f"t-{case.id}?", f"case {case.id}"):
        answer = await rig.asks("marco", "ops", f"/shipment {typed}")
        assert "KP-1001" in answer.says
        assert "1 day past" in answer.says


async def test_a_case_of_no_shipment_is_told_by_its_name_to_those_who_may_see_it(rig: Rig) -> None:
    await rig.asks("marco", "ops", "/escalate kestrel trucks are missing")
    for line in ("/shipment T-1", "/exceptions T-1"):
        answer = await rig.asks("marco", "ops", line)
        assert "T-1 · Kestrel Parcel · *Escalated: an answer is needed*" in answer.says
        assert "escalated by <@U0MARCO>" in answer.says
        for who, where, named in (("marco", "ops", "T-2"), ("marco", "brightwater", "T-1")):
            refused = await rig.asks(who, where, line.replace("T-1", named))
            assert f"There is no case “{named}” here" in refused.says


async def test_people_from_outside_may_name_a_case_of_theirs(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    petra, channel = rig.person("petra"), rig.channel("kestrel")
    await petra.mentions("kestrel", f"T-{case.id}")
    asked = channel.last
    await rig.workspace.until(lambda: asked.thread)
    assert "KP-1001" in asked.thread[-1].says


async def _may_of_kestrel(rig: Rig) -> None:
    """Three promised in May: two on time, one late."""
    told = [
        rig.delivered(
            "kestrel",
            f"OLD-{day}",
            promised=date(2026, 5, day),
            on=datetime(2026, 5, on, 9, tzinfo=UTC),
        )
        for day, on in ((4, 4), (5, 5), (6, 9))
    ]
    await rig.hears(*(one for one, _ in told), checkpoints=[one for _, one in told])


async def test_a_manager_types_scorecard(rig: Rig) -> None:
    await _may_of_kestrel(rig)
    answer = await rig.asks("marco", "ops", "/scorecard kestrel parcel may 2026")
    assert "Kestrel Parcel · May 2026" in answer.says
    assert "66.7% (2 of 3)" in answer.says
    assert "95%" in answer.says


@pytest.mark.parametrize(
    "line",
    [
        "/scorecard KESTREL 2026-05",
        "/scorecard Kestrel   Parcel last month",
        "/scorecard kp express may",
        "/scorecard kestrel parcel gmbh May 2026",
        "/scorecard kestrel-parcel 5/2026",
    ],
)
async def test_a_partner_is_known_by_every_name_and_spelling(rig: Rig, line: str) -> None:
    answer = await rig.asks("marco", "ops", line)
    assert "Kestrel Parcel · May 2026" in answer.says


async def test_in_a_partners_channel_the_partner_goes_without_saying(rig: Rig) -> None:
    answer = await rig.asks("marco", "kestrel", "/scorecard may 2026")
    assert "Kestrel Parcel · May 2026" in answer.says
    answer = await rig.asks("marco", "kestrel", "/scorecard")
    assert "Kestrel Parcel · June 2026 so far" in answer.says


@pytest.mark.parametrize("typed", ["last week", "q3 2026", "yesterday", "13/2026"])
async def test_in_a_partners_channel_what_is_no_month_is_not_taken_for_a_partner(
    rig: Rig, typed: str
) -> None:
    answer = await rig.asks("marco", "kestrel", f"/scorecard {typed}")
    assert f"“{typed}” is not a month that I know. Try `2026-05`" in answer.says


async def test_a_misspelt_partner_gets_the_nearest(rig: Rig) -> None:
    answer = await rig.asks("marco", "ops", "/scorecard kestral june")
    assert "kestral june" in answer.says
    assert "Did you mean *Kestrel Parcel*" in answer.says


@pytest.mark.parametrize(
    ("line", "helpful"),
    [
        ("/shipment", "/shipment NUMBER"),
        ("/scorecard", "/scorecard PARTNER"),
        ("/scorecard", "Those I know: *Kestrel Parcel*, *Brightwater Freight*"),
        ("/escalate", "/escalate NUMBER"),
        ("/escalate kestrel", "/escalate Kestrel Parcel customer is out of stock"),
        ("/escalate T-999999 why not", "no case"),
        ("/escalate nobody because", "no shipment, order or partner"),
        ("/scorecard zzz", "Brightwater Freight"),
        ("/scorecard kestrel 2031-01", "has not begun yet"),
        ("/scorecard kestrel someday", "2026-05"),
        ("/exceptions zzz", "Brightwater Freight"),
        ("/tallyman dance", "help | health"),
        ("/tallyman", "Acknowledge says"),
        ("/tallyman HELP", "Acknowledge says"),
        ("/exceptions", "No open cases"),
    ],
)
async def test_whatever_is_typed_the_answer_helps(rig: Rig, line: str, helpful: str) -> None:
    answer = await rig.asks("marco", "ops", line)
    assert helpful in answer.says


@pytest.mark.parametrize(
    "typed",
    [
        "<!channel> <!here> @here",
        "<https://evil.example|Kestrel Parcel>",
        "*bold* `code` ~gone~",
        "x" * 3900,
        "\u202e\u200b\x00",
        "'; DROP TABLE shipment; --",
        "%%%___",
    ],
)
async def test_hostile_input_stays_text(rig: Rig, typed: str) -> None:
    for command in ("/shipment", "/scorecard", "/exceptions", "/escalate", "/tallyman"):
        answer = await rig.asks("marco", "ops", f"{command} {typed}")
        assert "did not work" not in answer.says
        assert "<!" not in answer.says
        assert "<https" not in answer.says


async def test_exceptions_are_listed_worst_first(rig: Rig) -> None:
    await rig.has_late_shipment("brightwater", "BW-LATE")
    await rig.hears(rig.shipment("kestrel", "KP-LONGER", timedelta(days=-20)))
    answer = await rig.asks("marco", "ops", "/exceptions")
    assert answer.says.index("KP-LONGER") < answer.says.index("BW-LATE")
    of_one = await rig.asks("marco", "ops", "/exceptions brightwater freight")
    assert "BW-LATE" in of_one.says
    assert "KP-LONGER" not in of_one.says


# -- nobody sees a neighbour ---------------------------------------------------

ASKED_ABOUT_KESTREL = [
    "/shipment KP-SECRET",
    "/shipment KP-SECRE",
    "/shipment PO-SECRET",
    "/shipment kestrel",
    "/scorecard kestrel",
    "/scorecard kestrel parcel may 2026",
    "/scorecard kestrl",
    "/exceptions",
    "/exceptions kestrel",
    "/escalate KP-SECRET now",
    "/escalate kestrel now",
    "/tallyman health",
]


def _words(shown: Shown, asked: str) -> str:
    """What an answer says beyond what was typed, whoever's channel it is."""
    return f"{shown.text}\n{shown.says}".replace(asked.partition(" ")[2], "…")


@pytest.mark.parametrize("line", ASKED_ABOUT_KESTREL)
async def test_in_a_partners_channel_a_neighbour_is_like_one_that_never_was(
    rig: Rig, line: str
) -> None:
    imagined = line.replace("kestrel", "zzzzzzz").replace("kestrl", "zzzzzz").replace("KP", "ZZ")
    if line != "/shipment PO-SECRET":
        unknown = await rig.asks("marco", "brightwater", imagined)
    await rig.hears(rig.shipment("kestrel", "KP-SECRET", timedelta(days=-2), order="PO-SECRET"))
    case = await rig.case_of("KP-SECRET")

    answer = await rig.asks("marco", "brightwater", line)

    said = _words(answer, line)
    assert "Kestrel" not in said
    assert "KP-SECRET" not in said
    assert f"T-{case.id}" not in said
    if line != "/shipment PO-SECRET":
        assert said == _words(unknown, imagined)
    assert (await rig.case_of("KP-SECRET")).state == CaseState.OPEN


async def test_a_neighbours_case_cannot_be_escalated_from_here(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-SECRET")
    answer = await rig.asks("marco", "brightwater", f"/escalate T-{case.id} look at me")
    assert "no case" in answer.says
    assert (await rig.case_of("KP-SECRET")).state == CaseState.OPEN


async def test_our_own_people_are_told_where_to_ask_instead(rig: Rig) -> None:
    answer = await rig.asks("marco", "brightwater", "/scorecard kestrel")
    assert "ask me in another channel" in answer.says


async def test_people_from_outside_cannot_type_commands_but_can_mention(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    nils, petra = rig.person("nils"), rig.person("petra")
    with pytest.raises(Refused):
        await petra.types("kestrel", "/exceptions")

    await petra.mentions("kestrel", "exceptions")
    asked = rig.channel("kestrel").last
    await rig.workspace.until(lambda: asked.thread)
    assert "KP-1001" in asked.thread[-1].says

    await nils.mentions("brightwater", "shipment KP-1001")
    asked = rig.channel("brightwater").last
    await rig.workspace.until(lambda: asked.thread)
    assert "no shipment" in asked.thread[-1].says
    assert "another channel" not in asked.thread[-1].says


async def test_from_outside_a_direct_message_shows_nothing_of_anybody(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    petra = rig.person("petra")
    for asked in ("shipment KP-1001", "scorecard kestrel", "exceptions", "health", "KP-1001"):
        before = len(petra.app_messages)
        await petra.writes_to_app(asked)
        await rig.until_answered(petra, before)
        said = petra.app_messages[-1].says
        assert "Kestrel Parcel" not in said
        assert "past" not in said


async def test_where_another_company_reads_along_only_the_asker_is_answered(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    marco, nils = rig.person("marco"), rig.person("nils")
    await marco.mentions("trade-fair", "exceptions")
    await rig.workspace.until(lambda: marco.whispers)
    assert "KP-1001" in marco.whispers[-1].says
    assert all("KP-1001" not in m.says for m in nils.sees("trade-fair"))
    assert not rig.channel("trade-fair").last.thread


# -- mentions, direct messages, home -------------------------------------------


async def test_our_own_people_ask_in_a_direct_message(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    marco = rig.person("marco")
    for asked, expected in (
        ("shipment KP-1001", "1 day past"),
        ("KP-1001", "1 day past"),
        ("kp 1001", "1 day past"),
        ("where is KP-1001?", "1 day past"),
        ("where is KP-1009?", "Did you mean"),
        ("ack T-1", "1 day past"),
        ("scorecard kestrel may 2026", "Kestrel Parcel · May 2026"),
        ("health", "1 source"),
        ("help", "Acknowledge says"),
        ("@Tallyman help", "Acknowledge says"),
        ("what is late today?", "/tallyman help"),
        ("hello", "Good day"),
    ):
        before = len(marco.app_messages)
        await marco.writes_to_app(asked)
        await rig.until_answered(marco, before)
        assert expected in marco.app_messages[-1].says


async def test_home_shows_our_people_what_is_open_and_others_nothing(rig: Rig) -> None:
    await rig.has_late_shipment("kestrel", "KP-1001")
    marco, petra = rig.person("marco"), rig.person("petra")
    await marco.opens_home()
    await petra.opens_home()
    await rig.workspace.until(lambda: marco.home and petra.home)
    assert marco.home is not None
    assert petra.home is not None
    assert "KP-1001" in marco.home.says
    assert "orders" in marco.home.says
    assert "KP-1001" not in petra.home.says
    assert "orders" not in petra.home.says


async def test_health_is_for_our_people_outside_of_partners_channels(rig: Rig) -> None:
    assert "orders" in (await rig.asks("marco", "ops", "/tallyman health")).says
    here = await rig.asks("marco", "kestrel", "/tallyman health")
    assert "orders" not in here.says
    assert "in another channel" in here.says


async def test_one_from_outside_is_sent_to_no_command_that_they_have_not(rig: Rig) -> None:
    petra = rig.person("petra")
    for asked, expected in (
        ("hello", "@Tallyman help"),
        ("help", "@Tallyman exceptions"),
        ("shipment", "@Tallyman shipment NUMBER"),
        ("shipment XX-1", "no shipment"),
        ("anybody there?", "@Tallyman help"),
        ("escalate T-999999 why not", "@Tallyman exceptions"),
        ("escalate kestrel", "@Tallyman escalate Kestrel Parcel customer is out of stock"),
        ("health", "@Tallyman help"),
    ):
        await petra.mentions("kestrel", asked)
        await rig.workspace.until(lambda: rig.channel("kestrel").last.thread)
        answered = rig.channel("kestrel").last.thread[-1].says
        assert expected in answered
        assert not re.search(r"/(tallyman|shipment|scorecard|escalate|exceptions)", answered)


async def test_from_a_list_it_is_one_click_to_the_message_of_a_case(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    alert = rig.channel("kestrel").last
    client = rig.assistant.client
    answer = await client.chat_getPermalink(channel="C0KESTREL", message_ts=alert.ts)
    linked = f"<{answer['permalink']}|T-{case.id}>"
    for asked in ("/exceptions", "/exceptions kestrel", "/shipment KP-1001"):
        assert linked in (await rig.asks("marco", "ops", asked)).says
    marco = rig.person("marco")
    await marco.opens_home()
    await rig.workspace.until(lambda: marco.home)
    assert marco.home is not None
    assert linked in marco.home.says


# -- escalating ------------------------------------------------------------------


@pytest.mark.parametrize("how", ["T-{}", "t-{}", "case {}", "Case T-{}", "KP-1001", "kp 1001"])
async def test_escalate_marks_the_case_and_asks_the_account_manager_in_the_channel(
    rig: Rig, how: str
) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    answer = await rig.asks(
        "marco", "ops", f"/escalate {how.format(case.id)} clinic is out of stock"
    )
    await rig.tick()

    assert f"|T-{case.id}> is escalated" in answer.says
    assert "<@U0ANNA>" in answer.says
    again = await rig.case_of("KP-1001")
    assert (again.id, again.state) == (case.id, CaseState.ESCALATED)
    said = [m for m in rig.channel("kestrel").messages if m.thread_ts is not None]
    assert len(said) == 1, "the escalation is said in the channel too, not only in the thread"
    assert "<@U0ANNA>" in said[0].says
    assert "clinic is out of stock" in said[0].says
    assert "clinic" not in rig.channel("brightwater").told()


async def test_escalating_again_names_who_did_it(rig: Rig) -> None:
    case = await rig.has_late_shipment("kestrel", "KP-1001")
    await rig.asks("olivia", "ops", f"/escalate T-{case.id} first")
    answer = await rig.asks("marco", "ops", f"/escalate T-{case.id} second")
    assert "already escalated" in answer.says
    assert "<@U0OLIVIA>" in answer.says


async def test_what_no_rule_has_found_can_be_escalated_once(rig: Rig) -> None:
    await rig.hears(rig.shipment("corvid", "CS-1", timedelta(days=9)))
    answer = await rig.asks("marco", "ops", "/escalate CS-1 customs papers are missing")
    assert "is escalated" in answer.says
    await rig.tick()
    assert "customs papers are missing" in rig.channel("corvid").told()
    assert "<@U0BEN>" in rig.channel("corvid").told()
    again = await rig.asks("olivia", "ops", "/escalate CS-1 customs papers are missing")
    assert "already escalated" in again.says
    assert "<@U0MARCO>" in again.says

    await rig.asks("marco", "corvid", "/escalate corvid supply nobody answers the phone")
    await rig.tick()
    assert "nobody answers the phone" in rig.channel("corvid").told()


async def test_a_number_that_two_partners_use_asks_which(rig: Rig) -> None:
    await rig.hears(
        rig.shipment("kestrel", "SAME-1", timedelta(days=2)),
        rig.shipment("brightwater", "SAME-1", timedelta(days=3)),
    )
    answer = await rig.asks("marco", "ops", "/escalate SAME-1 where is it")
    assert "Which one? Ask in its partner's channel, or by its order." in answer.says
    assert "Kestrel Parcel" in answer.says
    assert "Brightwater Freight" in answer.says
    asked = await rig.asks("marco", "ops", "/shipment SAME-1")
    assert "Which one? Ask in its partner's channel, or by its order:" in asked.says
    here = await rig.asks("marco", "kestrel", "/escalate SAME-1 where is it")
    assert "is escalated" in here.says


# -- Slack and the database misbehave --------------------------------------------


async def test_the_channel_is_found_again_after_it_was_shared(rig: Rig) -> None:
    await rig.has_late_shipment("corvid", "CS-1")
    alert = rig.alert("corvid", "CS-1")
    rig.workspace.upheavals.share("corvid")
    new = rig.channel("corvid").id
    assert new != "G0CORVID"
    await rig.until_stored(lambda: rig.database.read(_channel_of_corvid), new)

    answer = await rig.asks("marco", "corvid", "/exceptions")
    assert "CS-1" in answer.says
    await rig.has_late_shipment("corvid", "CS-2")
    assert "Acknowledge" in rig.alert("corvid", "CS-2").buttons
    await rig.person("olivia").clicks(rig.alert("corvid", "CS-1"), "Acknowledge")
    await rig.until_state("CS-1", CaseState.ACKNOWLEDGED)
    await rig.tick()
    assert "Acknowledge" not in rig.alert("corvid", "CS-1").buttons
    assert alert.ts == rig.alert("corvid", "CS-1").ts


def _channel_of_corvid(session: Session) -> str:
    partner = partners.get(session, "corvid")
    assert partner is not None
    return partner.channel


async def test_a_number_that_looks_like_a_case_still_finds_its_shipment(rig: Rig) -> None:
    await rig.hears(rig.shipment("kestrel", "T-900", timedelta(days=2)))
    answer = await rig.asks("marco", "ops", "/escalate T-900 where is it")
    assert "is escalated" in answer.says
    assert (await rig.case_of("T-900")).state == CaseState.ESCALATED
    nothing = await rig.asks("marco", "ops", "/escalate T-901 where is it")
    assert "There is no case “T-901”" in nothing.says


async def test_health_says_that_nothing_can_be_said(rig: Rig) -> None:
    rig.workspace.faults.refuse("chat.postMessage", "token_revoked", times=None)
    await rig.has_late_shipment("kestrel", "KP-1")
    answer = await rig.asks("marco", "ops", "/tallyman health")
    assert "Slack refuses our token" in answer.says


async def test_mentions_by_bots_and_of_nothing_are_calm(rig: Rig) -> None:
    marco = rig.person("marco")
    await marco.mentions("ops", " ")
    asked = rig.channel("ops").last
    await rig.workspace.until(lambda: asked.thread)
    assert "Good day" in asked.thread[-1].says
