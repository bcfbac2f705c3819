from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from bot.book import Book, BookError, load_book

SOUND = """\
ops_channel: C0OPS
fallback_channel: C0LOST
partners:
  - key: harbour
    name: Harbour Parcel
    kind: carrier
    time_zone: Europe/Berlin
    channel: C0HARBOUR
    account_manager: U0LENA
sources:
  - key: orders
    kind: folder
    path: inbox
"""

Load = Callable[..., Book]
Faults = Callable[..., list[str]]


@pytest.fixture
def sound() -> str:
    """The least that is a book."""
    return SOUND


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str, **environment: str) -> Book:
        path = tmp_path / "tallyman.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return load_book(path, environment)

    return load


@pytest.fixture
def faults(load: Load, tmp_path: Path) -> Faults:
    """What is said of a book that can't be used, without the folder that it is in."""

    def faults(text: str, **environment: str) -> list[str]:
        with pytest.raises(BookError) as caught:
            load(text, **environment)
        return [str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults]

    return faults
