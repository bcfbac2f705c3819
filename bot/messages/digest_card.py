"""What a digest is made of: plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.messages.cards import CaseCard
from bot.scorecards.figures import Figure


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one partner, or of all of them together."""

    open: int = 0
    critical: int = 0
    warning: int = 0
    untaken: int = 0
    came_up: int = 0
    resolved: int = 0

    @property
    def is_calm(self) -> bool:
        return not (self.open or self.came_up or self.resolved)


@dataclass(frozen=True, slots=True)
class PartnerLine:
    name: str | None
    """None: what belongs to no partner."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class OnTimeLine:
    """On-time delivery of one partner."""

    partner_name: str
    week: Figure
    """Of the last seven days."""
    month: Figure
    """So far."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the assistant's own work."""

    sources: Sequence[str] = ()
    """The keys of those that fail or are stale."""
    dead_letters: int = 0
    mutes: int = 0
    """Those that hold something back, or would."""


@dataclass(frozen=True, slots=True)
class DigestCard:
    every: Literal["day", "week"]
    now: datetime
    since: datetime
    """When the last one was said."""
    zone: str
    of_whom: str | None
    """The name of the partner, or of the few; None: of all."""
    tally: Tally
    worst: Sequence[CaseCard] = ()
    """The worst of what is open."""
    held_back: int = 0
    """Open cases that mutes keep from being told."""
    promised_today: int = 0
    """Shipments under way that should arrive today."""
    promised_in_trouble: int = 0
    """Of those, how many have an open case."""
    at_risk: Sequence[CaseCard] = ()
    """The worst of their cases."""
    partners: Sequence[PartnerLine] = ()
    """Where it tells of several."""
    on_time: Sequence[OnTimeLine] = ()
    """Of a weekly one."""
    trouble: Trouble | None = None
    """Where it tells of what belongs to no partner, too."""

    @property
    def is_calm(self) -> bool:
        trouble = self.trouble or Trouble()
        return self.tally.is_calm and not (
            self.held_back or trouble.sources or trouble.dead_letters or trouble.mutes
        )
