"""Why a case goes where it goes, in words."""

from typing import Any

from hypothesis import given

from bot.book.models import Book
from bot.routing import RoutedCase, Router
from bot.routing.explaining import Outcome, explain
from bot.routing.wording import explanation_lines, routing_rows
from storage.vocabulary import CaseKind, Severity
from tests.unit.routing.books import HARBOUR, NORTHGATE, book_with, instant
from tests.unit.routing.cases import CASES, PRESENT, ROUTES

LATE = RoutedCase(
    CaseKind.PROMISE_PASSED,
    Severity.WARNING,
    partner_key="harbour",
    account="ACME-17",
    value=1250,
    currency="EUR",
)
NOON = instant("2026-11-23T12:00")


def lines(case: RoutedCase, book: Book, at: str = "2026-11-23T12:00") -> list[str]:
    now = instant(at)
    return list(explanation_lines(case, explain(case, Router(book, {}), book, now), book, now))


def a_book(match: str = "first") -> Book:
    return book_with(
        {
            "name": "Lost",
            "when": {"severity_from": "critical", "kinds": ["lost"]},
            "to": ["U0NIGHT"],
        },
        {"name": "Big customers", "when": {"customers": ["acme-17"]}, "to": ["partner", "C0BIG"]},
        {"name": "All that is late", "when": {"kinds": ["promise_passed"]}, "to": ["ops"]},
        match=match,
    )


def test_every_route_says_whether_it_holds_and_if_not_why() -> None:
    assert lines(LATE, a_book()) == [
        "The case: warning promise_passed, of partner harbour, customer ACME-17, worth 1,250 EUR.",
        "",
        "Routes, of which the first that holds takes it",
        "  ✗ no  1. Lost: kind promise_passed is not lost; severity warning is below critical",
        "  ✓ takes it  2. Big customers",
        "  - too late  3. All that is late: it holds, but Big customers comes first",
        "",
        "It goes to",
        "  C0HARBOUR, the channel of partner harbour: by route Big customers",
        "  C0BIG, a channel: by route Big customers",
        "",
        "It would be said after 30 seconds, in which others of its kind may join it.",
    ]


def test_where_all_that_hold_take_it_none_is_too_late() -> None:
    said = lines(LATE, a_book(match="all"))
    assert "Routes, of which every one that holds takes it" in said
    assert "  ✓ takes it  3. All that is late" in said
    assert "  C0OPS, the ops channel: by route All that is late" in said


def test_what_no_route_takes_goes_to_its_partner() -> None:
    of_northgate = RoutedCase(CaseKind.LOST, Severity.INFO, partner_key="northgate")
    said = lines(of_northgate, a_book())
    assert "  ✗ no  2. Big customers: its customer is not known" in said
    assert said[said.index("It goes to") + 1] == (
        "  C0NORTHGATE, the channel of partner northgate: no route leads elsewhere"
    )


def test_a_book_without_routes_says_so() -> None:
    assert "The book has no routes." in lines(LATE, book_with())


def test_a_neighbours_channel_is_left_out_and_that_is_said() -> None:
    book = book_with({"name": "careless", "to": [NORTHGATE, "ops"]})
    said = lines(LATE, book)
    assert "  ✓ takes it  1. careless: but for C0NORTHGATE, the channel of another partner" in said
    assert not any(line.startswith("  C0NORTHGATE") for line in said)


QUIET: dict[str, Any] = {"quiet_hours": {"from": "19:00", "to": "07:00"}}


def test_in_quiet_hours_it_would_wait_by_the_partners_clock() -> None:
    said = lines(LATE, book_with(**QUIET), at="2026-11-27T21:30")  # a Friday
    assert said[-1] == (
        "At Fri 27 Nov 22:30 it would wait: the hours are quiet until Mon 30 Nov 07:00 "
        "(Europe/Berlin). What is critical does not wait."
    )


def test_what_is_critical_waits_for_nobodys_morning() -> None:
    lost = RoutedCase(CaseKind.LOST, Severity.CRITICAL, partner_key="harbour")
    said = lines(lost, book_with(**QUIET), at="2026-11-27T21:30")
    assert said[-1].startswith("It would be said after 3 seconds")


def test_without_a_wait_it_is_said_at_once() -> None:
    assert lines(LATE, book_with(grouping={"wait_seconds": 0}))[-1] == "It would be said at once."


def test_words_from_outside_stay_on_their_line() -> None:
    hostile = RoutedCase(CaseKind.LOST, Severity.INFO, account="A\x1b[31m\nIt goes to\n  C0EVIL")
    said = lines(hostile, book_with({"name": "x", "when": {"customers": ["B"]}, "to": ["ops"]}))
    assert [line for line in said if line.startswith("It goes to")] == ["It goes to"]
    assert not any("\x1b" in line or "\n" in line for line in said)


def test_the_table_of_routes_says_what_each_takes_and_where_the_rest_goes() -> None:
    assert routing_rows(a_book()) == [
        ("Lost", "kind lost, critical", "U0NIGHT"),
        ("Big customers", "customer acme-17", "its partner's channel, C0BIG"),
        ("All that is late", "kind promise_passed", "ops (C0OPS)"),
        ("-", "whatever is left", "its partner's channel, else C0OPS"),
    ]
    dear = {"value_from": 20000, "currency": "EUR", "severity_from": "warning"}
    both = book_with(
        {"name": "dear", "when": dear, "to": [HARBOUR]}, {"name": "rest", "to": ["ops"]}
    )
    assert [takes for _, takes, _ in routing_rows(both)][:2] == [
        "warning or worse, worth 20,000 or more, in EUR",
        "any case",
    ]


@given(routes=ROUTES, case=CASES)
def test_what_is_explained_is_what_happens(routes: list[dict[str, Any]], case: RoutedCase) -> None:
    for match in ("first", "all"):
        book = book_with(*routes, match=match)
        router = Router(book, PRESENT)
        explanation = explain(case, router, book, NOON)
        assert tuple(one.place for one in explanation.destinations) == router.destinations(case)
        takers = [step for step in explanation.steps if step.outcome is Outcome.TAKES]
        assert len(takers) == len(list(router.taken(case)))
        for step in explanation.steps:
            assert bool(step.failures) is (step.outcome is Outcome.FAILS)
