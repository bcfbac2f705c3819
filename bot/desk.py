"""What a handler needs to answer a person: the database, the book, the time, and who asks."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.alerts.delivery import Deliverer
from bot.book.models import Book, PartnerEntry
from bot.clock import Clock
from bot.viewer import Viewer
from storage import partners
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    book: Book
    clock: Clock
    deliverer: Deliverer
    team_id: str
    """The installing team: whoever belongs to another one is from outside."""

    async def viewer(self, user_id: str, team_id: str | None, channel: str | None) -> Viewer:
        """In a partner's channel there is only that partner, whoever asks, and be it that it has
        left the book. People from outside see the partner whose channel they are in, and nothing
        elsewhere."""
        partner_key = None
        if channel and channel not in (self.book.ops_channel, self.book.fallback_channel):
            partner_key = await self.database.read(_partner_of, channel)
        return Viewer(user_id, partner_key, is_internal=team_id == self.team_id)

    def partner(self, key: str) -> PartnerEntry | None:
        return next((partner for partner in self.book.partners if partner.key == key), None)


def _partner_of(session: Session, channel: str) -> str | None:
    here = partners.by_channel(session, channel)
    if here:
        return here[0].key
    left_the_book = (key for key, at in partners.channels(session).items() if at == channel)
    return min(left_the_book, default=None)
