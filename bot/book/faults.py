"""What is wrong with a book: where, what, and what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Of a field: `("partners", 0, "time_zone")`."""


@dataclass(frozen=True, slots=True)
class BookFault:
    file: str
    line: int
    """From 1; 0 where the file itself is at fault."""
    field: str
    """`partners[0].time_zone`; empty for the whole book."""
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.field, self.message) if part)


class BookError(Exception):
    """The book can't be used. Every fault found, in the order of its lines."""

    def __init__(self, faults: Sequence[BookFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.field)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def spelt(path: Path) -> str:
    """`partners[0].time_zone`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")
