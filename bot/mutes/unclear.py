"""What of a wish for a mute was not understood, or cannot be."""

from collections.abc import Sequence
from enum import StrEnum


class Part(StrEnum):
    """Of what has to be said of a mute."""

    PARTNER = "partner"
    KIND = "kind"
    LANE = "lane"
    SHIPMENT = "shipment"
    END = "end"
    REASON = "reason"


class Unclear(Exception):
    """Says where, why, and what may have been meant."""

    def __init__(self, part: Part, why: str, typed: str = "", nearest: Sequence[str] = ()) -> None:
        """`why` is a sentence of our own, to be read after `typed`, which is as it was typed."""
        super().__init__(f"{typed!r} {why}" if typed else why)
        self.part = part
        self.why = why
        self.typed = typed
        self.nearest = tuple(nearest)
