"""What the checks of agreement have in common: entries that must differ, and names that must be."""

from collections.abc import Callable, Collection, Sequence

from bot.book.document import Document
from bot.book.faults import Path, spelt
from bot.book.fields import nearest


def must_differ(
    document: Document, paths: Sequence[Path], complaint: str, as_compared: Callable[[str], str]
) -> None:
    first: dict[str, Path] = {}
    for path in paths:
        text = document.text_at(path)
        if text is None:
            continue
        known = first.setdefault(as_compared(text), path)
        if known != path:
            document.fault(path, f"{text!r} {complaint}: {where(document, known)}")


def must_be_one_of(document: Document, path: Path, known: Collection[str], noun: str) -> None:
    text = document.text_at(path)
    if text is None or text in known:
        return
    meant = nearest(text, known)
    help_ = f"Did you mean {meant}?" if meant else f"There are {', '.join(known) or 'none'}"
    document.fault(path, f"no {noun} has the key {text!r}. {help_}")


def keys_of(document: Document, entries: str) -> list[str]:
    """Of the partners, or of the sources."""
    keys = (document.text_at((*entry, "key")) for entry in document.items_at((entries,)))
    return [key for key in keys if key is not None]


def owner_of_channel(document: Document, path: Path) -> str | None:
    """The key of the partner whose channel is written there."""
    channel = document.text_at(path)
    for partner in document.items_at(("partners",)):
        if channel is not None and document.text_at((*partner, "channel")) == channel:
            return document.text_at((*partner, "key"))
    return None


def texts_at(document: Document, path: Path) -> list[str]:
    """Those of a list; what could not be read is not among them."""
    texts = (document.text_at(item) for item in document.items_at(path))
    return [text for text in texts if text is not None]


def number_at(document: Document, path: Path) -> float | None:
    text = document.text_at(path)
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def where(document: Document, path: Path) -> str:
    """`sources[0].key on line 16`."""
    return f"{spelt(path)} on line {document.line_of(path)}"


def folded(name: str) -> str:
    """As names are compared: whatever the case and the blanks."""
    return " ".join(name.split()).casefold()
