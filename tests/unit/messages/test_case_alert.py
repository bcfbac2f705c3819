"""What a dispatcher reads at seven: what, since when, against which promise, who acts next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, MissLine, ShipmentCard
from bot.messages.case_alert import case_alert
from bot.rules.finding import Fact
from storage.vocabulary import CaseKind, CaseState, Reason, Severity, SnoozedFor, Status

TUESDAY = datetime(2014, 3, 18, 10, tzinfo=UTC)


def says(message: Message) -> str:
    """All that is written in it, a line each."""
    lines: list[str] = []
    for block in message.blocks:
        if block["type"] == "section":
            if "text" in block:
                lines.append(block["text"]["text"])
            lines += [part["text"].replace("\n", " ") for part in block.get("fields", ())]
        elif block["type"] == "context":
            lines += [part["text"] for part in block["elements"]]
    return "\n".join(lines)


def buttons(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def resolved(case: CaseCard) -> CaseCard:
    assert case.shipment is not None
    delivered = replace(case.shipment, status=Status.DELIVERED, delivered_at=TUESDAY)
    return replace(
        case,
        state=CaseState.RESOLVED,
        handled_by="rule",
        resolved_at=TUESDAY,
        now=TUESDAY,
        shipment=delivered,
    )


def test_a_late_shipment_says_all_that_one_needs(case: CaseCard) -> None:
    assert says(case_alert(case)).splitlines() == [
        "🟠 *Acme Freight · 3 days past its promise*",
        "*SCX-4411* · order PO-77 · Mumbai → Lagos · 12,400 USD",
        "*Next:* *Acme Freight* says where it is and when it arrives.",
        "Nobody has it yet",
        "*Promised* Fri 14 Mar, end of day in Lagos",
        "*Carrier expects it* Tue 18 Mar, 12:00 in Lagos",
        "*Last heard* 2 days ago in Dubai: “Arrived at hub”",
        "T-1042 · since Fri 14 Mar 23:59 · as of Mon 17 Mar 08:12 in Lagos",
    ]


def test_a_notification_is_understood_without_opening_it(case: CaseCard) -> None:
    assert case_alert(case).text == (
        "T-1042 Acme Freight, SCX-4411: 3 days past its promise. Nobody has it yet."
    )
    assert case_alert(resolved(case)).text == (
        "T-1042 Acme Freight, SCX-4411: resolved after 3 days: delivered Tue 18 Mar, 4 days late"
    )


def test_only_what_is_critical_or_escalated_rings_the_account_manager(case: CaseCard) -> None:
    assert "<@U0ADA>" not in says(case_alert(case))
    critical = says(case_alert(replace(case, severity=Severity.CRITICAL)))
    assert (
        "*Next:* <@U0ADA>, please see that *Acme Freight* says where it is and when it arrives."
        in critical
    )
    escalated = says(case_alert(replace(case, state=CaseState.ESCALATED)))
    assert "<@U0ADA>, please" in escalated


def test_what_somebody_has_is_not_asked_of_the_account_manager_too(case: CaseCard) -> None:
    has_it = replace(
        case, severity=Severity.CRITICAL, state=CaseState.ACKNOWLEDGED, handled_by="U0OPS"
    )
    said = says(case_alert(has_it))
    assert "*Next:* *Acme Freight* says where it is and when it arrives." in said
    assert "👀 <@U0OPS> has it" in said


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (CaseState.OPEN, ["Acknowledge", "Snooze", "Escalate", "Resolve"]),
        (CaseState.ACKNOWLEDGED, ["Snooze", "Escalate", "Resolve"]),
        (CaseState.SNOOZED, ["Acknowledge", "Escalate", "Resolve"]),
        (CaseState.ESCALATED, ["Acknowledge", "Resolve"]),
        (CaseState.RESOLVED, []),
    ],
)
def test_only_buttons_that_make_sense_are_shown(
    case: CaseCard, state: CaseState, shown: list[str]
) -> None:
    assert buttons(case_alert(replace(case, state=state))) == shown


def test_a_button_knows_its_case(case: CaseCard) -> None:
    actions = case_alert(case).blocks[-1]
    assert actions["block_id"] == "case:1042"
    assert actions["elements"][0]["action_id"] == "case_acknowledge"
    assert {element["value"] for element in actions["elements"]} == {"1042"}


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (CaseState.ACKNOWLEDGED, "👀 <@U0OPS> has it, 08:00"),
        (
            CaseState.SNOOZED,
            "💤 Snoozed by <@U0OPS> until Tue 18 Mar 11:00: nothing to do until then.",
        ),
        (CaseState.ESCALATED, "📣 Escalated by <@U0OPS>, 08:00: patients wait"),
    ],
)
def test_the_state_is_said_with_who_and_when(case: CaseCard, state: CaseState, line: str) -> None:
    handled = replace(
        case,
        state=state,
        handled_by="U0OPS",
        handled_at=datetime(2014, 3, 17, 7, tzinfo=UTC),
        note="patients wait" if state is CaseState.ESCALATED else None,
        snoozed_until=TUESDAY if state is CaseState.SNOOZED else None,
    )
    assert line in says(case_alert(handled)).splitlines()


def test_while_it_is_snoozed_nobody_is_asked_for_anything(case: CaseCard) -> None:
    snoozed = replace(case, state=CaseState.SNOOZED, snoozed_until=TUESDAY)
    shown = says(case_alert(snoozed))
    assert "until Tue 18 Mar 11:00: nothing to do until then." in shown
    assert "*Next:*" not in shown


def test_a_resolved_case_says_how_long_it_took_and_why_it_ended(case: CaseCard) -> None:
    shown = says(case_alert(resolved(case)))
    assert shown.startswith("✅ *Acme Freight · Past its promise: over*")
    assert shown.splitlines()[2:] == [
        "Resolved after 3 days: delivered Tue 18 Mar, 4 days late.",
        "T-1042 · Sat 15 Mar 00:05 to Tue 18 Mar 11:00 in Lagos",
    ]


def test_a_promised_day_is_counted_in_days_of_the_calendar(
    case: CaseCard, shipment: ShipmentCard
) -> None:
    """As the partner's on-time delivery is, and with no minutes to a midnight."""

    def told(days: int) -> str:
        assert shipment.promised_at is not None
        at = shipment.promised_at + timedelta(days=days)
        ahead = replace(shipment, promised_at=at)
        card = replace(case, kind=CaseKind.NO_SCAN, shipment=ahead)
        (line,) = (line for line in says(case_alert(card)).splitlines() if "*Promised*" in line)
        return line.rpartition(": ")[2]

    assert [told(days) for days in (-1, 0, 2, 3, 4, 6)] == [
        "4 days past",
        "3 days past",
        "1 day past",
        "today",
        "1 day to go",
        "3 days to go",
    ]


def test_a_question_stands_above_who_answers_it(case: CaseCard) -> None:
    asked = replace(
        case,
        kind=CaseKind.ESCALATION,
        state=CaseState.ESCALATED,
        handled_by="U0OPS",
        facts={"reason": "Where is it?"},
    )
    assert says(case_alert(asked)).splitlines()[2:5] == [
        "“Where is it?”",
        "*Next:* <@U0ADA>, please see that *Acme Freight* answers.",
        "📣 Escalated by <@U0OPS>",
    ]
    assert "“Where is it?”" in says(case_alert(resolved(asked)))


def test_what_was_only_a_symptom_names_the_case_that_covers_it(case: CaseCard) -> None:
    covered = replace(
        case,
        state=CaseState.RESOLVED,
        handled_by="rule",
        note="explained by lost",
        explained_by_case=17,
        resolved_at=case.opened_at + timedelta(hours=2),
    )
    assert "Resolved after 2 hours: covered by T-17: lost." in says(case_alert(covered))
    by_hand = replace(covered, handled_by="U0OPS")
    assert "after 2 hours: explained by lost." in says(case_alert(by_hand))


def test_a_case_that_comes_and_goes_says_so(case: CaseCard) -> None:
    steady = "On and off, 4 times since Sat 15 Mar: kept open until it stays away for 24 h."
    assert steady in says(case_alert(replace(case, times_back=3))).splitlines()
    assert "On and off" not in says(case_alert(replace(case, times_back=2)))


def test_a_case_that_looks_over_asks_nobody_for_anything(case: CaseCard) -> None:
    clear = replace(
        case,
        clear_since=case.now - timedelta(hours=1),
        resolves_at=case.now + timedelta(hours=1),
    )
    assert (
        "*Next:* nothing: looks over since 07:12; resolves at 09:12 if it stays so."
        in says(case_alert(clear)).splitlines()
    )
    unknown_end = says(case_alert(replace(clear, resolves_at=None)))
    assert "looks over since 07:12; resolves by itself if it stays so." in unknown_end


@pytest.mark.parametrize(
    ("snoozed_for", "until", "end"),
    [
        (SnoozedFor.CHECKPOINT, None, "until the next checkpoint"),
        (
            SnoozedFor.CHECKPOINT,
            TUESDAY,
            "until the next checkpoint, Tue 18 Mar 11:00 at the latest",
        ),
        (SnoozedFor.PROMISE, TUESDAY, "until the promise, Tue 18 Mar 11:00"),
        (SnoozedFor.TIME, TUESDAY, "until Tue 18 Mar 11:00"),
    ],
)
def test_a_snooze_says_what_ends_it(
    case: CaseCard, snoozed_for: SnoozedFor, until: datetime | None, end: str
) -> None:
    snoozed = replace(
        case,
        state=CaseState.SNOOZED,
        handled_by="U0OPS",
        snoozed_for=snoozed_for,
        snoozed_until=until,
    )
    shown = says(case_alert(snoozed)).splitlines()
    assert f"💤 Snoozed by <@U0OPS> {end}: nothing to do until then." in shown


def test_an_estimate_that_has_passed_is_told_as_one_that_was(
    case: CaseCard, shipment: ShipmentCard
) -> None:
    stale = replace(shipment, estimated_at=case.now - timedelta(days=1))
    assert "*Carrier expected it* Sun 16 Mar" in says(case_alert(replace(case, shipment=stale)))
    lost = replace(shipment, status=Status.LOST)
    assert "*Carrier expect" not in says(case_alert(replace(case, shipment=lost)))


def test_where_it_stands_is_told_where_the_headline_does_not(
    case: CaseCard, shipment: ShipmentCard
) -> None:
    held = replace(shipment, status=Status.ON_HOLD, reason=Reason.WEATHER)
    late = says(case_alert(replace(case, shipment=held)))
    assert "*Last heard* 2 days ago in Dubai: on hold (weather), “Arrived at hub”" in late
    on_hold = says(case_alert(replace(case, kind=CaseKind.ON_HOLD, shipment=held)))
    assert "*Last heard* 2 days ago in Dubai: “Arrived at hub”" in on_hold


def test_a_case_resolved_by_hand_says_by_whom_and_why(case: CaseCard) -> None:
    closed = replace(
        case,
        state=CaseState.RESOLVED,
        handled_by="U0OPS",
        note="A new date is agreed",
        resolved_at=case.opened_at + timedelta(hours=2),
    )
    assert "Resolved by <@U0OPS> after 2 hours: A new date is agreed." in says(case_alert(closed))


def test_a_missed_pick_up_says_when_it_was_due(case: CaseCard) -> None:
    facts = {"expected_by": "2014-03-14T09:00:00+00:00"}
    missed = replace(case, kind=CaseKind.NEVER_PICKED_UP, facts=facts)
    assert "*Pick-up was due* Fri 14 Mar 10:00 in Lagos" in says(case_alert(missed))


@pytest.fixture
def breach(case: CaseCard) -> CaseCard:
    promised = datetime(2014, 2, 3, 22, 59, 59, tzinfo=UTC)
    return replace(
        case,
        kind=CaseKind.TERM_BREACHED,
        shipment=None,
        facts={
            "side": "carrier",
            "metric": "on_time_delivery",
            "period": "2014-02",
            "numerator": 14,
            "denominator": 17,
            "target": 0.95,
            "misses": 3,
        },
        misses=(
            MissLine(
                "SCX-1",
                "Africa/Lagos",
                "PO-1",
                "Lagos",
                promised_at=promised,
                delivered_at=promised + timedelta(days=5, hours=-9),
            ),
            MissLine("SCX-2", "Africa/Lagos", promised_at=promised),
        ),
    )


def test_a_breach_shows_its_figure_its_sample_and_the_shipments_behind_it(
    breach: CaseCard,
) -> None:
    shown = says(case_alert(breach))
    assert shown.splitlines()[:7] == [
        "🟠 *Acme Freight · On-time delivery in February 2014: 82.4% (14 of 17), promised at "
        "least 95%*",
        "*Next:* *Acme Freight* explains the misses, and says what changes.",
        "Nobody has it yet",
        "*3 shipments behind it*, the first 2:",
        "• *SCX-1* · to Lagos · promised Mon 3 Feb · 5 days late",
        "• *SCX-2* · promised Mon 3 Feb · not delivered, 42 days late",
        "Counted: delivered no later than promised / delivered or due, of those promised in the "
        "period. 95% interval 59% to 93.8%.",
    ]
    assert buttons(case_alert(breach))[-1] == "Show shipments"


def test_a_breach_of_a_measured_kpi_offers_no_shipments_that_it_has_not(
    breach: CaseCard,
) -> None:
    facts: dict[str, Fact] = {"metric": "dock_to_stock_time", "period": "2014-02", "target": 48}
    slow = replace(breach, facts={**facts, "numerator": 4100, "denominator": 50}, misses=())
    shown = case_alert(slow)
    assert (
        "Dock-to-stock time in February 2014: 82 hours on average (50 counted), promised at most "
        "48 hours" in says(shown)
    )
    assert "Show shipments" not in buttons(shown)


def test_a_figure_a_hair_below_its_target_does_not_look_equal_to_it(breach: CaseCard) -> None:
    hair = replace(breach, facts={**breach.facts, "numerator": 1899, "denominator": 2000})
    assert "94.95% (1,899 of 2,000), promised at least 95%" in says(case_alert(hair))


@pytest.mark.parametrize(
    ("kind", "facts", "over"),
    [
        (CaseKind.NEVER_PICKED_UP, {}, "it is on its way"),
        (CaseKind.NOT_DISPATCHED, {}, "it was dispatched"),
        (CaseKind.NO_SCAN, {"last_scan_at": "2014-03-12T07:12:00+00:00"}, "it was scanned again"),
    ],
)
def test_what_ends_because_the_book_changed_is_not_said_to_have_moved(
    case: CaseCard, kind: CaseKind, facts: dict[str, Fact], over: str
) -> None:
    """A threshold was raised, or switched off; of the shipment nothing new is known."""
    assert case.shipment is not None
    assert case.shipment.last_checkpoint is not None
    moved = replace(
        case, kind=kind, facts=facts, state=CaseState.RESOLVED, handled_by="rule", note=None
    )
    assert case_alert(moved).text.endswith(f": {over}")
    last = replace(
        case.shipment.last_checkpoint,
        occurred_at=datetime(2014, 3, 12, 7, 12, tzinfo=UTC),
        status=Status.LABEL_CREATED,
    )
    as_before = replace(moved, shipment=replace(case.shipment, last_checkpoint=last))
    assert case_alert(as_before).text.endswith(": it no longer counts as an exception")


def test_a_source_that_was_never_heard_has_not_been_silent_for_a_minute(case: CaseCard) -> None:
    facts: dict[str, Fact] = {"source": "easypost", "failures": 3, "error": "401"}
    failing = replace(
        case,
        kind=CaseKind.SOURCE_FAILING,
        partner_name=None,
        shipment=None,
        facts=facts,
        since=case.now,
    )
    assert "🟠 *Source easypost has never answered*" in says(case_alert(failing))


def test_a_silent_source_says_since_when_and_what_it_answered(case: CaseCard) -> None:
    facts: dict[str, Fact] = {
        "source": "easypost",
        "failures": 7,
        "last_success_at": "2014-03-17T04:12:00+00:00",
        "error": "502 Bad Gateway",
    }
    failing = replace(
        case, kind=CaseKind.SOURCE_FAILING, partner_name=None, shipment=None, facts=facts
    )
    shown = says(case_alert(failing))
    assert "🟠 *Source easypost has not answered for 3 hours*" in shown
    assert "*Last good answer* Mon 17 Mar 05:12 (3 hours ago)" in shown
    assert "*Last error* 502 Bad Gateway" in shown
    assert case_alert(failing).text.startswith("T-1042 Tallyman: Source easypost has not answered")


def test_a_source_that_never_answered_says_that_nothing_is_judged_without_it(
    case: CaseCard,
) -> None:
    failing = replace(
        case,
        kind=CaseKind.SOURCE_FAILING,
        partner_name=None,
        shipment=None,
        facts={"source": "easypost", "failures": 3, "last_success_at": None},
    )
    shown = says(case_alert(failing))
    assert "mends it; until it was read once, no delay of any shipment is told" in shown
    assert "*Last good answer* never" in shown


def test_facts_that_are_missing_or_broken_still_give_an_alert(case: CaseCard) -> None:
    for kind in CaseKind:
        bare = replace(case, kind=kind, facts={}, shipment=None, partner_name=None)
        assert "T-1042" in case_alert(bare).text
        broken: dict[str, Fact] = {
            "estimated_at": "yesterday",
            "last_scan_at": "2014-03-15T07:12:00",
            "numerator": "many",
            "denominator": 0,
            "attempts": None,
            "period": "<!here>",
            "side": "nobody",
            "reason": "<!here>",
        }
        assert "<!here>" not in says(case_alert(replace(bare, facts=broken)))


def test_the_same_card_gives_the_same_message(case: CaseCard, shipment: ShipmentCard) -> None:
    assert case_alert(case) == case_alert(replace(case, shipment=replace(shipment)))
