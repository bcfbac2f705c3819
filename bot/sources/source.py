"""The one protocol that every source speaks."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.sources.reports import Page


class SourceError(Exception):
    """A source could not be read. The text says what happened and what to do about it."""


class SourceRefused(SourceError):
    """It will not answer until a person mends something: a wrong key, a missing folder."""


class SourceUnavailable(SourceError):
    """It may answer later: a time-out, a 5xx, a 429 that outlasted our patience."""

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Tracked:
    """A shipment that a source is asked about by name."""

    tracking_number: str
    reference: str | None
    carrier: str | None


class Source(Protocol):
    """Reads one provider. It keeps no state between calls but its connection."""

    key: str

    def pages(self, cursor: dict[str, object] | None) -> AsyncIterator[Page]:
        """All that is new since the cursor, page by page. Raises SourceError."""
        ...

    def follow(self, tracked: Sequence[Tracked]) -> AsyncIterator[Page]:
        """The present state of these shipments, in as few calls as the provider allows.
        A source that cannot be asked about single shipments brings nothing. Raises SourceError."""
        ...

    async def probe(self) -> str:
        """One cheap call for `tallyman check`: a few words on what answered. Raises SourceError."""
        ...

    async def close(self) -> None: ...
