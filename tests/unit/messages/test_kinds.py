"""Every kind of case in its own words: what is wrong, and who does what next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import case_words
from bot.messages.cards import CaseCard
from bot.messages.case_alert import case_alert
from bot.messages.kinds import words_of
from bot.rules.finding import Fact
from storage.vocabulary import CaseKind, CaseState, PartnerKind, Status

FRIDAY, SATURDAY = "2014-03-14T07:12:00+00:00", "2014-03-15T07:12:00+00:00"
WEDNESDAY = "2014-03-19T07:12:00+00:00"

Facts = Mapping[str, Fact]

STORIES: list[tuple[CaseKind, Facts, str, str]] = [
    (
        CaseKind.NOT_DISPATCHED,
        {"side": "shipper", "ship_by": SATURDAY, "is_labelled": True},
        "Labelled, not dispatched: 2 days past ship-by",
        "*the sender* hands it to Acme Freight, or says when",
    ),
    (
        CaseKind.NEVER_PICKED_UP,
        {"side": "shipper", "announced_at": FRIDAY},
        "Not picked up, announced 3 days ago",
        "*the sender* hands it over, or Acme Freight says when it picks it up",
    ),
    (
        CaseKind.NO_SCAN,
        {"side": "carrier", "last_scan_at": SATURDAY},
        "No scan for 2 days",
        "*Acme Freight* finds it, and says when it arrives",
    ),
    (
        CaseKind.CARRIER_DELAY,
        {"side": "external", "reason": "weather", "estimated_at": WEDNESDAY},
        "Delay announced, 5 days late: weather",
        "*Acme Freight* gives a new date as soon as it can move again",
    ),
    (
        CaseKind.ETA_PAST_PROMISE,
        {"side": "carrier", "estimated_at": "2014-03-18T11:00:00+00:00", "slips": 3},
        "Expected 4 days late, slipped 3 times",
        "*Acme Freight* gets it back on time, or confirms the new date",
    ),
    (
        CaseKind.WRONG_WAY,
        {"side": "carrier", "how": "back", "location": "Dubai", "came_from": "Mumbai"},
        "Going the wrong way: back in Dubai, from Mumbai",
        "*Acme Freight* turns it round, and gives a new date",
    ),
    (
        CaseKind.CUSTOMS_HOLD,
        {"side": "shipper", "what": "documents", "held_since": SATURDAY},
        "Held at customs for 2 days: documents missing",
        "*the sender* hands in the missing documents: Acme Freight says which",
    ),
    (
        CaseKind.CUSTOMS_HOLD,
        {"side": "consignee", "what": "duties", "held_since": SATURDAY},
        "Held at customs for 2 days: duties to be paid",
        "*the consignee* pays the duties: Acme Freight says how much, and to whom",
    ),
    (
        CaseKind.CUSTOMS_HOLD,
        {"side": "customs", "what": "inspection", "held_since": SATURDAY},
        "Held at customs for 2 days: customs inspection",
        "*Acme Freight* asks the broker when customs will be done inspecting",
    ),
    (
        CaseKind.ON_HOLD,
        {"side": "carrier", "reason": "vehicle", "held_since": SATURDAY},
        "On hold for 2 days: vehicle trouble",
        "*Acme Freight* gets it moving again, and gives a new date",
    ),
    (
        CaseKind.DAMAGED,
        {"side": "carrier"},
        "Damaged on the way",
        "*Acme Freight* says what can be saved; ops decides whether it goes on",
    ),
    (
        CaseKind.DAMAGED,
        {"side": "carrier", "delivered_at": SATURDAY},
        "Delivered damaged",
        "*ops* sends photographs for the claim, and Acme Freight takes it up",
    ),
    (
        CaseKind.LOST,
        {"side": "carrier", "last_seen_at": SATURDAY, "last_seen_in": "Dubai"},
        "Lost, last seen 2 days ago in Dubai",
        "*Acme Freight* confirms the loss for the claim; ops decides whether to send again",
    ),
    (
        CaseKind.DELIVERY_ATTEMPT_FAILED,
        {"side": "consignee", "attempts": 2, "reason": "not_home"},
        "2 delivery attempts failed: nobody there",
        "*ops* agrees a new date with the consignee, and tells Acme Freight",
    ),
    (
        CaseKind.DELIVERY_ATTEMPT_FAILED,
        {"side": "carrier", "attempts": 1},
        "Delivery attempt failed",
        "*Acme Freight* says when the next attempt is",
    ),
    (
        CaseKind.DELIVERY_ATTEMPT_FAILED,
        {"side": "consignee", "attempts": 2, "reason": "not_home", "status": "undeliverable"},
        "Undeliverable after 2 attempts: nobody there",
        "*ops* agrees a new date with the consignee, and tells Acme Freight",
    ),
    (
        CaseKind.DELIVERY_ATTEMPT_FAILED,
        {"side": "carrier", "attempts": 0, "status": "undeliverable"},
        "Undeliverable",
        "*Acme Freight* says why, and whether it tries again or sends it back",
    ),
    (
        CaseKind.ADDRESS_PROBLEM,
        {"side": "consignee", "reason": "moved"},
        "The consignee has moved",
        "*ops* asks the consignee for the right address, and tells Acme Freight",
    ),
    (
        CaseKind.ADDRESS_PROBLEM,
        {"side": "consignee", "reason": "no_access"},
        "No way in at the address",
        "*ops* asks the consignee how to get in, and tells Acme Freight",
    ),
    (
        CaseKind.REFUSED,
        {"side": "consignee", "status": "undeliverable"},
        "Refused by the consignee, undeliverable",
        "*ops* asks the consignee why, and tells Acme Freight: deliver again, or send back",
    ),
    (
        CaseKind.PICKUP_EXPIRING,
        {"side": "consignee", "returns_at": WEDNESDAY},
        "2 days left to collect it",
        "*ops* reminds the consignee to collect it; Acme Freight keeps it until then",
    ),
    (
        CaseKind.PROMISE_PASSED,
        {"side": "carrier"},
        "3 days past its promise",
        "*Acme Freight* says where it is and when it arrives",
    ),
    (
        CaseKind.DELIVERED_SHORT,
        {"side": "carrier", "ordered": 100, "delivered": 80, "missing": 20},
        "20 of 100 missing from the delivery",
        "*Acme Freight* says where the rest is, and when it arrives",
    ),
    (
        CaseKind.RETURNING_UNASKED,
        {"side": "carrier", "status": "returning"},
        "On its way back, unasked",
        "*Acme Freight* says why it turned round, and whether it can still be stopped",
    ),
    (
        CaseKind.RETURNING_UNASKED,
        {"side": "shipper", "status": "returned", "reason": "refused"},
        "Came back unasked: refused",
        "*the sender* decides what becomes of it: send again, keep or write off",
    ),
    (
        CaseKind.RETURN_NOT_PROCESSED,
        {"side": "carrier", "received_at": SATURDAY},
        "Back for 2 days, not processed yet",
        "*Acme Freight* books it in, or says what holds it up",
    ),
    (
        CaseKind.RETURNS_ABOVE_NORMAL,
        {"returns_of": "item", "name": "MUG-2", "count": 32, "expected": 10.23, "days": 7},
        "Item MUG-2: 32 returns in 7 days, usually 10",
        "*ops* finds out what they have in common, before more is sent",
    ),
    (
        CaseKind.SOURCE_STALE,
        {"source": "easypost", "why": "nothing_new", "last_news_at": SATURDAY},
        "Source easypost answers, but told nothing new for 2 days",
        "*whoever runs Tallyman* mends it; until then its silence means nothing",
    ),
    (
        CaseKind.NUMBER_UNKNOWN,
        {"side": "shipper", "announced_at": FRIDAY},
        "Number unknown to the carrier, announced 3 days ago",
        "*the sender* checks the number; Acme Freight says whether it has the goods",
    ),
    (
        CaseKind.NUMBER_REUSED,
        {"side": "shipper", "days_between": 120},
        "Number scanned 120 days after its delivery: used twice?",
        "*the sender* says which shipment now travels under this number",
    ),
    (
        CaseKind.CHECKPOINTS_CONTRADICT,
        {"side": "carrier", "what": "scanned_after_delivery"},
        "Delivered, and then scanned on its way",
        "*Acme Freight* says what is true, and puts it right",
    ),
    (
        CaseKind.MEASUREMENT_MISSING,
        {"metric": "dock_to_stock_time", "period": "2014-02", "days": 28, "days_missing": 3},
        "Dock-to-stock time in February 2014: 3 of 28 days not reported",
        "*Acme Freight* reports it",
    ),
    (
        CaseKind.MEASUREMENT_IMPOSSIBLE,
        {
            "metric": "on_time_delivery",
            "period": "2014-03-10..2014-03-16",
            "why": "over_100_percent",
            "numerator": 112,
            "denominator": 100,
        },
        "On-time delivery from 10 to 16 March 2014: over 100%",
        "*Acme Freight* corrects the figure, or explains it",
    ),
    (
        CaseKind.ESCALATION,
        {"reason": "Where is it?"},
        "Escalated: an answer is needed",
        "*Acme Freight* answers",
    ),
]


@pytest.mark.parametrize(("kind", "facts", "headline", "step"), STORIES)
def test_a_kind_says_what_is_wrong_and_who_is_next(
    case: CaseCard, kind: CaseKind, facts: Facts, headline: str, step: str
) -> None:
    card = replace(case, kind=kind, facts=facts)
    assert case_words.headline(card) == headline
    assert case_words.next_step(card) == f"{step}."


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        (CaseKind.CUSTOMS_HOLD, "Held at customs: documents missing"),
        (CaseKind.ON_HOLD, "On hold: documents missing"),
    ],
)
def test_what_is_held_since_just_now_is_not_counted_in_minutes(
    case: CaseCard, kind: CaseKind, headline: str
) -> None:
    held_since = (case.now - timedelta(minutes=59)).isoformat()
    facts: Facts = {"side": "shipper", "reason": "documents", "held_since": held_since}
    assert case_words.headline(replace(case, kind=kind, facts=facts)) == headline


@pytest.mark.parametrize(
    ("kind", "facts", "step"),
    [
        (CaseKind.NOT_DISPATCHED, {"side": "shipper"}, "*Orgenics* dispatches it, or says when"),
        (
            CaseKind.NEVER_PICKED_UP,
            {"side": "shipper"},
            "*Orgenics* hands it to the carrier, or says that it did",
        ),
        (
            CaseKind.CUSTOMS_HOLD,
            {"side": "shipper", "what": "documents"},
            "*Orgenics* hands customs the missing documents",
        ),
        (CaseKind.PROMISE_PASSED, {"side": "shipper"}, "*Orgenics* says when it moves"),
        (
            CaseKind.RETURNING_UNASKED,
            {"side": "shipper"},
            "*Orgenics* decides what becomes of it: send again, keep or write off",
        ),
    ],
)
@pytest.mark.parametrize("partner_kind", [PartnerKind.SUPPLIER, PartnerKind.THIRD_PARTY_LOGISTICS])
def test_a_partner_that_sends_is_asked_for_what_the_sender_owes(
    case: CaseCard, partner_kind: PartnerKind, kind: CaseKind, facts: Facts, step: str
) -> None:
    card = replace(case, kind=kind, facts=facts, partner_name="Orgenics", partner_kind=partner_kind)
    assert case_words.next_step(card) == f"{step}."


def test_in_a_channel_that_both_share_nobody_is_we(case: CaseCard) -> None:
    """Whoever runs Tallyman goes by the name that the book gives them; ops without one."""
    facts = {"side": "consignee", "reason": "bad_address"}
    card = replace(case, kind=CaseKind.ADDRESS_PROBLEM, facts=facts)
    step = "asks the consignee for the right address, and tells Acme Freight."
    assert case_words.next_step(card) == f"*ops* {step}"
    assert case_words.next_step(replace(card, company="Meridian Health")) == (
        f"*Meridian Health* {step}"
    )


@pytest.mark.parametrize(("kind", "facts", "_headline", "_step"), STORIES)
def test_who_acts_first_is_in_bold_and_nobody_else(
    case: CaseCard, kind: CaseKind, facts: Facts, _headline: str, _step: str
) -> None:
    step = words_of(kind).ask(replace(case, kind=kind, facts=facts))
    assert step.startswith("*")
    assert step.count("*") == 2
    assert {"we", "us", "our"}.isdisjoint(step.split())


@pytest.mark.parametrize(
    ("ordered_at", "due_at", "said"),
    [
        (
            "2014-03-14T12:20:00+00:00",
            "2014-03-14T17:00:00+00:00",
            "Fri 14 Mar, 18:00 in Lagos: ordered Fri 14 Mar 13:20, before the cut-off of 14:00",
        ),
        (
            "2014-03-14T13:00:00+00:00",
            "2014-03-17T17:00:00+00:00",
            "Mon 17 Mar, 18:00 in Lagos: ordered Fri 14 Mar 14:00, after the cut-off of 14:00",
        ),
        (
            "2014-03-15T08:00:00+00:00",
            "2014-03-17T22:59:59+00:00",
            "Mon 17 Mar, end of day in Lagos: ordered Sat 15 Mar 09:00, when nobody works",
        ),
        (
            "2014-03-13T23:00:00+00:00",
            "2014-03-17T17:00:00+00:00",
            "Mon 17 Mar, 18:00 in Lagos: ordered Fri 14 Mar, maybe after the cut-off of 14:00",
        ),
    ],
)
def test_a_dispatch_that_follows_from_the_cut_off_says_how(
    case: CaseCard, ordered_at: str, due_at: str, said: str
) -> None:
    facts = {"side": "shipper", "ordered_at": ordered_at, "ship_by": due_at}
    derived = replace(case, kind=CaseKind.NOT_DISPATCHED, facts={**facts, "cut_off": "14:00"})
    given = replace(case, kind=CaseKind.NOT_DISPATCHED, facts=facts)
    assert f"*Ship by* {said}" in str(case_alert(derived).blocks)
    assert "cut-off" not in str(case_alert(given).blocks)
    assert "*Ship by*" in str(case_alert(given).blocks)


@pytest.mark.parametrize("kind", CaseKind)
def test_a_kind_that_is_over_says_so_in_its_title_and_why(case: CaseCard, kind: CaseKind) -> None:
    over = replace(
        case,
        kind=kind,
        state=CaseState.RESOLVED,
        handled_by="rule",
        resolved_at=case.opened_at + timedelta(hours=2),
    )
    shown = [block["text"]["text"] for block in case_alert(over).blocks if "text" in block]
    assert shown[-1] == f"Resolved after 2 hours: {words_of(kind).over}."


def test_a_lost_shipment_that_arrived_after_all_says_that(case: CaseCard) -> None:
    assert case.shipment is not None
    delivered = replace(case.shipment, status=Status.DELIVERED, delivered_at=case.now)
    over = replace(
        case,
        kind=CaseKind.LOST,
        state=CaseState.RESOLVED,
        resolved_at=case.opened_at + timedelta(hours=2),
        shipment=delivered,
    )
    assert case_words.resolution(over) == (
        "resolved after 2 hours: delivered Mon 17 Mar, 3 days late"
    )


FACT_NAMES = sorted({name for _, facts, _, _ in STORIES for name in facts} | {"against", "error"})
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([FRIDAY, "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00"])
    | st.sampled_from(["documents", "returned", "item", "scanned_in_future", "2014-02", "carrier"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    kind=st.sampled_from(CaseKind),
    state=st.sampled_from(CaseState),
    partner_kind=st.none() | st.sampled_from(PartnerKind),
    facts=st.dictionaries(st.sampled_from(FACT_NAMES), ANYTHING),
)
def test_no_fact_however_wrong_breaks_a_message(
    case: CaseCard,
    kind: CaseKind,
    state: CaseState,
    partner_kind: PartnerKind | None,
    facts: Facts,
) -> None:
    card = replace(case, kind=kind, state=state, partner_kind=partner_kind, facts=facts)
    message = case_alert(card)
    assert message.text.startswith("T-1042 Acme Freight")
    assert all(block.get("text", {"text": "…"})["text"].strip() for block in message.blocks)
