"""Which threshold holds for a partner and a service: the narrowest entry that says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.book.models import Book, PartnerEntry, ScopedThresholdsEntry, ThresholdsEntry
from bot.rules.catalogue import THRESHOLDS
from bot.rules.policy import Threshold, Thresholds

Setting = float | None
"""None is off."""

BUILT_IN = "built in"


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One threshold as it holds for a partner, or for one of its services."""

    partner_key: str
    service: str | None
    """None is any service that has no row of its own."""
    threshold: Threshold
    setting: Setting
    said_by: str
    """`built in`, `thresholds`, `thresholds.services.express`, `partners.acme.thresholds` ..."""


def thresholds_for(book: Book, partner: PartnerEntry, service: str | None) -> Thresholds:
    """From wide to narrow: built in, the book, its service, the partner, the partner's service.
    Services are the same whatever their case."""
    given: dict[str, Setting] = {}
    for _, entry in _entries(book, partner, service):
        given.update(_settings(entry))
    return Thresholds(given)


def threshold_table(book: Book) -> list[ThresholdRow]:
    """Every threshold of every partner, and what is set apart for one of its services."""
    return [
        row
        for partner in book.partners
        for service in (None, *_services(book, partner))
        for row in _rows(book, partner, service)
    ]


def _rows(book: Book, partner: PartnerEntry, service: str | None) -> Iterator[ThresholdRow]:
    entries = [(place, _settings(entry)) for place, entry in _entries(book, partner, service)]
    for threshold in _set_apart(book, partner, service) if service else THRESHOLDS:
        setting: Setting = threshold.default
        said_by = BUILT_IN
        for place, settings in entries:
            if threshold.name in settings:
                setting, said_by = settings[threshold.name], place
        yield ThresholdRow(partner.key, service, threshold, setting, said_by)


def _set_apart(book: Book, partner: PartnerEntry, service: str) -> list[Threshold]:
    """What an entry of this very service names, also where a narrower one overrules it."""
    of_service = (
        entry
        for scope in (book.thresholds, partner.thresholds)
        for name, entry in scope.services.items()
        if _folded(name) == _folded(service)
    )
    named = {name for entry in of_service for name in _settings(entry)}
    return [threshold for threshold in THRESHOLDS if threshold.name in named]


def _entries(
    book: Book, partner: PartnerEntry, service: str | None
) -> Iterator[tuple[str, ThresholdsEntry]]:
    """Those that say something, widest first, each with its place in the book."""
    scopes = (
        ("thresholds", book.thresholds),
        (f"partners.{partner.key}.thresholds", partner.thresholds),
    )
    for place, scope in scopes:
        yield place, scope
        for name, entry in scope.services.items():
            if service is not None and _folded(name) == _folded(service):
                yield f"{place}.services.{name}", entry


def _services(book: Book, partner: PartnerEntry) -> list[str]:
    named = [*book.thresholds.services, *partner.thresholds.services]
    return list({_folded(name): name for name in named}.values())


def _settings(entry: ThresholdsEntry | ScopedThresholdsEntry) -> dict[str, Setting]:
    settings: dict[str, Setting] = {}
    for threshold in THRESHOLDS:
        value: float | str | None = getattr(entry, threshold.name)
        if isinstance(value, str):
            settings[threshold.name] = None
        elif value is not None:
            settings[threshold.name] = value
    return settings


def _folded(service: str) -> str:
    return " ".join(service.split()).casefold()
