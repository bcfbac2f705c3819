"""A case as somebody writes it down, to see where it would go."""

import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from bot.book.fields import nearest
from bot.book.models import Book
from bot.messages.text import plain
from bot.routing.routed_case import RoutedCase
from storage.vocabulary import CaseKind, Severity

_SHOWN = 60  # characters of a wrong value

Words = Annotated[str, Field(min_length=1, max_length=500)]


class ExampleRefused(Exception):
    """It is no case of this book; a line for each fault."""


class ExampleCase(BaseModel):
    """Its words are those of a route's `when`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: CaseKind
    severity: Severity
    partner: Words | None = Field(default=None, description="a partner's key, as the book has it")
    customer: Words | None = Field(default=None, description="an account, as the orders name it")
    priority: Words | None = Field(default=None, description="a word, as the orders name it")
    value: float | None = Field(default=None, ge=0, description="a number, 0 or more")
    currency: str | None = Field(
        default=None, pattern=r"^[A-Za-z]{3}$", description="three letters such as EUR"
    )


def example_for(book: Book) -> str:
    """One that this book has a partner for, as JSON."""
    example = ExampleCase(
        kind=CaseKind.PROMISE_PASSED,
        severity=Severity.WARNING,
        partner=book.partners[0].key,
        customer="ACME-17",
        priority="high",
        value=1250,
        currency="EUR",
    )
    return example.model_dump_json(indent=2)


def read_example(name: str, text: str, book: Book) -> RoutedCase:
    """From JSON; `name` is of the file, for its faults. Raises ExampleRefused with all of them."""
    try:
        example = ExampleCase.model_validate_json(text)
    except ValidationError as error:
        said = [_fault(details) for details in error.errors(include_url=False)]
        raise ExampleRefused("\n".join(f"{name}: {each}" for each in said)) from error
    known = [partner.key for partner in book.partners]
    if example.partner is not None and example.partner not in known:
        said_of_partner = _no_partner(example.partner, book)
        raise ExampleRefused(f"{name}: partner: {said_of_partner}")
    return RoutedCase(
        kind=example.kind,
        severity=example.severity,
        partner_key=example.partner,
        account=example.customer,
        priority=example.priority,
        value=example.value,
        currency=example.currency,
    )


def _fault(details: ErrorDetails) -> str:
    if details["type"] == "json_invalid":
        return f"not JSON: {details['ctx']['error']}"
    if not details["loc"]:
        return f"expected one case in braces, with {', '.join(ExampleCase.model_fields)}"
    field = plain(str(details["loc"][0]))[:_SHOWN]
    match details["type"]:
        case "extra_forbidden":
            return f"{field}: unknown field{_meant(field, tuple(ExampleCase.model_fields))}"
        case "missing":
            return f"{field}: is missing: expected {_expected(field)}"
    given = details["input"]
    shown = json.dumps(given, ensure_ascii=False)
    if len(shown) > _SHOWN:
        shown = f"{shown[:_SHOWN]}…"
    if field in _CHOICES and isinstance(given, str):
        return f"{field}: there is no {field} {shown}{_meant(given, _CHOICES[field])}"
    return f"{field}: expected {_expected(field)}, not {shown}"


_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(CaseKind),
    "severity": tuple(Severity),
}


def _expected(field: str) -> str:
    if field in _CHOICES:
        return f"one of {', '.join(_CHOICES[field])}"
    return ExampleCase.model_fields[field].description or "something else"


def _meant(given: str, known: Sequence[str]) -> str:
    meant = nearest(given, known)
    return f". Did you mean {meant}?" if meant else f": expected one of {', '.join(known)}"


def _no_partner(given: str, book: Book) -> str:
    """Its name and its aliases mean it too, to a person."""
    keys = {partner.key: partner.key for partner in book.partners}
    for partner in book.partners:
        keys |= dict.fromkeys((partner.name, *partner.aliases), partner.key)
    meant = nearest(given, keys)
    there_are = f"There are {', '.join(partner.key for partner in book.partners)}"
    return f"no partner has the key {given!r}. " + (
        f"Did you mean {keys[meant]}?" if meant else there_are
    )
