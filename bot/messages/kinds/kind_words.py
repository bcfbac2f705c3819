"""What has to be said of each kind of case; and what several kinds say alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.messages.cards import CaseCard

Detail = tuple[str, str | None]
"""A label and a value; without a value it is left out."""


def no_details(_card: CaseCard) -> Sequence[Detail]:
    return ()


def no_story(_card: CaseCard) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class KindWords:
    name: str
    """Of the kind, where nothing else of the case is said: `Held at customs`."""
    headline: Callable[[CaseCard], str]
    """What is wrong, the number that counts in it; no full stop."""
    ask: Callable[[CaseCard], str]
    """Who does what next; in lower case, no full stop."""
    over: str
    """Why it is over, where nothing better is known."""
    details: Callable[[CaseCard], Sequence[Detail]] = no_details
    """Beside what is shown of every shipment."""
    story: Callable[[CaseCard], str | None] = no_story
    """A paragraph under the title."""
    status_matters: bool = False
    """The shipment's status says more than the headline does."""
    subject: Callable[[CaseCard], str] | None = None
    """What it is about besides a shipment. The headline begins with it."""
