"""A book read for its partners and thresholds: no source is opened, so no key is needed."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.book import load_book
from bot.book.models import Book

_NOT_NEEDED = "not needed here"


class _AnyName(Mapping[str, str]):
    """The environment, and something for every name that isn't in it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def __getitem__(self, name: str) -> str:
        return self._environment.get(name) or _NOT_NEEDED

    def __iter__(self) -> Iterator[str]:
        return iter(self._environment)

    def __len__(self) -> int:
        return len(self._environment)


def load_book_without_keys(path: Path, environment: Mapping[str, str] = os.environ) -> Book:
    """Raises BookError."""
    return load_book(path, _AnyName(environment))
