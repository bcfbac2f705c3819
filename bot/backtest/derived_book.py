"""A book for a history that comes without one: each partner that it names, with every default."""

import re
from collections.abc import Sequence

from bot.book.models import Book, FolderEntry, PartnerEntry
from storage.vocabulary import PartnerKind

LONGEST_NAME = 80  # characters
_LONGEST_KEY = 40
OPS_CHANNEL = "C0OPERATIONS"
NOBODY = "U0NOBODY"


def derived_book(partner_names: Sequence[str]) -> Book:
    """Each is in UTC, works Monday to Friday from 8 to 18, and has a channel of its own."""
    spelt: dict[str, list[str]] = {}  # by the name, however it is spelt
    for name in partner_names:
        spelt.setdefault(" ".join(name.split()).casefold(), []).append(name)
    keys: dict[str, str] = {}
    for folded in spelt:
        # A partner is found by its key too: none may be what another one is called.
        keys[folded] = _key(folded, {*keys.values(), *spelt} - {folded})
    return Book(
        ops_channel=OPS_CHANNEL,
        fallback_channel=OPS_CHANNEL,
        partners=tuple(
            PartnerEntry(
                key=keys[folded],
                name=_shortened(names[0]),
                kind=PartnerKind.CARRIER,
                time_zone="UTC",
                channel=f"C{number:05d}X",
                account_manager=NOBODY,
                aliases=tuple(names),
            )
            for number, (folded, names) in enumerate(spelt.items(), start=1)
        ),
        sources=(FolderEntry.model_validate({"kind": "folder", "key": "history", "path": "."}),),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _key(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:_LONGEST_KEY].strip("-") or "partner"
    key, number = plain, 2
    while key in taken:
        suffix = f"-{number}"
        key, number = plain[: _LONGEST_KEY - len(suffix)] + suffix, number + 1
    return key
