"""Reads the book from its file."""

from collections.abc import Mapping
from pathlib import Path

from bot.book.agreement import check_agreement
from bot.book.document import read_document
from bot.book.faults import BookError, BookFault
from bot.book.models import Book, EasyPostEntry, FolderEntry
from bot.book.shape import validated


def load_book(path: Path, environment: Mapping[str, str]) -> Book:
    """Raises BookError with every fault that was found, not only the first.

    `${NAME}` is replaced from the environment. Folders are relative to the book's own.
    """
    document = read_document(str(path), _text_of(path), environment)
    if document.value is not None:
        book = validated(document)
        check_agreement(document)
        if book is not None and not document.faults:
            return _with_folders_beside(book, path.parent)
    raise BookError(document.faults)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        said = "there is no such file: write one after tallyman.example.yaml, or name another book"
    except IsADirectoryError:
        said = "is a folder: name the book in it"
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 at byte {error.start}: save it as UTF-8"
    except OSError as error:
        said = f"can't be read: {error.strerror}"
    raise BookError([BookFault(str(path), 0, "", said)])


def _with_folders_beside(book: Book, folder: Path) -> Book:
    return book.model_copy(
        update={"sources": tuple(_beside(folder, source) for source in book.sources)}
    )


def _beside(folder: Path, source: EasyPostEntry | FolderEntry) -> EasyPostEntry | FolderEntry:
    if isinstance(source, FolderEntry):
        return source.model_copy(update={"path": folder / source.path.expanduser()})
    return source
