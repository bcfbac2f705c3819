"""Sources that were not read to their end yet: before they were, nothing is judged."""

from sqlmodel import Session

from bot.book.models import Book
from bot.messages.blocks import Block
from bot.messages.not_judging import not_judging, not_judging_here
from bot.viewer import Viewer
from storage import sources


def unread_sources(session: Session, book: Book) -> list[str]:
    read_at = sources.read_whole_at(session)
    return [entry.key for entry in book.sources if read_at.get(entry.key) is None]


def warning(session: Session, book: Book, viewer: Viewer) -> Block | None:
    """What whoever asks what is open has to know; None once everything was read."""
    unread = unread_sources(session, book)
    if not unread:
        return None
    return not_judging(unread) if viewer.may_see(None) else not_judging_here()
