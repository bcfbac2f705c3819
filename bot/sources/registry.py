"""Which source reads which entry of the book."""

from bot.book.models import EasyPostEntry, FolderEntry, SourceEntry
from bot.clock import Clock
from bot.sources.easypost import EasyPost
from bot.sources.folder import Folder
from bot.sources.source import Source


def open_source(entry: SourceEntry, clock: Clock | None = None) -> Source:
    """To be closed by whoever opens it."""
    match entry:
        case EasyPostEntry():
            return EasyPost(entry, clock=clock)
        case FolderEntry():
            return Folder(entry)
