"""An explanation in words, for the terminal."""

from collections.abc import Iterator
from datetime import datetime

from bot.book.calendar import calendar_for
from bot.book.models import Book
from bot.book.places import is_person
from bot.messages import text
from bot.routing.conditions import conditions_of, exactly
from bot.routing.explaining import Destination, Explanation, Outcome, Step
from bot.routing.routed_case import RoutedCase

_MARKS = {Outcome.TAKES: "✓ takes it", Outcome.TOO_LATE: "- too late", Outcome.FAILS: "✗ no"}


def explanation_lines(
    case: RoutedCase, explanation: Explanation, book: Book, now: datetime
) -> Iterator[str]:
    yield f"The case: {_described(case)}."
    yield ""
    yield from _routes(explanation, book)
    yield ""
    yield "It goes to"
    for destination in explanation.destinations:
        place = destination.place
        yield f"  {place}, {_known_as(place, book)}: {_why(destination)}"
    yield ""
    yield _when(case, explanation, book, now)


def routing_rows(book: Book) -> list[tuple[str, str, str]]:
    """Each route with its conditions and its destinations, and what becomes of the rest."""
    rows = [
        (
            text.plain(route.name),
            text.plain(", ".join(each.words for each in conditions_of(route.when)) or "any case"),
            ", ".join(_destination(word, book) for word in route.to),
        )
        for route in book.routing.routes
    ]
    return [*rows, ("-", "whatever is left", f"its partner's channel, else {book.ops_channel}")]


def _destination(word: str, book: Book) -> str:
    match word:
        case "partner":
            return "its partner's channel"
        case "ops":
            return f"ops ({book.ops_channel})"
    return word


def _known_as(place: str, book: Book) -> str:
    for partner in book.partners:
        if place == partner.channel:
            return f"the channel of partner {partner.key}"
        if place == partner.account_manager:
            return f"the account manager of partner {partner.key}"
    if place == book.ops_channel:
        return "the ops channel"
    return "a person" if is_person(place) else "a channel"


def _described(case: RoutedCase) -> str:
    said = [f"{case.severity} {case.kind}"]
    said.append(f"of partner {case.partner_key}" if case.partner_key else "of no partner")
    if case.account:
        said.append(f"customer {text.plain(case.account)}")
    if case.priority:
        said.append(f"priority {text.plain(case.priority)}")
    if case.value is not None:
        said.append(f"worth {exactly(case.value)} {case.currency or ''}".rstrip())
    return ", ".join(said)


def _routes(explanation: Explanation, book: Book) -> Iterator[str]:
    if not explanation.steps:
        yield "The book has no routes."
        return
    yield {
        "first": "Routes, of which the first that holds takes it",
        "all": "Routes, of which every one that holds takes it",
    }[book.routing.match]
    taker = next((step.name for step in explanation.steps if step.outcome is Outcome.TAKES), "")
    for number, step in enumerate(explanation.steps, start=1):
        yield f"  {_MARKS[step.outcome]}  {number}. {text.plain(step.name)}{_details(step, taker)}"


def _details(step: Step, taker: str) -> str:
    match step.outcome:
        case Outcome.FAILS:
            return f": {text.plain('; '.join(step.failures))}"
        case Outcome.TOO_LATE:
            return f": it holds, but {text.plain(taker)} comes first"
        case Outcome.TAKES if step.left_out:
            return f": but for {', '.join(step.left_out)}, the channel of another partner"
    return ""


def _why(destination: Destination) -> str:
    if not destination.routes:
        return "no route leads elsewhere"
    return f"by route {text.plain(' and '.join(destination.routes))}"


def _when(case: RoutedCase, explanation: Explanation, book: Book, now: datetime) -> str:
    zone = calendar_for(book, case.partner_key).zone.key
    if explanation.quiet_until is not None:
        until = text.moment(explanation.quiet_until, zone, now)
        return (
            f"At {text.moment(now, zone, now)} it would wait: the hours are quiet until {until} "
            f"({zone}). What is critical does not wait."
        )
    wait = explanation.gathered_for
    if not wait:
        return "It would be said at once."
    return f"It would be said after {wait:g} seconds, in which others of its kind may join it."
