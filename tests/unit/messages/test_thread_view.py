"""What is said in an alert's thread of how its cases stand."""

from dataclasses import replace
from datetime import datetime

from bot.messages.cards import CaseCard
from bot.messages.thread_view import thread_view, which_one
from storage.vocabulary import CaseState, Severity
from tests.unit.messages.hostile import HOSTILE, check

ZONE = "Africa/Lagos"


def test_the_worst_are_first_and_those_that_are_not_shown_are_counted(
    case: CaseCard, now: datetime
) -> None:
    mild = replace(case, case_id=1, severity=Severity.INFO)
    bad = replace(case, case_id=2, severity=Severity.CRITICAL)
    said = thread_view([mild, bad], 12, 9, now, ZONE)
    assert said.text == "9 of 12 still open."
    shown = str(said.blocks)
    assert shown.index("T-2") < shown.index("T-1 ")
    assert "… and 7 more." in shown


def test_the_thread_of_one_case_is_about_it(case: CaseCard, now: datetime) -> None:
    said = thread_view([case], 1, 1, now, ZONE)
    assert case.reference in str(said.blocks)
    assert "choose it under the message" not in str(said.blocks)


def test_what_is_over_is_over(case: CaseCard, now: datetime) -> None:
    assert thread_view([], 1, 0, now, ZONE).text == "It is resolved: nothing is left to do."
    assert thread_view([], 12, 0, now, ZONE).text == "All 12 are resolved: nothing is left to do."
    assert which_one([], 12).text == "This thread is about 12 cases: say which one is meant."


def test_however_many_and_hostile_they_are_it_fits(case: CaseCard, now: datetime) -> None:
    shipment = replace(case.shipment, tracking_number=HOSTILE) if case.shipment else None
    cards = [
        replace(case, case_id=2**62 + number, note=HOSTILE, shipment=shipment, state=state)
        for state in (CaseState.OPEN, CaseState.ESCALATED)
        for number in range(60)
    ]
    check(thread_view(cards, 10**9, 10**9, now, ZONE))
    check(which_one(cards, 10**9))
