"""Whether the routes of a book agree with its partners and with each other."""

from bot.book.comparing import (
    folded,
    keys_of,
    must_be_one_of,
    must_differ,
    number_at,
    owner_of_channel,
    texts_at,
    where,
)
from bot.book.document import Document
from bot.book.faults import Path
from storage.vocabulary import Severity

_RANKS = {severity.value: severity.rank for severity in Severity}
_MILDEST = min(_RANKS.values())


def _names_differ(document: Document) -> None:
    names = [(*route, "name") for route in _routes(document)]
    must_differ(document, names, "is the name of another route already", folded)


def _partners_are_known(document: Document) -> None:
    partners = keys_of(document, "partners")
    for route in _routes(document):
        for path in document.items_at((*route, "when", "partners")):
            must_be_one_of(document, path, partners, "partner")


def _no_partner_hears_of_another(document: Document) -> None:
    """Nobody sees a neighbour."""
    for route in _routes(document):
        partners = texts_at(document, (*route, "when", "partners"))
        for path in document.items_at((*route, "to")):
            owner = owner_of_channel(document, path)
            if owner is not None and partners != [owner]:
                document.fault(
                    path,
                    f"{document.text_at(path)} is the channel of partner {owner}, who would read "
                    "of others. Write `partner` for each case's own partner, or let the route "
                    f"take only theirs with `partners: [{owner}]`",
                )


def _a_value_has_its_currency(document: Document) -> None:
    for route in _routes(document):
        value, currency = (*route, "when", "value_from"), (*route, "when", "currency")
        if document.at(value) is not None and document.at(currency) is None:
            document.fault(value, "has no currency: add `currency`, such as EUR, beside it")
        if document.at(currency) is not None and document.at(value) is None:
            document.fault(currency, "is that of a value: add `value_from`, or leave it out")


def _each_can_be_reached(document: Document) -> None:
    """What a condition that can't be read would take is not known: then nothing is said."""
    can_be_read = not any(fault.field.startswith("routing") for fault in document.faults)
    if not can_be_read or document.text_at(("routing", "match")) == "all":
        return
    earlier: list[Path] = []
    for route in _routes(document):
        for before in earlier:
            if _takes_all_of(document, (*before, "when"), (*route, "when")):
                document.fault(
                    route,
                    f"never takes a case: {_called(document, before)} takes them all before it. "
                    "Put it further up, or write `match: all`",
                )
                break
        earlier.append(route)


def _takes_all_of(document: Document, wide: Path, narrow: Path) -> bool:
    """Whether what holds for `narrow` holds for `wide` by that."""
    return (
        all(
            _takes_words_of(document, (*wide, field), (*narrow, field))
            for field in ("partners", "kinds", "customers")
        )
        and _takes_severities_of(document, (*wide, "severity_from"), (*narrow, "severity_from"))
        and _takes_word_of(document, (*wide, "priority"), (*narrow, "priority"))
        and _takes_values_of(document, wide, narrow)
    )


def _takes_words_of(document: Document, wide: Path, narrow: Path) -> bool:
    if not list(document.items_at(wide)):
        return True
    wanted = {folded(word) for word in texts_at(document, narrow)}
    return bool(wanted) and wanted <= {folded(word) for word in texts_at(document, wide)}


def _takes_severities_of(document: Document, wide: Path, narrow: Path) -> bool:
    return _rank_at(document, wide) <= _rank_at(document, narrow)


def _takes_word_of(document: Document, wide: Path, narrow: Path) -> bool:
    asked = document.text_at(wide)
    given = document.text_at(narrow)
    return asked is None or (given is not None and folded(given) == folded(asked))


def _takes_values_of(document: Document, wide: Path, narrow: Path) -> bool:
    least = number_at(document, (*wide, "value_from"))
    if least is None:
        return True
    given = number_at(document, (*narrow, "value_from"))
    return (
        given is not None
        and given >= least
        and _takes_word_of(document, (*wide, "currency"), (*narrow, "currency"))
    )


def _rank_at(document: Document, path: Path) -> int:
    return _RANKS.get(document.text_at(path) or "", _MILDEST)


def _called(document: Document, route: Path) -> str:
    name = document.text_at((*route, "name"))
    return f"{name or 'the route'} ({where(document, route)})"


def _routes(document: Document) -> list[Path]:
    return list(document.items_at(("routing", "routes")))


ROUTE_CHECKS = (
    _names_differ,
    _partners_are_known,
    _no_partner_hears_of_another,
    _a_value_has_its_currency,
    _each_can_be_reached,
)
