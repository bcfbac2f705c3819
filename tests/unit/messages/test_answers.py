"""The answers to commands, read aloud."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.messages import errors, notices
from bot.messages.blocks import Block, Message
from bot.messages.by_mention import by_mention
from bot.messages.cards import (
    CaseCard,
    CheckpointLine,
    HealthCard,
    MissLine,
    OutboxCard,
    ShipmentCard,
    SourceCard,
)
from bot.messages.exceptions_view import exceptions_view
from bot.messages.health_view import health_view
from bot.messages.help_view import USAGE, help_from_outside, help_view
from bot.messages.home_view import home_view
from bot.messages.misses_view import misses_view
from bot.messages.scorecard_view import scorecard_view
from bot.messages.shipment_view import shipment_matches, shipment_view, shipments_list
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.figures import Figure, Rate, Scorecard, Spread, wilson
from bot.scorecards.periods import UnknownPeriod, parse_period
from storage.vocabulary import CaseKind, CaseState, DueKind, Reason, Severity, Status

ZONE = "Africa/Lagos"


def lines_of(blocks: list[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "section" and "text" in block:
            lines += block["text"]["text"].splitlines()
        lines += [part["text"].replace("\n", " ") for part in block.get("fields", ())]
        if block["type"] == "context":
            lines += [line for part in block["elements"] for line in part["text"].splitlines()]
    return lines


def lines(message: Message) -> list[str]:
    return lines_of(message.blocks)


# -- /shipment ---------------------------------------------------------------


def test_a_shipment_with_its_promise_its_case_and_its_journey(
    shipment: ShipmentCard, case: CaseCard, now: datetime
) -> None:
    held = CheckpointLine(
        now - timedelta(hours=3), Status.ON_HOLD, Reason.DOCUMENTS, "Invoice missing", "Lagos"
    )
    assert shipment.last_checkpoint is not None
    journey = replace(shipment, checkpoints=(held, shipment.last_checkpoint), carrier="DHL")
    answer = shipment_view(journey, [case], now)
    assert answer.text == "SCX-4411: in transit, 3 days past"
    assert lines(answer) == [
        "*SCX-4411* · order PO-77 · Mumbai → Lagos · 12,400 USD",
        "*In transit.*",
        "*Promised* Fri 14 Mar, end of day in Lagos: 3 days past (by the order)",
        "*Carrier expects it* Tue 18 Mar, 12:00 in Lagos",
        "*Partner* Acme Freight",
        "*Carrier* DHL",
        "🟠 T-1042 · *3 days past its promise* · SCX-4411 · nobody has it yet",
        "*What happened, newest first*",
        "• Mon 17 Mar 05:12 · on hold (documents missing): “Invoice missing”, Lagos",
        "• Sat 15 Mar 08:12 · in transit: “Arrived at hub”, Dubai",
        "As of Mon 17 Mar 08:12, times in Lagos.",
    ]


def test_a_shipment_that_nobody_promised_or_scanned_says_so(now: datetime) -> None:
    bare = ShipmentCard("X1", Status.LABEL_CREATED, "UTC")
    shown = lines(shipment_view(bare, [], now))
    assert "*Promised* none is known" in shown
    assert "Nothing has been heard of it yet." in shown


def test_of_a_shipment_that_only_its_order_tells_of_nothing_is_blamed_on_the_carrier(
    now: datetime,
) -> None:
    ordered = ShipmentCard("X1", Status.NOT_FOUND, "UTC", service="express")
    shown = lines(shipment_view(ordered, [], now))
    assert "*Without news from the carrier.*" in shown
    assert "*Service* express" in shown


def test_a_delivered_shipment_is_not_said_to_be_expected(
    shipment: ShipmentCard, now: datetime
) -> None:
    assert shipment.promised_at is not None
    kept = replace(shipment, status=Status.DELIVERED, delivered_at=shipment.promised_at)
    answer = shipment_view(kept, [], now)
    assert answer.text == "SCX-4411: delivered, on time"
    assert not any("expects" in line for line in lines(answer))


def test_several_that_fit_are_told_apart(shipment: ShipmentCard, now: datetime) -> None:
    early = replace(shipment, tracking_number="SCX-4412", promised_at=now + timedelta(hours=5))
    answer = shipment_matches("PO-77", [shipment, early], now, not_read=3)
    assert answer.text == "5 shipments for “PO-77”"
    assert lines(answer)[1].endswith("in transit · 3 days past its promise")
    assert lines(answer)[2].endswith("in transit · 5 hours to go")
    assert lines(answer)[-1] == "… and 3 more."
    assert lines(answer)[0] == "*5 shipments for “PO-77”.* Which one? Ask by its number:"


def test_a_partners_shipments_are_counted_and_the_late_ones_named(
    shipment: ShipmentCard, now: datetime
) -> None:
    counts = {Status.DELIVERED: 12, Status.IN_TRANSIT: 4, Status.ON_HOLD: 0}
    answer = shipments_list("Acme", counts, [shipment], now, ZONE)
    assert answer.text == "Acme: 16 shipments, 1 past promise"
    assert lines(answer)[:3] == [
        "*Acme: 16 shipments*",
        "4 in transit, 12 delivered",
        "*1 shipment undelivered past the promise, the longest first*",
    ]
    calm = shipments_list("Acme", counts, [], now, ZONE)
    assert "None is past its promise." in lines(calm)
    assert shipments_list("Acme", {}, [], now, ZONE).text == "No shipments of Acme are known yet."


# -- /scorecard --------------------------------------------------------------


@pytest.fixture
def scorecard(now: datetime) -> Scorecard:
    heard = now - timedelta(minutes=5)
    measured = now - timedelta(days=2)
    return Scorecard(
        partner_key="acme",
        partner_name="Acme",
        zone=ZONE,
        period=parse_period("2014-03", now.date()),
        now=now,
        is_over=False,
        figures=(
            Figure(
                kpi_named("on_time_delivery"),
                Rate(14, 17, heard),
                target=0.95,
                minimum_sample=5,
                previous=Rate(34, 43),
                interval=wilson(14, 17),
                pending=9,
                left_out=1,
            ),
            Figure(kpi_named("order_cycle_time"), Rate(408, 17, heard), spread=Spread(20.25, 44.9)),
            Figure(kpi_named("order_accuracy"), Rate(96, 100, measured), 0.95),
            Figure(kpi_named("fill_rate"), None, 0.95, previous=Rate(9, 10)),
            Figure(kpi_named("damage_rate"), Rate(1, 2, measured), 0.005, minimum_sample=30),
        ),
    )


def test_a_scorecard_sets_each_figure_against_target_sample_and_month_before(
    scorecard: Scorecard,
) -> None:
    answer = scorecard_view(scorecard)
    assert answer.text == (
        "Acme · March 2014 so far: 1 as promised, 1 short of the target, 1 too few to judge, "
        "1 unknown"
    )
    assert [line.strip() for line in lines(answer)] == [
        "*Acme · March 2014 so far*",
        "🟢 1 as promised, 🔻 1 short of the target, ⚪ 1 too few to judge, ❔ 1 unknown",
        "🔻 *On-time delivery*: 82.4% (14 of 17)",
        "target at least 95% · up from 79.1% (34 of 43) · 95% interval 59% to 93.8% · "
        "9 not due yet · 1 left out, with a time missing",
        "▫️ *Order cycle time*: 24 days on average (17 counted)",
        "no target agreed · median 20.2 days, 9 of 10 within 44.9 days",
        "🟢 *Order accuracy*: 96% (96 of 100)",
        "target at least 95%",
        "❔ *Fill rate*: unknown",
        "target at least 95% · was 90% (9 of 10)",
        "⚪ *Damage*: 50% (1 of 2)",
        "target at most 0.5%, too few to judge: the contract asks for 30",
        "No open cases.",
        "On-time delivery: delivered no later than promised / delivered or due, of those promised "
        "in the period.",
        "Order cycle time: days from order to delivery / shipments delivered in the period.",
        "Data last heard: On-time delivery, Order cycle time 5 minutes ago; Order accuracy, "
        "Damage 2 days ago.",
        "As of Mon 17 Mar 08:12, times in Lagos.",
    ]


def test_a_month_that_is_over_is_not_so_far_and_nothing_known_is_not_nought(
    scorecard: Scorecard,
) -> None:
    empty = replace(
        scorecard,
        is_over=True,
        figures=(Figure(kpi_named("on_time_delivery"), None),),
    )
    answer = scorecard_view(empty)
    assert answer.text == "Acme · March 2014: no targets are agreed"
    told = "\n".join(lines(answer)[:-4])
    assert "*On-time delivery*: unknown" in told
    assert "%" not in told
    assert "Data: none yet." in lines(answer)


def test_where_no_target_is_agreed_it_says_what_is_usual(scorecard: Scorecard) -> None:
    slow = Figure(kpi_named("dock_to_stock_time"), Rate(7_000, 100, scorecard.now))
    told = lines(scorecard_view(replace(scorecard, figures=(slow,))))
    usual = "no target agreed; in the trade: 72 h baseline, under 48 h best in class"
    assert any(line.strip().startswith(usual) for line in told)


def test_a_scorecard_names_its_worst_open_cases(scorecard: Scorecard, case: CaseCard) -> None:
    many = [replace(case, case_id=number) for number in range(1, 9)]
    shown = lines(scorecard_view(scorecard, many, not_read=4))
    assert "*12 open cases*, the worst 5 here and all with `/exceptions`" in shown
    assert sum("T-" in line for line in shown) == 5


# -- /exceptions, App Home ---------------------------------------------------


def test_the_worst_comes_first_and_what_nobody_has_before_what_somebody_has(
    case: CaseCard, now: datetime
) -> None:
    day = timedelta(days=1)
    cases = [
        replace(case, case_id=1, state=CaseState.ACKNOWLEDGED, since=now - 9 * day),
        replace(case, case_id=2, since=now - day),
        replace(case, case_id=3, since=now - 5 * day),
        replace(case, case_id=4, severity=Severity.CRITICAL, since=now, permalink="https://s/p4"),
        replace(case, case_id=5, severity=Severity.INFO, since=now - 20 * day),
    ]
    answer = exceptions_view(cases, now, ZONE)
    assert answer.text == "5 open cases"
    shown = lines(answer)
    assert shown[1] == "🔴 1 critical, 🟠 3 warning, 🔵 1 for information"
    order = [line.split(" ")[1] for line in shown[2:-1]]
    assert order == ["<https://s/p4|T-4>", "T-3", "T-2", "T-1", "T-5"]
    assert "Acme Freight" in shown[2]


def test_of_those_that_are_equally_old_the_dearest_comes_first(
    case: CaseCard, now: datetime
) -> None:
    assert case.shipment is not None
    cases = [
        replace(case, case_id=number, shipment=replace(case.shipment, value=value))
        for number, value in ((1, None), (2, 7_588.0), (3, 424_623.0), (4, math.nan))
    ]
    order = [line.split(" ")[1] for line in lines(exceptions_view(cases, now, ZONE))[2:-1]]
    assert order == ["T-3", "T-2", "T-1", "T-4"]


def test_a_list_of_several_partners_tells_all_its_times_in_one_zone(
    case: CaseCard, now: datetime
) -> None:
    taken = replace(
        case, state=CaseState.ACKNOWLEDGED, handled_by="U0OPS", handled_at=now, zone="Asia/Tokyo"
    )
    at = f"{now.astimezone(ZoneInfo(ZONE)):%H:%M}"
    shown = lines(exceptions_view([taken], now, ZONE))
    assert f"<@U0OPS> has it, {at}" in shown[2]
    assert at in shown[-1]
    home = lines_of(home_view([taken], [], now, ZONE)["blocks"])
    assert any(f"<@U0OPS> has it, {at}" in line for line in home)


def test_an_escalation_in_a_list_says_what_is_asked(case: CaseCard, now: datetime) -> None:
    asked = replace(case, kind=CaseKind.ESCALATION, facts={"reason": "Where is it?"})
    shown = lines(exceptions_view([asked], now, ZONE, "Acme Freight"))
    assert shown[2].startswith("🟠 T-1042 · *Escalated: an answer is needed* · “Where is it?”")


def test_no_open_cases_is_good_news(now: datetime) -> None:
    assert exceptions_view([], now, ZONE, "Acme").text == "No open cases of Acme. Nothing to do."


def test_home_groups_cases_by_partner_the_worst_partner_first(
    case: CaseCard, now: datetime
) -> None:
    cases = [
        case,
        replace(case, case_id=2, partner_name="Bolt", severity=Severity.CRITICAL),
        replace(case, case_id=3),
    ]
    home = home_view(cases, [SourceCard("easypost", "easypost", now)], now, ZONE)
    shown = lines_of(home["blocks"])
    assert home["type"] == "home"
    assert [line for line in shown if line.endswith(")")] == ["*Bolt* (1)", "*Acme Freight* (2)"]
    assert "🟢 *easypost* (easypost): answered just now" in shown
    calm = lines_of(home_view([], [], now, ZONE)["blocks"])
    assert calm[0] == "*No open cases.* Nothing to do."
    assert "*Sources*" not in calm


# -- misses, health, help ----------------------------------------------------


def test_the_shipments_behind_a_miss_are_listed(now: datetime) -> None:
    line = MissLine("SCX-1", ZONE, ordered_at=now, delivered_at=now)
    answer = misses_view("On-time delivery, June 2014", [line], now, ZONE, not_read=2)
    assert answer.text == "On-time delivery, June 2014: 3 shipments behind it"
    assert lines(answer)[1] == "• *SCX-1* · delivered Mon 17 Mar"
    none = misses_view("On-time delivery, June 2014", [], now, ZONE)
    assert none.text == "On-time delivery, June 2014: no shipment is behind it any more."


def test_health_says_which_source_is_stale_and_what_could_not_be_posted(now: datetime) -> None:
    hours = timedelta(hours=1)
    card = HealthCard(
        now,
        [
            SourceCard("easypost", "easypost", now - hours, now, now - 2 * hours, next_poll_at=now),
            SourceCard(
                "orders",
                "folder",
                now - 9 * hours,
                failures_in_a_row=4,
                last_error="cannot read <orders>",
                next_poll_at=now + hours,
                set_aside=17,
                set_aside_reasons=("shipments.csv:17: no date",),
            ),
            SourceCard("wms", "folder"),
        ],
        OutboxCard(3, 1, now - hours, ("C0ACME: channel_not_found",)),
        ZONE,
    )
    answer = health_view(card)
    assert answer.text == "1 of 3 sources failing, 1 message could not be posted"
    assert [line.strip() for line in lines(answer)] == [
        "*1 of 3 sources failing, 1 message could not be posted*",
        "3 messages waiting to be posted, the oldest for 1 hour.",
        "*1 message could not be posted.* Invite Tallyman to the channel, or mend its id in the "
        "book; `tallyman check` names every fault. Then `tallyman outbox list` shows them, and "
        "`tallyman outbox retry ID` sends one again.",
        "– C0ACME: channel_not_found",
        "🔻 *orders* (folder): answered 9 hours ago, next poll 09:12",
        "4 failures in a row: cannot read &lt;orders&gt;",
        "17 bad entries set aside",
        "– shipments.csv:17: no date",
        "– … and 16 more: `tallyman set-aside` lists them",
        "🟢 *easypost* (easypost): answered 1 hour ago, last news 2 hours ago, next poll due now",
        "❔ *wms* (folder): has never answered yet",
        "As of Mon 17 Mar 08:12, times in Lagos.",
    ]
    waiting = replace(card, unread_sources=("wms", "<orders>"))
    assert (
        "*Nothing is judged, and no delay told,* before each source was read to its end once. "
        "Still to be read: wms, &lt;orders&gt;." in lines(health_view(waiting))
    )
    well = health_view(HealthCard(now, [SourceCard("a", "folder", now)], OutboxCard(0, 0)))
    assert well.text == "1 source, all well"
    assert "Nothing is waiting to be posted." in lines(well)


def test_health_says_what_fails_by_itself_while_all_else_goes_on(now: datetime) -> None:
    failing = {DueKind.JUDGE_SHIPMENT: 2, DueKind.SAY_ALERT: 1, DueKind.POLL_SOURCE: 9}
    well = [SourceCard("a", "folder", now)]
    said = health_view(HealthCard(now, well, OutboxCard(0, 0), failing=failing))
    assert said.text == "1 source, all well; some work fails"
    assert (
        "*2 shipments can't be judged, 1 message can't be put into words.* The log says why, under "
        "“set aside for now”; it is tried again every quarter of an hour, and all else goes on."
    ) in lines(said)


def test_help_names_every_command() -> None:
    shown = "\n".join(lines(help_view()))
    for command, usage in USAGE.items():
        assert f"`{command} {usage}`" in shown


def test_help_for_people_from_outside_names_no_command_and_no_mute() -> None:
    shown = "\n".join(lines(help_from_outside()))
    assert "`@Tallyman shipment NUMBER | ORDER`" in shown
    assert "`/" not in shown
    assert "mute" not in shown.replace("🔕 muted", "")


def test_what_names_a_command_names_a_mention_to_people_from_outside() -> None:
    said = by_mention(errors.nothing_typed("/shipment"))
    assert (
        said.text
        == lines(said)[0]
        == (
            "Of what? Type `@Tallyman shipment NUMBER | ORDER | CASE | PARTNER`, such as "
            "`@Tallyman shipment 1Z999AA10123456784`."
        )
    )
    typed = by_mention(errors.unknown_shipment("`/tallyman x`", []))
    assert "“ˋ/tallyman xˋ”. `@Tallyman help` lists" in typed.text


# -- errors and notices ------------------------------------------------------


def test_a_misspelt_partner_is_answered_with_its_neighbours() -> None:
    answer = errors.unknown_partner("acne <!here>", ["Acme", "Acorn"], ["Acme"])
    assert answer.text == (
        "I know no partner “acne &lt;!here&gt;”. Did you mean *Acme* or *Acorn*?"
    )
    known = errors.unknown_partner("x", [], [f"P{number}" for number in range(10)])
    assert known.text.endswith("*P6*, *P7* and 2 more.")
    assert "Did you mean" not in known.text


def test_an_empty_command_is_answered_with_an_example() -> None:
    assert errors.nothing_typed("/scorecard").text == (
        "Of what? Type `/scorecard PARTNER [2014-06]`, such as `/scorecard acme last month`."
    )


def test_a_month_that_is_none_is_answered_with_what_to_type(now: datetime) -> None:
    with pytest.raises(UnknownPeriod) as raised:
        parse_period("`<!here>", now.date())
    assert errors.unknown_period(raised.value).text == (
        "“ˋ&lt;!here&gt;” is not a month that I know. Try `2014-02`, `february 2014`, `feb`, "
        "`last month` or `this month`."
    )
    with pytest.raises(UnknownPeriod) as raised:
        parse_period("2014-08", now.date())
    assert "August 2014 has not begun yet" in errors.unknown_period(raised.value).text


def test_notices_are_one_sentence() -> None:
    assert notices.escalated(7, "U0ADA", "C0ACME").text == (
        "T-7 is escalated. <@U0ADA> was asked for an answer in <#C0ACME>."
    )
    assert notices.escalated(7, None, "C0ACME", "https://s/p1").text == (
        "<https://s/p1|T-7> is escalated. An answer was asked for in <#C0ACME>."
    )
