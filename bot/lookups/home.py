"""The App Home: what is open, what is muted, and how the sources are."""

from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.lookups.cases import open_cards
from bot.lookups.health import source_cards
from bot.lookups.unread import warning
from bot.messages.blocks import Block, section
from bot.messages.home_view import home_view
from bot.mutes.shown import active_cards
from bot.viewer import Viewer

CASES_READ = 200

_FOR_GUESTS = (
    "*Tallyman* holds logistics partners to what they promised. Your shipments are in the channel "
    "that you share with us: there you can answer with the buttons under each alert, or mention "
    "me, as in `@Tallyman exceptions`."
)


def home(session: Session, book: Book, viewer: Viewer, now: datetime) -> Block:
    """A view for views.publish. From outside: a short explanation, and nothing of anybody's."""
    if not viewer.is_internal:
        return {"type": "home", "blocks": [section(_FOR_GUESTS)]}
    cards, _left_out = open_cards(session, book, viewer, None, now, CASES_READ)
    muted = active_cards(session, book, viewer, now)
    known = source_cards(session, book)
    warned = warning(session, book, viewer)
    return home_view(cards, known, now, book.time_zone, muted, warned)
