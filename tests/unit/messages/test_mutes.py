"""What is said of mutes: to a channel that must not wonder, and to who asked for one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.messages import mute_modal, mutes
from bot.messages.blocks import Block, Message
from bot.messages.home_view import home_view
from bot.messages.mutes import HeldBack, MuteCard, MuteTally
from bot.mutes.kinds import MUTABLE
from bot.workspace.limits import check_view
from storage.vocabulary import CaseKind
from tests.unit.messages.hostile import HOSTILE, ZONE, check

LATE = HeldBack(CaseKind.PROMISE_PASSED, 8, 2)
UNSCANNED = HeldBack(CaseKind.NO_SCAN, 3, 1)


@pytest.fixture
def mute(now: datetime) -> MuteCard:
    return MuteCard(
        mute_id=3,
        reason="the depot in Lagos is on strike",
        author="U0OPS",
        created_at=now,
        ends_at=now + timedelta(days=3),
        now=now,
        zone="Africa/Lagos",
        partner_name="Acme Freight",
        kind=CaseKind.PROMISE_PASSED,
        lane="Mumbai → Lagos",
    )


def _ended(mute: MuteCard, by: str) -> MuteCard:
    at = mute.created_at + timedelta(days=1)
    return replace(mute, ended_at=at, ended_by=by, now=at)


def _words(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def test_the_notice_says_what_until_when_why_and_by_whom(mute: MuteCard) -> None:
    said = mutes.mute_notice(mute)
    assert said.text == (
        "Muted until Thu 20 Mar 08:12 in Lagos: Acme Freight · Past its promise · Mumbai → Lagos. "
        "Why: the depot in Lagos is on strike."
    )
    assert "Muted by <@U0OPS>, Mon 17 Mar 08:12." in _words(said)
    assert "Escalations are said all the same" in _words(said)
    (button,) = said.blocks[-1]["elements"]
    assert (button["text"]["text"], button["action_id"], button["value"]) == (
        "End now",
        "mute_end",
        "3",
    )


def test_what_is_about_no_single_partner_says_so(mute: MuteCard) -> None:
    assert mutes.subject(replace(mute, partner_name=None, lane=None)) == (
        "All partners · Past its promise"
    )
    one = replace(mute, kind=None, lane=None, tracking_number="SCX-4411")
    assert mutes.subject(one) == "Acme Freight · SCX-4411"


@pytest.mark.parametrize(
    ("tally", "came_up"),
    [
        (MuteTally(), "is over. Nothing came up meanwhile."),
        (
            MuteTally([replace(LATE, cases=1, open=1)]),
            "1 case (Past its promise) held back meanwhile: 1 still open, told next.",
        ),
        (
            MuteTally([replace(LATE, open=0)]),
            "8 cases (Past its promise) held back meanwhile; all of it is over.",
        ),
        (MuteTally([LATE, UNSCANNED]), "11 cases held back meanwhile: 3 still open, told next."),
        (
            MuteTally([LATE, UNSCANNED], muted_still=1),
            "3 still open, 2 told next and 1 held back by another mute.",
        ),
        (MuteTally([LATE], muted_still=2), "2 still open, 2 held back by another mute."),
    ],
)
def test_its_end_says_what_came_up(mute: MuteCard, tally: MuteTally, came_up: str) -> None:
    assert mutes.mute_over(_ended(mute, "clock"), tally).text.endswith(came_up)


def test_its_end_counts_by_kind_where_there_are_several(mute: MuteCard) -> None:
    said = _words(mutes.mute_over(_ended(mute, "clock"), MuteTally([LATE, UNSCANNED])))
    assert "• Past its promise: 8, 2 still open" in said
    assert "• No scan: 3, 1 still open" in said
    assert "•" not in _words(mutes.mute_over(_ended(mute, "clock"), MuteTally([LATE])))
    many = [HeldBack(kind, 2, 0) for kind in CaseKind]
    assert "• other kinds: " in _words(mutes.mute_over(_ended(mute, "clock"), MuteTally(many)))


def test_who_ended_it_early_is_named_and_the_clock_is_not(mute: MuteCard) -> None:
    by_hand, by_clock = _ended(mute, "U0ADA"), _ended(mute, "clock")
    for says in (mutes.mute_over, mutes.ended_notice):
        assert "ended early by <@U0ADA>" in _words(says(by_hand, MuteTally()))
        assert "ended early" not in _words(says(by_clock, MuteTally()))
    assert (
        "over since Tue 18 Mar 08:12, ended early by <@U0ADA>" in mutes.already_over(by_hand).text
    )


def test_the_notice_has_nothing_to_click_any_more_when_it_is_over(mute: MuteCard) -> None:
    said = mutes.ended_notice(_ended(mute, "clock"), MuteTally([LATE]))
    assert "No longer muted" in said.text
    assert "from Mon 17 Mar 08:12 to Tue 18 Mar 08:12 in Lagos" in _words(said)
    assert "8 cases (Past its promise) held back meanwhile; 2 still open when it ended" in said.text
    assert all(block["type"] != "actions" for block in said.blocks)


def test_a_list_has_a_button_for_each_for_who_may_end_them(mute: MuteCard, now: datetime) -> None:
    cards = [replace(mute, mute_id=number, held_back=number) for number in range(1, 31)]
    mine = mutes.mutes_list(cards, now, "UTC", may_end=True)
    assert mine.text == "30 mutes, the next to end first"
    assert "End 1" in _words(mine)
    assert "nothing held back so far" in _words(mutes.mutes_list([mute], now, "UTC", may_end=True))
    assert "1 case held back so far" in _words(mine)
    assert "… and 18 more." in _words(mine)
    assert "mute_end" not in _words(mutes.mutes_list(cards, now, "UTC", may_end=False))
    nothing = mutes.mutes_list([], now, "UTC", may_end=False)
    assert nothing.text == "Nothing is muted here."  # and no command that they may not use


def test_a_complaint_quotes_and_suggests(mute: MuteCard) -> None:
    said = mutes.unclear("kestral", "is no partner that I know.", ["Kestrel Parcel", "<b>"])
    assert said.text.startswith(
        "“kestral” is no partner that I know. Did you mean *Kestrel Parcel*, *&lt;b&gt;*?"
    )
    assert mutes.EXAMPLE in said.text


# -- however long and hostile --------------------------------------------------------------------


@pytest.fixture
def hostile(mute: MuteCard) -> MuteCard:
    return replace(
        mute,
        mute_id=2**62,
        reason=HOSTILE,
        zone=ZONE,
        partner_name=HOSTILE,
        lane=HOSTILE,
        tracking_number=HOSTILE,
        held_back=10**9,
        ended_at=mute.now,
        ended_by="U0ADA",
    )


def _messages(card: MuteCard) -> Iterator[Message]:
    tally = MuteTally([HeldBack(kind, 10**9, 10**9) for kind in CaseKind], 10**8)
    for kind in (None, *CaseKind):
        each = replace(card, kind=kind)
        yield mutes.mute_notice(each)
        yield mutes.ended_notice(each, tally)
        yield mutes.mute_over(each, tally)
        yield mutes.muted(each, "C0ACME")
        yield mutes.unmuted(each, "C0ACME")
    yield mutes.already_muted(card)
    yield mutes.already_over(card)
    many = [replace(card, mute_id=card.mute_id + more) for more in range(200)]
    yield mutes.mutes_list(many, card.now, ZONE, may_end=True)
    yield mutes.mutes_list([], card.now, ZONE, may_end=True)
    yield mutes.unknown_mute(HOSTILE)
    yield mutes.which_mute()
    yield mutes.only_our_own()
    yield mutes.by_command_only()
    yield mutes.unclear(HOSTILE, "is nothing.", [HOSTILE] * 4)


def test_every_message_of_a_mute_fits_and_rings_nobody(hostile: MuteCard) -> None:
    for message in _messages(hostile):
        check(message)


def test_a_home_full_of_mutes_fits(hostile: MuteCard) -> None:
    view = home_view([], [], hostile.now, ZONE, [hostile] * 200)
    check_view(view)
    assert "… and 190 more." in json.dumps(view, ensure_ascii=False)


def _form(partners: Mapping[str, str], here: str | None, now: datetime) -> Block:
    return mute_modal.mute_modal(partners, here, MUTABLE, now, '{"channel":"C0ACME"}')


@pytest.mark.parametrize("count", [1, 100, 101, 1000])
def test_the_form_offers_every_partner_however_many_there_are(count: int, now: datetime) -> None:
    partners = {f"p{number}": f"{number} {HOSTILE}" for number in range(count)}
    view = _form(partners, None, now)
    check_view(view)
    menu = view["blocks"][1]["element"]
    groups = menu.get("option_groups", [menu])
    offered = [option["value"] for group in groups for option in group["options"]]
    assert sorted(offered) == sorted(partners)


def test_in_a_partners_channel_the_form_names_it_alone(now: datetime) -> None:
    view = _form({"acme": "Acme Freight"}, HOSTILE, now)
    check_view(view)
    assert all(block.get("block_id") != mute_modal.MUTE_PARTNER_BLOCK for block in view["blocks"])


def test_the_form_proposes_tomorrow_morning(now: datetime) -> None:
    view = _form({"acme": "Acme Freight"}, None, datetime(2014, 3, 18, 9))  # noqa: DTZ001
    elements = {block.get("block_id"): block.get("element") for block in view["blocks"]}
    assert elements[mute_modal.MUTE_DATE_BLOCK]["initial_date"] == "2014-03-18"
    assert elements[mute_modal.MUTE_TIME_BLOCK]["initial_time"] == "09:00"


def test_what_stands_in_the_place_of_the_form_fits(hostile: MuteCard) -> None:
    check_view(mute_modal.one_moment())
    for message in _messages(hostile):
        check_view(mute_modal.answered(message))


def test_a_fault_under_an_input_is_plain_and_short() -> None:
    said = mute_modal.fault("Legos", "is no lane: say it as `lane x`.", ["Hamburg → Lagos"])
    assert said == "“Legos” is no lane: say it as lane x. Did you mean Hamburg → Lagos?"
    assert len(mute_modal.fault(HOSTILE, "is none.", [HOSTILE] * 3)) <= 150
