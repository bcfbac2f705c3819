"""Where a case is told, and where never."""

from typing import Any

import pytest
from hypothesis import given

from bot.book.models import Book
from bot.routing import RoutedCase, Router, routed_case
from storage.tables import Case, Shipment
from storage.vocabulary import CaseKind, CaseState, Severity
from tests.unit.routing.books import HARBOUR, NORTHGATE, OPS, book_with, instant
from tests.unit.routing.cases import CASES, MATCHES, PRESENT, ROUTES

LATE = RoutedCase(
    CaseKind.PROMISE_PASSED,
    Severity.WARNING,
    partner_key="harbour",
    account="ACME-17",
    priority="High",
    value=1250,
    currency="EUR",
)
SILENT_SOURCE = RoutedCase(CaseKind.SOURCE_STALE, Severity.WARNING)


def told(case: RoutedCase, book: Book, channels: dict[str, str] | None = None) -> tuple[str, ...]:
    return Router(book, channels or {}).destinations(case)


def route(name: str, to: list[str], **when: Any) -> dict[str, Any]:
    return {"name": name, "to": to, "when": when}


def test_without_a_route_a_case_goes_to_its_partner_and_a_source_to_ops() -> None:
    assert told(LATE, book_with()) == (HARBOUR,)
    assert told(SILENT_SOURCE, book_with()) == (OPS,)


def test_the_first_route_that_holds_takes_a_case() -> None:
    book = book_with(
        route("critical", ["ops"], severity_from="critical"),
        route("big", ["C0BIG", "partner"], customers=["acme-17"]),
        route("rest", ["U0LENA"]),
    )
    assert told(LATE, book) == ("C0BIG", HARBOUR)


def test_or_all_that_hold_do_and_each_place_hears_once() -> None:
    book = book_with(
        route("late", ["partner", "ops"], kinds=["promise_passed"]),
        route("lost", ["C0CLAIMS"], kinds=["lost"]),
        route("big", ["C0BIG", HARBOUR, "ops"], partners=["harbour"]),
        match="all",
    )
    assert told(LATE, book) == (HARBOUR, OPS, "C0BIG")


def test_the_word_partner_is_ops_for_what_is_about_no_partner() -> None:
    book = book_with(route("all", ["partner", "ops", "U0LENA"]))
    assert told(SILENT_SOURCE, book) == (OPS, "U0LENA")


def test_a_channel_that_slack_gave_another_id_is_followed() -> None:
    book = book_with(route("mine", [HARBOUR, "C0CLAIMS"], partners=["harbour"]))
    assert told(LATE, book, {"harbour": "C0SHARED"}) == ("C0SHARED", "C0CLAIMS")


def test_a_partner_who_left_the_book_still_hears_of_its_own_and_of_nothing_else() -> None:
    gone = {"former": "C0FORMER"}
    book = book_with(route("sneaky", ["C0FORMER", "ops"]))
    of_former = RoutedCase(CaseKind.LOST, Severity.INFO, partner_key="former")
    assert told(of_former, book, gone) == ("C0FORMER", OPS)
    assert told(LATE, book, gone) == (OPS,)


def test_a_key_that_changed_does_not_lock_a_partner_out_of_its_channel() -> None:
    book = book_with(route("mine", [HARBOUR], partners=["harbour"]))
    assert told(LATE, book, {"harbour-old": HARBOUR, "harbour": HARBOUR}) == (HARBOUR,)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({}, True),
        ({"partners": ["northgate", "harbour"]}, True),
        ({"partners": ["northgate"]}, False),
        ({"kinds": ["lost", "promise_passed"]}, True),
        ({"kinds": ["lost"]}, False),
        ({"severity_from": "info"}, True),
        ({"severity_from": "warning"}, True),
        ({"severity_from": "critical"}, False),
        ({"customers": ["Globex", "acme-17 "]}, True),
        ({"customers": ["Globex"]}, False),
        ({"priority": "high"}, True),
        ({"priority": "low"}, False),
        ({"value_from": 1250, "currency": "EUR"}, True),
        ({"value_from": 1250.01, "currency": "EUR"}, False),
        ({"value_from": 10, "currency": "USD"}, False),
        ({"kinds": ["promise_passed"], "severity_from": "critical"}, False),
    ],
)
def test_all_that_a_route_asks_for_must_hold(when: dict[str, Any], holds: bool) -> None:
    assert told(LATE, book_with(route("asks", ["ops"], **when))) == (
        (OPS,) if holds else (HARBOUR,)
    )


@pytest.mark.parametrize(
    "when",
    [
        {"partners": ["harbour", "northgate"]},
        {"customers": ["ACME-17"]},
        {"priority": "high"},
        {"value_from": 0, "currency": "EUR"},
    ],
)
def test_what_is_not_known_holds_for_nothing(when: dict[str, Any]) -> None:
    assert told(SILENT_SOURCE, book_with(route("asks", ["U0LENA"], **when))) == (OPS,)


def test_what_is_looked_at_comes_from_the_case_and_its_shipment() -> None:
    case = Case(
        partner_key="harbour",
        kind=CaseKind.PROMISE_PASSED,
        subject="shipment:7",
        severity=Severity.WARNING,
        state=CaseState.OPEN,
        facts={},
        since=instant("2026-11-23T08:00"),
        opened_at=instant("2026-11-23T08:00"),
        changed_at=instant("2026-11-23T08:00"),
    )
    shipment = Shipment(
        partner_key="harbour",
        tracking_number="HP7",
        source_key="orders",
        status="in_transit",
        account="ACME-17",
        priority="High",
        value=1250,
        currency="EUR",
        created_at=instant("2026-11-20T08:00"),
        changed_at=instant("2026-11-20T08:00"),
    )
    assert routed_case(case, shipment) == LATE
    assert routed_case(case, None) == RoutedCase(
        CaseKind.PROMISE_PASSED, Severity.WARNING, partner_key="harbour"
    )


# -- nobody sees a neighbour -------------------------------------------------

CHANNELS_OF: dict[str | None, set[str]] = {
    None: set(),
    "harbour": {HARBOUR},
    "northgate": {"C0RENUMBERED"},
    "former": {"C0FORMER"},
}


@given(routes=ROUTES, case=CASES, match=MATCHES)
def test_no_case_ever_goes_to_the_channel_of_another_partner(
    routes: list[dict[str, Any]], case: RoutedCase, match: str
) -> None:
    places = told(case, book_with(*routes, match=match), PRESENT)
    of_others = set().union(*CHANNELS_OF.values(), {NORTHGATE}) - CHANNELS_OF[case.partner_key]
    assert not of_others & set(places)


@given(routes=ROUTES, case=CASES, match=MATCHES)
def test_every_case_goes_somewhere_and_nowhere_twice(
    routes: list[dict[str, Any]], case: RoutedCase, match: str
) -> None:
    places = told(case, book_with(*routes, match=match), PRESENT)
    assert places
    assert len(set(places)) == len(places)
    assert not {"partner", "ops"} & set(places)


@given(routes=ROUTES, case=CASES)
def test_the_first_is_where_all_would_begin(routes: list[dict[str, Any]], case: RoutedCase) -> None:
    """Unless the first that holds leads to nobody but a neighbour."""
    router = Router(book_with(*routes), PRESENT)
    first = router.destinations(case)
    every = told(case, book_with(*routes, match="all"), PRESENT)
    taken = list(router.taken(case))
    assert len(taken) <= 1
    if not taken:
        assert first == every
    elif any(router.place(word, case) for word in taken[0].entry.to):
        assert every[: len(first)] == first
