"""A book for a history that comes without one: each partner that it names, with every default."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from bot.book.models import Book, FolderEntry, PartnerEntry
from storage.vocabulary import PartnerKind

LONGEST_NAME = 80  # characters
_LONGEST_KEY = 40
OPS_CHANNEL = "C0OPERATIONS"
NOBODY = "U0NOBODY"


def derived_book(partner_names: Sequence[str]) -> Book:
    """Each is in UTC, works Monday to Friday from 8 to 18, and has a channel of its own.

    The first of several spellings is its name. Nothing about one depends on which others there
    are: partners that come later change nothing of what was said before.
    """
    spelt: dict[str, list[str]] = {}  # by the name, however it is spelt
    for name in partner_names:
        spelt.setdefault(" ".join(name.split()).casefold(), []).append(name)
    return Book(
        ops_channel=OPS_CHANNEL,
        fallback_channel=OPS_CHANNEL,
        partners=tuple(
            PartnerEntry(
                key=_key(folded),
                name=_shortened(names[0]),
                kind=PartnerKind.CARRIER,
                time_zone="UTC",
                channel=f"C{_digest(folded).upper()}",
                account_manager=NOBODY,
                aliases=tuple(names),
            )
            for folded, names in spelt.items()
        ),
        sources=(FolderEntry.model_validate({"kind": "folder", "key": "history", "path": "."}),),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _key(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-")
    if plain == name and len(name) <= _LONGEST_KEY:
        return name
    digest = _digest(name)
    return f"{plain[: _LONGEST_KEY - len(digest) - 1]}-{digest}".strip("-")


def _digest(name: str) -> str:
    return blake2b(name.encode(), digest_size=5).hexdigest()
