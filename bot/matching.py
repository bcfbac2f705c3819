"""How a report finds its partner in the book."""

import re
from dataclasses import dataclass

from bot.book.models import Book, MatchEntry


@dataclass(frozen=True, slots=True)
class Unmatched:
    """No partner: what was tried, and what to add to the book."""

    reason: str


@dataclass(frozen=True, slots=True)
class Described:
    """What a report says of a shipment that may tell whose it is."""

    source: str
    tracking_number: str
    carrier: str | None = None
    service: str | None = None


class Matcher:
    """Finds partners: by the name that the source gives, else by the book's `matching`."""

    def __init__(self, book: Book) -> None:
        self._by_name: dict[str, str] = {}
        for partner in reversed(book.partners):  # so that the first of two alike decides
            for name in (*partner.aliases, partner.name, partner.key):
                self._by_name[_folded(name)] = partner.key
        for partner in book.partners:
            self._by_name[_folded(partner.key)] = partner.key
        self._rules = [_Rule(entry) for entry in book.matching]

    def named(self, name: str) -> str | Unmatched:
        """The key of the partner with this key, name or alias, whatever the case."""
        key = self._by_name.get(name) or self._by_name.get(_folded(name))
        if key is not None:
            self._by_name[name] = key
            return key
        return Unmatched(
            f"the book has no partner {name!r}: correct the name, "
            "or add it to a partner's `aliases` in the book"
        )

    def described(self, shipment: Described) -> str | Unmatched:
        """The partner of the first entry of `matching` that holds."""
        for rule in self._rules:
            if rule.holds(shipment):
                return rule.partner
        said = [
            f"{word} {value!r}"
            for word, value in (
                ("source", shipment.source),
                ("carrier", shipment.carrier),
                ("service", shipment.service),
                ("tracking number", shipment.tracking_number),
            )
            if value
        ]
        tried = f"none of {len(self._rules)} entries" if self._rules else "no entry"
        return Unmatched(
            f"no partner is named, and {tried} of the book's `matching` holds for "
            f"{', '.join(said)}: add an entry that does"
        )


class _Rule:
    def __init__(self, entry: MatchEntry) -> None:
        self.partner = entry.partner
        self._source = entry.source
        self._carrier = None if entry.carrier is None else _folded(entry.carrier)
        self._service = None if entry.service is None else _folded(entry.service)
        pattern = entry.tracking_number
        self._number = None if pattern is None else re.compile(pattern)

    def holds(self, shipment: Described) -> bool:
        return (
            self._source in (None, shipment.source)
            and self._carrier in (None, _folded(shipment.carrier or ""))
            and self._service in (None, _folded(shipment.service or ""))
            and (
                self._number is None or self._number.fullmatch(shipment.tracking_number) is not None
            )
        )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
