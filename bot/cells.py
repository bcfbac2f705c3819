"""Cells of a CSV file that people open in a spreadsheet."""

from typing import TypeVar

_Cell = TypeVar("_Cell")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: _Cell) -> _Cell | str:
    """Words from outside must not become a formula where the file is opened."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
