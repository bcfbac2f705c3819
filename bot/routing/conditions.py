"""Whether what a route asks for holds, and how it fails where it doesn't."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.book.telling import RouteCondition
from bot.routing.routed_case import RoutedCase
from storage.vocabulary import CaseKind, Severity


@dataclass(frozen=True, slots=True)
class Condition:
    """One of those that a route gives: all of them must hold."""

    words: str
    """What it asks for."""
    holds: Callable[[RoutedCase], bool]
    failure: Callable[[RoutedCase], str]
    """How it fails, in words, for a case for which it does not hold."""


def conditions_of(when: RouteCondition) -> tuple[Condition, ...]:
    """Of what is given only: what is left out asks for nothing."""
    return tuple(_conditions(when))


def folded(word: str) -> str:
    """As accounts, priorities and currencies are compared: whatever the case and the blanks."""
    return " ".join(word.split()).casefold()


def _conditions(when: RouteCondition) -> Iterator[Condition]:
    if when.partners:
        yield _partner_is_one_of(when.partners)
    if when.kinds:
        yield _kind_is_one_of(when.kinds)
    if when.severity_from is not None:
        yield _severity_is_from(when.severity_from)
    if when.customers:
        yield _customer_is_one_of(when.customers)
    if when.priority is not None:
        yield _priority_is(when.priority)
    if when.value_from is not None:
        yield _value_is_from(when.value_from)
    if when.currency is not None:
        yield _currency_is(when.currency)


def _partner_is_one_of(partners: tuple[str, ...]) -> Condition:
    known, wanted = frozenset(partners), _any_of(partners)
    return Condition(
        f"partner {wanted}",
        lambda case: case.partner_key in known,
        lambda case: (
            "it is about no partner"
            if case.partner_key is None
            else f"partner {case.partner_key} is not {wanted}"
        ),
    )


def _kind_is_one_of(kinds: tuple[CaseKind, ...]) -> Condition:
    known, wanted = frozenset(kinds), _any_of(kinds)
    return Condition(
        f"kind {wanted}",
        lambda case: case.kind in known,
        lambda case: f"kind {case.kind} is not {wanted}",
    )


def _severity_is_from(mildest: Severity) -> Condition:
    enough = frozenset(severity for severity in Severity if severity.rank >= mildest.rank)
    return Condition(
        "critical" if mildest is Severity.CRITICAL else f"{mildest} or worse",
        lambda case: case.severity in enough,
        lambda case: f"severity {case.severity} is below {mildest}",
    )


def _customer_is_one_of(customers: tuple[str, ...]) -> Condition:
    known, wanted = frozenset(map(folded, customers)), _any_of(customers)
    return Condition(
        f"customer {wanted}",
        lambda case: case.account is not None and folded(case.account) in known,
        lambda case: _not_known_or(case.account, "customer", f"is not {wanted}"),
    )


def _priority_is(priority: str) -> Condition:
    wanted = folded(priority)
    return Condition(
        f"priority {priority}",
        lambda case: case.priority is not None and folded(case.priority) == wanted,
        lambda case: _not_known_or(case.priority, "priority", f"is not {priority}"),
    )


def _currency_is(currency: str) -> Condition:
    wanted = folded(currency)
    return Condition(
        f"in {currency}",
        lambda case: case.currency is not None and folded(case.currency) == wanted,
        lambda case: _not_known_or(case.currency, "currency", f"is not {currency}"),
    )


def _value_is_from(least: float) -> Condition:
    return Condition(
        f"worth {exactly(least)} or more",
        lambda case: case.value is not None and case.value >= least,
        lambda case: _not_known_or(
            None if case.value is None else exactly(case.value),
            "value",
            f"is below {exactly(least)}",
        ),
    )


def exactly(value: float) -> str:
    """As it was given: `19,999.6`, which is less than 20,000."""
    return f"{value:,.15g}"


def _not_known_or(given: str | None, noun: str, complaint: str) -> str:
    return f"its {noun} is not known" if given is None else f"{noun} {given} {complaint}"


def _any_of(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
