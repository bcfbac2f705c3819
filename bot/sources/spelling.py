"""Words of ours, however a file spells them: case, blanks and dashes don't matter."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from bot.book.fields import nearest


def word_of(words: type[StrEnum], noun: str) -> Callable[[object], object]:
    """Reads one of these words. ValueError says which may have been meant."""
    meanings = {word.value: word for word in words}

    @lru_cache(maxsize=1_024)
    def read(written: object) -> object:
        if not isinstance(written, str):
            return written
        spelt = "_".join(written.lower().replace("-", " ").replace("_", " ").split())
        word = meanings.get(spelt)
        if word is not None:
            return word
        meant = nearest(spelt, meanings, likeness=0.5)
        did_you_mean = f" did you mean {meant}?" if meant else ""
        raise ValueError(f"{written!r} is no {noun}:{did_you_mean} one of {', '.join(meanings)}")

    return read


def yes_or_no(written: object) -> object:
    if not isinstance(written, str):
        return written
    word = written.lower()
    if word in ("yes", "y", "true", "t", "1"):
        return True
    if word in ("no", "n", "false", "f", "0"):
        return False
    raise ValueError(f"{written!r} is neither yes nor no")
