"""A case written down by hand: taken, or refused with what was meant."""

import json

import pytest

from bot.routing import RoutedCase
from bot.routing.example import ExampleRefused, example_for, read_example
from storage.vocabulary import CaseKind, Severity
from tests.unit.routing.books import book_with

BOOK = book_with()
ALIASED = book_with().model_copy(
    update={
        "partners": (
            BOOK.partners[0].model_copy(update={"aliases": ("HARBOUR-DE", "HP GmbH")}),
            BOOK.partners[1],
        )
    }
)


def faults(text: str) -> list[str]:
    with pytest.raises(ExampleRefused) as caught:
        read_example("case.json", text, ALIASED)
    return str(caught.value).splitlines()


def test_the_example_that_is_printed_is_one_that_is_read() -> None:
    assert read_example("case.json", example_for(BOOK), BOOK) == RoutedCase(
        CaseKind.PROMISE_PASSED, Severity.WARNING, "harbour", "ACME-17", "high", 1250, "EUR"
    )


def test_a_kind_and_a_severity_are_enough() -> None:
    text = '{"kind": "source_stale", "severity": "critical"}'
    assert read_example("case.json", text, BOOK) == RoutedCase(
        CaseKind.SOURCE_STALE, Severity.CRITICAL
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"custmer": "x"}, "custmer: unknown field. Did you mean customer?"),
        ({"colour": "red"}, "colour: unknown field: expected one of kind, severity, partner,"),
        ({"kind": "promise_pased"}, 'kind: there is no kind "promise_pased". Did you mean promise'),
        ({"kind": "x"}, 'kind: there is no kind "x": expected one of not_dispatched,'),
        ({"kind": ["lost"]}, "kind: expected one of not_dispatched,"),
        ({"severity": "Warning"}, 'there is no severity "Warning". Did you mean warning?'),
        ({"severity": None}, "severity: expected one of info, warning, critical, not null"),
        ({"value": "1,250"}, 'value: expected a number, 0 or more, not "1,250"'),
        ({"value": -1}, "value: expected a number, 0 or more, not -1"),
        ({"value": True}, "value: expected a number, 0 or more, not true"),
        ({"value": float("nan")}, "value: expected a number, 0 or more, not NaN"),
        ({"currency": "Euro"}, 'currency: expected three letters such as EUR, not "Euro"'),
        ({"customer": ""}, 'customer: expected an account, as the orders name it, not ""'),
        (
            {"customer": ["x"] * 90},
            'customer: expected an account, as the orders name it, not ["x"',
        ),
        ({"partner": "harbor"}, "no partner has the key 'harbor'. Did you mean harbour?"),
        ({"partner": "Harbour Parcel"}, "has the key 'Harbour Parcel'. Did you mean harbour?"),
        ({"partner": "hp gmbh"}, "no partner has the key 'hp gmbh'. Did you mean harbour?"),
        ({"partner": "zz"}, "no partner has the key 'zz'. There are harbour, northgate"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_meant(given: dict[str, object], said: str) -> None:
    [line] = faults(json.dumps({"kind": "lost", "severity": "info"} | given))
    assert line.startswith("case.json: ")
    assert said in line
    assert len(line) < 700


def test_every_fault_is_told_at_once() -> None:
    assert [line.split(": ")[1] for line in faults('{"value": "x", "currency": 5, "a": 1}')] == [
        "kind",
        "severity",
        "value",
        "currency",
        "a",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "case.json: not JSON: EOF while parsing a value at line 1 column 0"),
        ('{"kind": "lost",}', "case.json: not JSON: trailing comma at line 1 column 17"),
        ("kind: lost", "case.json: not JSON: expected value at line 1 column 1"),
        ("[]", "case.json: expected one case in braces, with kind, severity, partner"),
        ('"lost"', "case.json: expected one case in braces"),
    ],
)
def test_what_is_no_case_at_all(text: str, said: str) -> None:
    [line] = faults(text)
    assert line.startswith(said)
