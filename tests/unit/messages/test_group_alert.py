"""Twelve late shipments are one message: how many, how bad, whose, and who acts next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages.blocks import Message
from bot.messages.cards import CaseCard
from bot.messages.group_alert import group_alert, group_block_id, shows_all
from storage.vocabulary import AlertForm, CaseKind, CaseState, Severity
from tests.unit.messages.groups import choices, group, over, several, table_of, taken

PICKED_UP_BY = "2014-03-19T07:12:00+00:00"


def says(message: Message) -> list[str]:
    """What is written around the table, a line each."""
    lines: list[str] = []
    for block in message.blocks:
        if block["type"] == "section":
            lines += block["text"]["text"].splitlines()
        elif block["type"] == "context":
            lines += [part["text"] for part in block["elements"]]
    return lines


def buttons(message: Message) -> list[str]:
    return [
        element["text"]["text"] if element["type"] == "button" else element["placeholder"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_several_late_shipments_say_all_that_one_needs(case: CaseCard) -> None:
    assert says(group_alert(group(several(case, 12)))) == [
        "🟠 *Acme Freight · 12 shipments past their promise*",
        "Mumbai → Lagos · all 12 last heard of in Dubai · 148,800 USD at stake",
        "*Next*, for each: *Acme Freight* says where it is and when it arrives.",
        "Nobody has any of them yet",
        "Since Mon 3 Mar 23:59 · as of Mon 17 Mar 08:12 in Lagos",
    ]


def test_the_table_has_the_worst_first_and_only_columns_that_say_something(case: CaseCard) -> None:
    titles, first, *_ = table_of(group_alert(group(several(case, 3))))
    assert titles == ["Case", "Shipment", "Late by", "Promised", "Last heard", "Where", "Value"]
    assert first == [
        "🟠 T-1044",
        "SCX-4413",
        "5 days",
        "Wed 12 Mar",
        "2 days ago",
        "Dubai",
        "12,400 USD",
    ]


def test_who_has_what_is_in_the_table_once_somebody_has_something(case: CaseCard) -> None:
    first, second, third, fourth = several(case, 4)
    snoozed = replace(third, state=CaseState.SNOOZED, snoozed_until=case.now + timedelta(hours=3))
    leaving = replace(fourth, clear_since=case.now - timedelta(minutes=5))
    titles, *rows = table_of(group_alert(group([first, taken(second), snoozed, leaving])))
    who = titles.index("Who has it")
    assert {row[0]: row[who] for row in rows} == {
        "🟠 T-1042": "nobody",
        "🟠 T-1043": "👀 @U0OPS",
        "🟠 T-1044": "💤 until 11:12",
        "🟠 T-1045": "looks over",
    }


def test_a_group_in_work_counts_what_is_left(case: CaseCard) -> None:
    cases = several(case, 6)
    mixed = [*cases[:3], taken(cases[3]), over(cases[4]), over(cases[5])]
    said = says(group_alert(group(mixed, continues=True)))
    assert said[0] == "🟠 *Acme Freight · 6 shipments past their promise, 4 still open*"
    assert said[-3:] == [
        "Nobody has 3 of these 4 yet · 👀 1 acknowledged",
        "Since Tue 11 Mar 23:59 · as of Mon 17 Mar 08:12 in Lagos",
        "An earlier message tells of those that came before.",
    ]


def test_who_has_all_of_them_is_named(case: CaseCard) -> None:
    first, second = map(taken, several(case, 2))
    assert "👀 <@U0OPS> has both" in says(group_alert(group([first, second])))
    assert "👀 <@U0OPS> has it" in says(group_alert(group([first, over(second)])))
    other = replace(second, handled_by="U0ADA")
    assert "👀 2 acknowledged" in says(group_alert(group([first, other])))


def test_what_is_over_leaves_the_table(case: CaseCard) -> None:
    first, second, third = several(case, 3)
    assert [row[0] for row in table_of(group_alert(group([first, over(second), third])))] == [
        "Case",
        "🟠 T-1044",
        "🟠 T-1042",
    ]


def test_the_account_manager_is_asked_for_what_is_critical(case: CaseCard) -> None:
    first, *others = several(case, 4)
    calm = group_alert(group([first, *others]))
    assert "U0ADA" not in str(calm.blocks)
    critical = replace(first, severity=Severity.CRITICAL)
    message = group_alert(group([critical, *others]))
    assert says(message)[0].startswith("🔴 ")
    assert says(message)[-4:-2] == [
        "*Next:* <@U0ADA>, please see to the critical one first.",
        "For each: *Acme Freight* says where it is and when it arrives.",
    ]
    assert "1 of 4 is critical." in message.text
    assert message.text.count("U0ADA") == 0


def test_of_what_is_critical_the_account_manager_is_asked_for_what_nobody_has(
    case: CaseCard,
) -> None:
    worst = [replace(each, severity=Severity.CRITICAL) for each in several(case, 3)]
    some = group_alert(group([worst[0], worst[1], taken(worst[2])]))
    assert "*Next:* <@U0ADA>, please see first to the 2 critical ones that nobody has." in says(
        some
    )
    every = group_alert(group([taken(each) for each in worst]))
    assert "*Next*, for each: *Acme Freight* says where it is and when it arrives." in says(every)
    assert "👀 <@U0OPS> has all 3" in says(every)
    assert "U0ADA" not in str(every.blocks)


def test_an_escalated_one_goes_first(case: CaseCard) -> None:
    first, *others = several(case, 3)
    escalated = replace(first, state=CaseState.ESCALATED, handled_by="U0OPS")
    assert "*Next:* <@U0ADA>, please see to the escalated one first." in says(
        group_alert(group([escalated, *others]))
    )


def test_when_all_are_snoozed_nothing_is_asked(case: CaseCard) -> None:
    snoozed = [replace(each, state=CaseState.SNOOZED) for each in several(case, 3)]
    assert "*Next:* nothing: all of them are snoozed." in says(group_alert(group(snoozed)))


def test_one_that_is_left_is_told_as_one(case: CaseCard) -> None:
    first, *others = several(case, 3)
    said = says(group_alert(group([first, *map(over, others)])))
    assert "*Next:* *Acme Freight* says where it is and when it arrives." in said
    assert "Nobody has it yet" in said


def test_one_that_waits_among_those_that_are_snoozed_is_named(case: CaseCard) -> None:
    first, *others = several(case, 3)
    snoozed = [replace(each, state=CaseState.SNOOZED) for each in others]
    assert "*Next*, T-1042: *Acme Freight* says where it is and when it arrives." in says(
        group_alert(group([first, *snoozed]))
    )
    critical = replace(first, severity=Severity.CRITICAL)
    assert "*Next*, T-1042: <@U0ADA>, please see that *Acme Freight* says" in "".join(
        says(group_alert(group([critical, *snoozed])))
    )


def test_a_notification_is_understood_without_opening_it(case: CaseCard) -> None:
    assert group_alert(group(several(case, 3))).text == (
        "Acme Freight: 3 shipments past their promise, Mumbai → Lagos. Nobody has any of them "
        "yet. All 3 last heard of in Dubai. The worst is T-1044, SCX-4413, 5 days past its promise."
    )


def test_when_all_is_over_it_says_how_long_it_took_and_offers_nothing(case: CaseCard) -> None:
    message = group_alert(group([over(each) for each in several(case, 12)]))
    assert says(message) == [
        "✅ *Acme Freight · 12 shipments past their promise, all over*",
        "Mumbai → Lagos",
        "It took 13 days. The last: T-1053 (SCX-4422), delivered Mon 17 Mar, 14 days late.",
        "12 cases · Tue 4 Mar 00:05 to Mon 17 Mar 08:12 in Lagos",
    ]
    assert buttons(message) == []
    assert table_of(message) == []


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([CaseState.OPEN] * 2, ["Acknowledge all", "Snooze all", "Resolve all"]),
        ([CaseState.OPEN, CaseState.SNOOZED], ["Acknowledge all", "Snooze all", "Resolve all"]),
        ([CaseState.ACKNOWLEDGED] * 2, ["Snooze all", "Resolve all"]),
        ([CaseState.ACKNOWLEDGED, CaseState.RESOLVED], ["Snooze all", "Resolve all"]),
        ([CaseState.SNOOZED] * 2, ["Resolve all"]),
        ([CaseState.ESCALATED] * 2, ["Resolve all"]),
    ],
)
def test_only_buttons_that_do_something_are_shown(
    case: CaseCard, states: list[CaseState], shown: list[str]
) -> None:
    cases = several(case, 2)
    cards = [replace(each, state=state) for each, state in zip(cases, states, strict=True)]
    message = group_alert(group(cards))
    assert buttons(message) == [*shown, "Full list", "One case…"]
    (row,) = (block for block in message.blocks if block["type"] == "actions")
    assert row["block_id"] == group_block_id(7) == "group:7"
    assert {e["value"] for e in row["elements"] if e["type"] == "button"} == {"7"}


def test_one_case_can_be_chosen_of_those_that_are_open(case: CaseCard) -> None:
    first, second, third = several(case, 3)
    assert choices(group_alert(group([first, over(second), third]))) == [
        ("T-1044 · SCX-4413 · 5 days late", "1044"),
        ("T-1042 · SCX-4411 · 3 days late", "1042"),
    ]


def test_what_does_not_fit_is_counted(case: CaseCard) -> None:
    few, many = group(several(case, 20)), group(several(case, 250))
    assert shows_all(few)
    assert not shows_all(many)
    message = group_alert(many)
    shown = len(table_of(message)) - 1
    assert 60 < shown < 100
    assert f"… and {250 - shown} more, in the full list." in says(message)
    assert len(choices(message)) == shown


def test_what_is_over_needs_no_list(case: CaseCard) -> None:
    assert shows_all(group([over(each) for each in several(case, 250)]))


def _storm(case: CaseCard) -> list[CaseCard]:
    """Eight, of three kinds and on two lanes, two of them critical, most of them in Dubai."""
    kinds = [CaseKind.PROMISE_PASSED, CaseKind.NO_SCAN, CaseKind.CUSTOMS_HOLD]
    cases = []
    for number, each in enumerate(several(case, 8)):
        assert each.shipment is not None
        destination = "Lagos" if number % 2 else "Abuja"
        where = None if number in (1, 6) else each.shipment.last_checkpoint
        shipment = replace(each.shipment, destination=destination, last_checkpoint=where)
        severity = Severity.CRITICAL if number in (2, 5) else Severity.WARNING
        kind = kinds[number % 3]
        cases.append(replace(each, kind=kind, severity=severity, shipment=shipment))
    return cases


def test_a_storm_names_the_critical_ones_and_what_most_have_in_common(case: CaseCard) -> None:
    assert says(group_alert(group(_storm(case), AlertForm.STORM))) == [
        "🔴 *Acme Freight · 8 cases at once*",
        "6 of 8 last heard of in Dubai · 99,200 USD at stake",
        "*Lanes* Mumbai → Abuja (4) · Mumbai → Lagos (4)",
        "*Next:* <@U0ADA>, please see to the 2 critical ones first.",
        "🔴 T-1047 · *Held at customs for 7 days* · SCX-4416",
        "🔴 T-1044 · *Held at customs for 4 days* · SCX-4413",
        "3 × no scan: *Acme Freight* finds it, and says when it arrives.",
        "3 × past its promise: *Acme Freight* says where it is and when it arrives.",
        "Nobody has any of them yet",
        "Since Fri 7 Mar 23:59 · as of Mon 17 Mar 08:12 in Lagos",
    ]


def test_a_storm_names_no_more_than_a_handful_by_themselves(case: CaseCard) -> None:
    cases = several(case, 60)
    critical = [replace(each, severity=Severity.CRITICAL) for each in cases[:9]]
    said = says(group_alert(group([*critical, *cases[9:]], AlertForm.STORM)))
    assert sum(line.startswith("🔴 T-") for line in said) == 5
    assert "… and 4 more critical ones, first in the table." in said


@pytest.mark.parametrize(
    ("waited_for", "said"),
    [
        ("quiet hours", "In the quiet hours: 9 shipments past their promise, 6 still open"),
        ("a mute", "While it was muted: 9 shipments past their promise, 6 still open"),
        (None, "Held back: 9 shipments past their promise, 6 still open"),
    ],
)
def test_what_was_held_back_says_so(case: CaseCard, waited_for: str | None, said: str) -> None:
    cases = several(case, 9)
    card = group([*cases[:6], *map(over, cases[6:])], AlertForm.HELD_BACK, waited_for)
    assert says(group_alert(card))[0] == f"🟠 *Acme Freight · {said}*"


def test_a_value_counts_once_however_many_cases_a_shipment_has(case: CaseCard) -> None:
    first, second, third = several(case, 3)
    assert first.shipment is not None
    no_scan = replace(first, case_id=9, kind=CaseKind.NO_SCAN)
    unknown = replace(second, shipment=replace(first.shipment, tracking_number="X", value=None))
    in_euro = replace(third, shipment=replace(first.shipment, tracking_number="Y", currency="EUR"))
    card = group([first, no_scan, unknown, in_euro])
    assert "12,400 EUR + 12,400 USD at stake (2 of 3 known)" in "".join(says(group_alert(card)))


def test_what_all_of_them_say_alike_is_said_once(case: CaseCard) -> None:
    waiting = [
        replace(each, kind=CaseKind.PICKUP_EXPIRING, facts={"returns_at": PICKED_UP_BY})
        for each in several(case, 3)
    ]
    message = group_alert(group(waiting))
    assert says(message)[1].startswith("2 days left to collect it · Mumbai → Lagos · ")
    assert "What" not in table_of(message)[0]


def test_a_reason_that_the_kind_tells_is_not_told_again(case: CaseCard) -> None:
    refused = [
        replace(each, kind=CaseKind.REFUSED, facts={"reason": "refused"})
        for each in several(case, 3)
    ]
    assert says(group_alert(group(refused)))[0] == "🟠 *Acme Freight · 3 refused shipments*"
    held = [
        replace(each, kind=CaseKind.CUSTOMS_HOLD, facts={"what": "documents"})
        for each in several(case, 3)
    ]
    assert says(group_alert(group(held)))[0] == (
        "🟠 *Acme Freight · 3 shipments held at customs: documents missing*"
    )


def test_cases_of_no_partner_are_tallymans_own(case: CaseCard) -> None:
    sources = [
        replace(each, kind=CaseKind.SOURCE_FAILING, shipment=None, partner_name=None)
        for each in several(case, 2)
    ]
    message = group_alert(group(sources))
    assert says(message)[0] == "🟠 *2 failing sources*"
    assert message.text.startswith("Tallyman: 2 failing sources. ")
    assert table_of(message)[0] == ["Case", "What"]
