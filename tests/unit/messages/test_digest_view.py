"""A digest: read in a moment, whatever there is to tell, and fit for Slack."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.messages.cards import CaseCard
from bot.messages.digest_card import DigestCard, OnTimeLine, PartnerLine, Tally, Trouble
from bot.messages.digest_view import digest_view
from bot.messages.reminder import ReminderCard, reminder
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.figures import Figure, Rate
from storage.vocabulary import CaseKind, CaseState, Severity
from tests.unit.messages.hostile import FIGURE, HOSTILE, ZONE, check, hostile_case

ON_TIME = kpi_named("on_time_delivery")
BUSY = Tally(open=14, critical=2, warning=9, untaken=5, came_up=6, resolved=4)
MISSED = Figure(ON_TIME, Rate(14, 17), 0.95)
MET = Figure(ON_TIME, Rate(48, 50), 0.95)


@pytest.fixture
def digest(case: CaseCard, now: datetime) -> DigestCard:
    return DigestCard(
        every="day",
        now=now,
        since=now - timedelta(days=3),
        zone=case.zone,
        of_whom="Acme Freight",
        tally=BUSY,
        worst=[case],
    )


def lines(card: DigestCard) -> list[str]:
    """As they are read, one below the other."""
    shown: list[str] = []
    for block in digest_view(card).blocks:
        parts: list[Any] = [block["text"]] if "text" in block else block["elements"]
        shown += [line for part in parts for line in part["text"].splitlines()]
    return shown


def test_what_is_open_and_what_has_happened_comes_first(digest: DigestCard) -> None:
    assert lines(replace(digest, held_back=3))[:6] == [
        "*Acme Freight · Mon 17 Mar · daily summary*",
        "*14 open:* 🔴 2 critical · 🟠 9 warning · 🔵 3 for information · 🔕 3 more muted",
        "*Nobody has 5 of them.*",
        "Since Fri 14 Mar 08:12: 6 came up, 4 resolved.",
        "🟠 T-1042 · *3 days past its promise* · SCX-4411 · nobody has it · since Sat 15 Mar",
        "… and 13 more: `@Tallyman exceptions` lists them.",
    ]


def test_a_screen_reader_hears_the_same_without_marks(digest: DigestCard) -> None:
    assert digest_view(digest).text == (
        "Acme Freight · Mon 17 Mar · daily summary: 14 open, 2 critical, nobody has 5 of them; "
        "since Fri 14 Mar 08:12: 6 came up, 4 resolved."
    )


def test_nobody_is_rung_every_morning_for_what_they_have(
    digest: DigestCard, case: CaseCard
) -> None:
    taken = replace(case, state=CaseState.ACKNOWLEDGED, handled_by="U0OPS")
    shown = "\n".join(lines(replace(digest, worst=[taken])))
    assert "👀 somebody has it" in shown
    assert "<@" not in shown


@pytest.mark.parametrize(
    ("open_", "untaken", "said"),
    [
        (1, 1, "*Nobody has it.*"),
        (1, 0, "Somebody has it."),
        (3, 0, "Somebody has each of them."),
        (3, 3, "*Nobody has any of them.*"),
        (3, 1, "*Nobody has 1 of them.*"),
    ],
)
def test_how_many_nobody_has(digest: DigestCard, open_: int, untaken: int, said: str) -> None:
    tally = Tally(open=open_, warning=open_, untaken=untaken)
    assert lines(replace(digest, tally=tally))[2] == said


def test_what_should_arrive_today_and_may_not_is_named(digest: DigestCard, case: CaseCard) -> None:
    shown = lines(replace(digest, promised_today=14, promised_in_trouble=3, at_risk=[case]))
    assert (
        "*Promised for today* 14 still under way, 3 of them with an open case: T-1042 "
        "(SCX-4411), 2 more"
    ) in shown
    assert not any("today" in line for line in lines(replace(digest, promised_today=14)))


def test_where_nothing_is_to_be_told_one_line_says_that_all_is_well(digest: DigestCard) -> None:
    calm = replace(digest, tally=Tally(), worst=[])
    assert lines(calm) == [
        "All is well with Acme Freight: nothing is open, and nothing came up since "
        "Fri 14 Mar 08:12."
    ]
    everybody = replace(calm, of_whom=None, trouble=Trouble(), partners=[PartnerLine("A", Tally())])
    assert lines(everybody) == [
        "All is well: nothing is open, and nothing came up since Fri 14 Mar 08:12."
    ]


@pytest.mark.parametrize("trouble", [Trouble(["orders"]), Trouble(dead_letters=1)])
def test_all_is_not_well_while_the_assistant_itself_is_in_trouble(
    digest: DigestCard, trouble: Trouble
) -> None:
    card = replace(digest, of_whom=None, tally=Tally(), worst=[], trouble=trouble)
    assert lines(card)[:2] == ["*All partners · Mon 17 Mar · daily summary*", "Nothing is open"]


def test_ops_sees_each_partner_on_a_line_the_worst_first(digest: DigestCard) -> None:
    card = replace(
        digest,
        of_whom=None,
        partners=[
            PartnerLine("Bolt", Tally()),
            PartnerLine(None, Tally(open=1, warning=1, untaken=1, came_up=1)),
            PartnerLine("Acme Freight", BUSY),
        ],
        trouble=Trouble(["orders"], dead_letters=3, mutes=2),
    )
    shown = lines(card)
    assert shown[shown.index("*Partners*") :][:4] == [
        "*Partners*",
        "*Acme Freight*: 14 open, 🔴 2 critical, nobody has 5 of them, 6 came up, 4 resolved",
        "*Tallyman itself*: 1 open, nobody has it, 1 came up, 0 resolved",
        "1 partner without anything to tell.",
    ]
    assert "*Sources* 🔻 silent: orders" in shown
    assert "*Slack* 3 messages could not be posted: `/tallyman health` tells why." in shown
    assert "*Mutes* 2 at present: `/tallyman mutes` lists them." in shown


def test_a_week_tells_how_punctual_everybody_was(digest: DigestCard) -> None:
    card = replace(
        digest,
        every="week",
        of_whom=None,
        on_time=[OnTimeLine("Bolt", MET, MET), OnTimeLine("Acme Freight", MET, MISSED)],
    )
    shown = lines(card)
    assert shown[0] == "*All partners · the week up to Mon 17 Mar*"
    assert shown[shown.index("*On-time delivery*") :][:2] == [
        "*On-time delivery*",
        "*Acme Freight* 🟢 96% (48 of 50) in the last 7 days · 🔻 82.4% (14 of 17) this month · "
        "target at least 95%",
    ]


def test_with_five_thousand_cases_and_many_partners_it_fits_and_rings_nobody(
    digest: DigestCard, case: CaseCard, now: datetime
) -> None:
    huge = Tally(5_000, 2_000, 2_000, 4_999, 5_000, 123_456)
    figure = Figure(ON_TIME, Rate(FIGURE, FIGURE * 2, now), 0.95)
    worst = hostile_case(case)
    card = replace(
        digest,
        every="week",
        zone=ZONE,
        of_whom=HOSTILE,
        tally=huge,
        held_back=10**9,
        promised_today=10**9,
        promised_in_trouble=10**9,
        at_risk=[worst] * 5,
        partners=[PartnerLine(HOSTILE, huge)] * 500,
        on_time=[OnTimeLine(HOSTILE, figure, figure)] * 500,
        trouble=Trouble([HOSTILE] * 50, 10**9, 10**9),
    )
    for kind in CaseKind:
        of_kind = [replace(worst, kind=kind, state=state) for state in CaseState] * 2
        few = replace(card, worst=of_kind, partners=card.partners[:20], on_time=card.on_time[:20])
        check(digest_view(few))
    card = replace(card, worst=of_kind)
    check(digest_view(card))
    check(digest_view(replace(card, tally=Tally(), held_back=0, trouble=None)))
    shown = "\n".join(lines(card))
    assert "more: `@Tallyman exceptions`" in shown
    assert shown.count("*Partners*") == 1
    assert shown.count("partners more.") == 2


# -- reminders ---------------------------------------------------------------------


def test_a_reminder_is_one_line(case: CaseCard) -> None:
    card = ReminderCard(
        case, untaken=1, cases=1, waited=timedelta(hours=4, minutes=59), rings=False
    )
    assert reminder(card).text == (
        "Nobody has taken T-1042 for 4 working hours: SCX-4411, past its promise."
    )
    (block,) = reminder(card).blocks
    assert block["text"]["text"].startswith("🟠 Nobody has")


def test_of_a_group_it_tells_how_many_and_the_worst(case: CaseCard) -> None:
    card = ReminderCard(case, untaken=5, cases=12, waited=timedelta(minutes=30), rings=True)
    assert reminder(card).text == (
        "Nobody has taken 5 of these 12 cases for 30 working minutes; the worst is T-1042: "
        "SCX-4411, past its promise. <@U0ADA>, who takes it?"
    )


def test_every_reminder_fits_and_rings_nobody_else(case: CaseCard) -> None:
    worst = hostile_case(case)
    for kind in CaseKind:
        for severity in Severity:
            for cases in (1, 5_000):
                shown = replace(worst, kind=kind, severity=severity)
                card = ReminderCard(shown, cases, cases, timedelta(hours=10**6), True, beside=cases)
                check(reminder(card))
