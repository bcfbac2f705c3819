"""However many cases, however long and hostile: Slack takes the message, and it rings nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from bot.messages.blocks import characters
from bot.messages.cards import CaseCard, GroupCard
from bot.messages.group_alert import group_alert, shows_all
from bot.messages.group_update import group_update
from storage.vocabulary import AlertForm, CaseKind, CaseState, Severity
from tests.unit.messages.hostile import HOSTILE, ZONE, all_forms, check, hostile_case

FORMS = (AlertForm.GROUP, AlertForm.STORM, AlertForm.HELD_BACK)
KINDS = list(CaseKind)
STATES = list(CaseState)
SEVERITIES = list(Severity)


def _group(cases: Sequence[CaseCard], form: AlertForm) -> GroupCard:
    return GroupCard(
        alert_id=2**62,
        form=form,
        cases=cases,
        opened_at=cases[0].opened_at,
        now=cases[0].now,
        zone=ZONE,
        partner_name=HOSTILE,
        account_manager="U0ADA",
        continues=True,
        waited_for=HOSTILE,
    )


def _many(case: CaseCard, count: int) -> list[CaseCard]:
    """Of all kinds, states and severities, each with a number of its own."""
    assert case.shipment is not None
    return [
        replace(
            case,
            case_id=case.case_id + number,
            kind=KINDS[number % len(KINDS)],
            state=STATES[number // 3 % len(STATES)],
            severity=SEVERITIES[number // 7 % len(SEVERITIES)],
            shipment=replace(
                case.shipment,
                tracking_number=f"{number}{HOSTILE}",
                origin=f"{number % 50}{HOSTILE}",
                currency=f"{number % 9}{HOSTILE}",
            ),
        )
        for number in range(count)
    ]


def _pairs(case: CaseCard, form: AlertForm) -> Iterator[GroupCard]:
    for kind in CaseKind:
        for state in CaseState:
            first = replace(case, kind=kind, state=state, severity=Severity.CRITICAL)
            yield _group([first, replace(first, case_id=first.case_id + 1, clear_since=None)], form)


def _forties(case: CaseCard, form: AlertForm) -> Iterator[GroupCard]:
    mixed = _many(case, 40)
    yield _group(mixed, form)
    for kind in CaseKind:
        yield _group([replace(each, kind=kind) for each in mixed], form)
    for state in CaseState:
        yield _group([replace(each, state=state) for each in mixed], form)


@pytest.mark.parametrize("form", FORMS)
def test_two_or_forty_cases_fit_in_every_form(case: CaseCard, form: AlertForm) -> None:
    hostile = hostile_case(case)
    for card in (*_pairs(hostile, form), *_forties(hostile, form)):
        for said in all_forms(group_alert(card)):
            check(said)


@pytest.mark.parametrize("form", FORMS)
def test_five_thousand_cases_fit_in_every_form(case: CaseCard, form: AlertForm) -> None:
    card = _group(_many(hostile_case(case), 5000), form)
    message = group_alert(card)
    assert not shows_all(card)
    for said in all_forms(message):
        check(said)


def test_five_thousand_ordinary_cases_use_the_room_there_is(case: CaseCard) -> None:
    cases = [replace(case, case_id=case.case_id + number) for number in range(5000)]
    message = group_alert(_group(cases, AlertForm.STORM))
    (table,) = (block for block in message.blocks if block["type"] == "data_table")
    assert len(table["rows"]) > 60
    check(message)


@pytest.mark.parametrize("count", [1, 2, 40, 5000])
def test_an_update_fits_however_many_changed(case: CaseCard, count: int) -> None:
    cases = _many(hostile_case(case), count)
    message = group_update(_group(cases, AlertForm.GROUP), cases, cases, cases, cases)
    assert characters(message.blocks) < 4000
    for said in all_forms(message):
        check(said)
