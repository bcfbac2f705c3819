"""However long and hostile what goes in: Slack takes what comes out, and nobody is rung by it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.messages import errors, modals, notices
from bot.messages.blocks import Block, Message, fitting, section
from bot.messages.cards import (
    CaseCard,
    HealthCard,
    HistoryEntry,
    OutboxCard,
    ShipmentCard,
    SourceCard,
)
from bot.messages.case_alert import case_alert
from bot.messages.exceptions_view import exceptions_view
from bot.messages.health_view import health_view
from bot.messages.help_view import help_from_outside, help_view
from bot.messages.history import history_reply, history_reply_in_group
from bot.messages.home_view import home_view
from bot.messages.misses_view import misses_view
from bot.messages.scorecard_view import scorecard_view
from bot.messages.shipment_view import shipment_matches, shipment_view, shipments_list
from bot.scorecards.catalogue import CATALOGUE, kpi_named
from bot.scorecards.figures import Figure, Interval, Rate, Scorecard, Spread
from bot.scorecards.periods import UnknownPeriod, parse_period
from bot.workspace.limits import check_view
from storage.vocabulary import (
    CaseAction,
    CaseKind,
    CaseState,
    DueKind,
    PartnerKind,
    Severity,
    SnoozedFor,
    Status,
)
from tests.unit.messages.hostile import (
    FIGURE,
    HOSTILE,
    ZONE,
    all_forms,
    check,
    hostile_case,
    hostile_miss,
    hostile_shipment,
)


def _messages(case: CaseCard, shipment: ShipmentCard, now: datetime) -> Iterator[Message]:
    for state in CaseState:
        for kind in CaseKind:
            for severity in Severity:
                handled = replace(case, kind=kind, state=state, severity=severity)
                yield case_alert(handled)
                yield case_alert(replace(handled, clear_since=None))
                yield case_alert(replace(handled, partner_kind=PartnerKind.SUPPLIER, facts={}))
        for snoozed_for in SnoozedFor:
            yield case_alert(replace(case, state=state, snoozed_for=snoozed_for))
    for action in CaseAction:
        for kind in CaseKind:
            entry = HistoryEntry(now, "U0OPS", action, HOSTILE)
            yield history_reply(entry, replace(case, kind=kind))
            yield history_reply_in_group(entry, replace(case, kind=kind))
    cases = [replace(case, case_id=case.case_id + number) for number in range(120)]
    yield shipment_view(shipment, cases, now)
    yield shipment_matches(HOSTILE, [shipment] * 120, now, 10**9)
    yield shipments_list(HOSTILE, dict.fromkeys(Status, 10**9), [shipment] * 120, now, ZONE, 10**9)
    yield exceptions_view(cases, now, ZONE, HOSTILE, 10**9)
    yield exceptions_view(cases, now, ZONE)
    yield exceptions_view([], now, ZONE, HOSTILE)
    yield misses_view(HOSTILE, [hostile_miss(now)] * 120, now, ZONE, 10**9)
    yield misses_view(HOSTILE, [], now, ZONE)
    yield scorecard_view(_scorecard(now), cases, 10**9)
    yield health_view(_health(now))
    yield help_view()
    yield help_from_outside()


def _scorecard(now: datetime) -> Scorecard:
    metrics = [*CATALOGUE, *(f"{HOSTILE}{number}" for number in range(60))]
    return Scorecard(
        partner_key="acme",
        partner_name=HOSTILE,
        zone=ZONE,
        period=parse_period("2014-03", now.date()),
        now=now,
        is_over=False,
        figures=tuple(
            Figure(
                kpi_named(metric),
                Rate(FIGURE, FIGURE * 2, now - timedelta(days=days)),
                FIGURE,
                10**9,
                Rate(FIGURE, FIGURE * 3),
                Interval(0.123, 0.456),
                Spread(FIGURE, FIGURE),
                10**9,
                10**9,
            )
            for days, metric in enumerate(metrics)
        ),
    )


def _sources(now: datetime) -> list[SourceCard]:
    source = SourceCard(
        HOSTILE, HOSTILE, now, now, now, 10**9, HOSTILE, now, 10**9, (HOSTILE,) * 50
    )
    return [source] * 120


def _health(now: datetime) -> HealthCard:
    outbox = OutboxCard(10**9, 10**9, now, (HOSTILE,) * 50)
    return HealthCard(
        now,
        _sources(now),
        outbox,
        ZONE,
        unread_sources=(HOSTILE,) * 120,
        failing=dict.fromkeys(DueKind, 10**9),
    )


SMALL: list[Callable[[], Message]] = [
    lambda: errors.nothing_typed("/shipment"),
    lambda: errors.nothing_typed("/scorecard", [HOSTILE] * 50),
    lambda: errors.unknown_partner(HOSTILE, [HOSTILE] * 50, [HOSTILE] * 50),
    lambda: errors.unknown_partner(HOSTILE, [], [HOSTILE] * 50),
    lambda: errors.unknown_partner("", [], []),
    lambda: errors.unknown_shipment(HOSTILE, [HOSTILE] * 50),
    lambda: errors.unknown_shipment(HOSTILE, []),
    lambda: errors.unknown_case(HOSTILE),
    lambda: errors.unknown_period(UnknownPeriod(f"“{HOSTILE}” x", "is none.", date(2014, 6, 15))),
    lambda: errors.unknown_subcommand("/tallyman", HOSTILE),
    lambda: errors.reason_missing(HOSTILE),
    lambda: errors.ambiguous(HOSTILE, [HOSTILE] * 50, [HOSTILE] * 50),
    errors.not_yours,
    errors.belongs_to_no_partner,
    lambda: errors.refused(HOSTILE),
    lambda: errors.went_wrong(HOSTILE, HOSTILE),
    lambda: notices.escalated(2**62, HOSTILE, HOSTILE),
    notices.greeting,
]


def test_every_message_fits_and_rings_nobody_in_every_form(case: CaseCard, now: datetime) -> None:
    count = 0
    for message in _messages(hostile_case(case), hostile_shipment(now), now):
        for form in all_forms(message):
            check(form)
        count += 1
    assert count > 1000


@pytest.mark.parametrize("make", SMALL)
def test_every_short_answer_fits_and_rings_nobody(make: Callable[[], Message]) -> None:
    check(make())


def test_every_view_fits(case: CaseCard, now: datetime) -> None:
    hostile = hostile_case(case)
    cases = [
        replace(hostile, case_id=number, partner_name=f"{number} {HOSTILE}")
        for number in range(120)
    ]
    check_view(home_view(cases, _sources(now), now, ZONE))
    for modal in (modals.snooze_modal, modals.escalate_modal, modals.resolve_modal):
        view: Block = modal(hostile, "C0ACME", "1395040320.000100")
        check_view(view)
        assert json.loads(view["private_metadata"])["case_id"] == hostile.case_id


def test_metadata_too_long_for_slack_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="at most 3000"):
        modals.case_metadata(1, "C" * 3000, "1")


def test_the_promise_is_offered_as_an_end_of_a_snooze_only_while_it_lies_ahead(
    case: CaseCard, now: datetime
) -> None:
    def offered(card: CaseCard) -> list[str]:
        return [
            option["value"]
            for block in modals.snooze_modal(card, "C0ACME", "1.0")["blocks"]
            for option in block.get("element", {}).get("options", ())
        ]

    assert case.shipment is not None
    ahead = replace(case, shipment=replace(case.shipment, promised_at=now + timedelta(days=1)))
    assert offered(case) == ["1h", "4h", "tomorrow", "1w", "checkpoint", "custom"]
    assert offered(ahead) == ["1h", "4h", "tomorrow", "1w", "checkpoint", "promise", "custom"]
    assert offered(replace(case, shipment=None)) == ["1h", "4h", "tomorrow", "1w", "custom"]


def test_lines_that_do_not_fit_are_counted() -> None:
    lines = [f"line {number} " + "x" * 200 for number in range(100)]
    blocks, left_out = fitting(lines, [section("head")], limit=5000)
    shown = "\n".join(block["text"]["text"] for block in blocks).splitlines()
    assert shown == lines[: len(shown)]
    assert left_out == 100 - len(shown) > 0
    assert fitting(lines[:3], [])[1] == 0
    assert fitting([], []) == ([], 0)
