"""What has to be said of each kind of case; and what several kinds say alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.messages.cards import CaseCard

Detail = tuple[str, str | None]
"""A label and a value; without a value it is left out."""


def no_details(_card: CaseCard) -> Sequence[Detail]:
    return ()


def nothing(_card: CaseCard) -> str | None:
    return None


def as_far_as_known(_card: CaseCard) -> bool:
    return True


def was_seen(card: CaseCard) -> bool:
    """Its shipment was scanned at all, and not just announced."""
    if card.shipment is None:
        return False
    last = card.shipment.last_checkpoint
    return card.shipment.first_scan_at is not None or (last is not None and last.status.is_scan)


@dataclass(frozen=True, slots=True)
class KindWords:
    name: str
    """Of the kind, where nothing else of the case is said: `Held at customs`."""
    headline: Callable[[CaseCard], str]
    """What is wrong, the number that counts in it; no full stop."""
    ask: Callable[[CaseCard], str]
    """Who does what next, who in bold; in lower case, no full stop."""
    over: str
    """Why it is over, where nothing better is known."""
    has_come_true: Callable[[CaseCard], bool] = field(default=as_far_as_known, kw_only=True)
    """Whether `over` has: else its rule looks for something else now, by a changed book."""
    one: str
    """One such case among others: `shipment held at customs`."""
    many: str
    """Several: `shipments held at customs`."""
    details: Callable[[CaseCard], Sequence[Detail]] = no_details
    """Beside what is shown of every shipment."""
    quote: Callable[[CaseCard], str | None] = nothing
    """What a person said; right under the title."""
    story: Callable[[CaseCard], str | None] = nothing
    """A paragraph of what is behind it."""
    footnote: Callable[[CaseCard], str | None] = nothing
    """For who doubts it, in small print."""
    status_matters: bool = False
    """The shipment's status says more than the headline does."""
    subject: Callable[[CaseCard], str] | None = None
    """What it is about besides a shipment. The headline begins with its name."""

    @property
    def inside(self) -> str:
        """The name within a sentence."""
        return self.name[:1].lower() + self.name[1:]
