"""The book: partners, contracts, sources and policies, from one YAML file, fully validated."""

from bot.book.calendar import calendar_of
from bot.book.faults import BookError, BookFault
from bot.book.loading import load_book
from bot.book.models import Book
from bot.book.thresholds import ThresholdRow, threshold_table, thresholds_for

__all__ = [
    "Book",
    "BookError",
    "BookFault",
    "ThresholdRow",
    "calendar_of",
    "load_book",
    "threshold_table",
    "thresholds_for",
]
