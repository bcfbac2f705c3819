"""Where a case is told, by the routes of the book."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.book.models import Book
from bot.book.telling import RouteEntry
from bot.routing.conditions import Condition, conditions_of
from bot.routing.routed_case import RoutedCase
from storage.vocabulary import CaseKind


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A route of the book, made ready to be asked about many cases."""

    entry: RouteEntry
    conditions: tuple[Condition, ...]

    def holds(self, case: RoutedCase) -> bool:
        return all(condition.holds(case) for condition in self.conditions)

    def failures(self, case: RoutedCase) -> tuple[str, ...]:
        """One for each condition that does not hold; none where the route holds."""
        return tuple(each.failure(case) for each in self.conditions if not each.holds(case))


class Router:
    """Made once for many cases.

    `channels` are the partners' present channels by their keys, of those who left the book too
    (storage.partners.channels): Slack may have given a channel another id than the book has.
    """

    def __init__(self, book: Book, channels: Mapping[str, str]) -> None:
        self._takes_first = book.routing.match == "first"
        self._ops = book.ops_channel
        self._in_book = {partner.key: partner.channel for partner in book.partners}
        self._present = {**self._in_book, **channels}
        self._of_partners = frozenset((*self._in_book.values(), *self._present.values()))
        self.routes = tuple(
            Route(entry, conditions_of(entry.when)) for entry in book.routing.routes
        )

    def destinations(self, case: RoutedCase) -> tuple[str, ...]:
        """Ids of channels and people, each once, and at least one; the first is its home.

        No other partner's channel is ever among them, whatever the routes say. What a person
        asked an answer for is at home where its partner reads it.
        """
        asked = [self._place_of_partner(case)] if case.kind is CaseKind.ESCALATION else []
        told = asked + [
            place
            for route in self.taken(case)
            for word in route.entry.to
            if (place := self.place(word, case)) is not None
        ]
        return tuple(dict.fromkeys(told)) or (self._place_of_partner(case),)

    def taken(self, case: RoutedCase) -> Iterator[Route]:
        """The routes that decide where it goes."""
        for route in self.routes:
            if route.holds(case):
                yield route
                if self._takes_first:
                    return

    def place(self, word: str, case: RoutedCase) -> str | None:
        """What a route's destination stands for; None where it is another partner's channel."""
        match word:
            case "ops":
                return self._ops
            case "partner":
                return self._place_of_partner(case)
        if word not in self._of_partners:
            return word
        present = self._place_of_partner(case)
        return present if word in (present, self._in_book.get(case.partner_key or "")) else None

    def _place_of_partner(self, case: RoutedCase) -> str:
        """Its partner's channel; ours, where it is about no partner."""
        return self._present.get(case.partner_key or "", self._ops)
