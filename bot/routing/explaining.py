"""Why a case goes where it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.alerts.quiet import quiet_until
from bot.book.models import Book
from bot.routing.routed_case import RoutedCase
from bot.routing.routing import Route, Router
from storage.vocabulary import Severity


class Outcome(Enum):
    TAKES = auto()
    TOO_LATE = auto()
    """It holds, and an earlier one has taken the case."""
    FAILS = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one route."""

    name: str
    outcome: Outcome
    failures: tuple[str, ...] = ()
    """How its conditions fail."""
    left_out: tuple[str, ...] = ()
    """Channels that it names, and that are another partner's."""


@dataclass(frozen=True, slots=True)
class Destination:
    place: str
    """The id of a channel or of a person."""
    routes: tuple[str, ...]
    """The names of those that lead there; none where it goes there for want of a route."""


@dataclass(frozen=True, slots=True)
class Explanation:
    steps: tuple[Step, ...]
    destinations: tuple[Destination, ...]
    gathered_for: float
    """Seconds for which others may join it."""
    quiet_until: datetime | None
    """When its partner's quiet hours end, where they hold it back."""


def explain(case: RoutedCase, router: Router, book: Book, now: datetime) -> Explanation:
    takers = tuple(router.taken(case))
    is_critical = case.severity is Severity.CRITICAL
    grouping = book.grouping
    return Explanation(
        steps=tuple(_step(route, case, router, takers) for route in router.routes),
        destinations=tuple(
            Destination(place, _leading_to(place, case, router))
            for place in router.destinations(case)
        ),
        gathered_for=grouping.critical_wait_seconds if is_critical else grouping.wait_seconds,
        quiet_until=None if is_critical else quiet_until(book, case.partner_key, now),
    )


def _step(route: Route, case: RoutedCase, router: Router, takers: Sequence[Route]) -> Step:
    name = route.entry.name
    failures = route.failures(case)
    if failures:
        return Step(name, Outcome.FAILS, failures=failures)
    if route not in takers:
        return Step(name, Outcome.TOO_LATE)
    left_out = tuple(word for word in route.entry.to if router.place(word, case) is None)
    return Step(name, Outcome.TAKES, left_out=left_out)


def _leading_to(place: str, case: RoutedCase, router: Router) -> tuple[str, ...]:
    return tuple(
        route.entry.name
        for route in router.taken(case)
        if place in {router.place(word, case) for word in route.entry.to}
    )
