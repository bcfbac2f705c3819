"""Partners as people name them: key, name or alias, in any case and spacing. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.book.models import Book, PartnerEntry
from bot.viewer import Viewer

SUGGESTED_AT_MOST = 3
WORDS_READ = 20  # of what somebody typed; no name is longer
LONGEST_WORD = 200  # characters
_ALIKE = 0.55  # of difflib's ratio, from which a name counts as misspelt and not as another
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A partner at the beginning of what was typed, and the words after it."""

    partner: PartnerEntry
    rest: str


def visible_partners(book: Book, viewer: Viewer) -> list[PartnerEntry]:
    return [partner for partner in book.partners if viewer.may_see(partner.key)]


def partner_named(partners: Iterable[PartnerEntry], text: str) -> PartnerEntry | None:
    """Whose name this is, in full."""
    wanted = folded(text)
    if not wanted:
        return None
    return next((p for p in partners if wanted in map(folded, names_of(p))), None)


def partner_at_start(partners: Sequence[PartnerEntry], text: str) -> Named | None:
    """The longest beginning that names a partner: `acme parcel june` is Acme Parcel, then June."""
    for beginning, rest in beginnings(text):
        partner = partner_named(partners, beginning)
        if partner is not None:
            return Named(partner, rest)
    return None


def nearest_partners(partners: Sequence[PartnerEntry], text: str) -> list[str]:
    """Names that what was typed may have meant, the likest first."""
    name_of: dict[str, str] = {}
    for partner in partners:
        for name in names_of(partner):
            name_of.setdefault(folded(name), partner.name)
    meant: list[str] = []
    for beginning, _ in beginnings(text):
        wanted = folded(beginning)
        if not wanted:
            continue
        meant += get_close_matches(wanted, name_of, n=SUGGESTED_AT_MOST, cutoff=_ALIKE)
        meant += [known for known in name_of if known.startswith(wanted)]
    return list(dict.fromkeys(name_of[known] for known in meant))[:SUGGESTED_AT_MOST]


def beginnings(text: str) -> Iterator[tuple[str, str]]:
    """The words typed, cut in two at every place: the longest beginning first."""
    words = [word[:LONGEST_WORD] for word in text.split()]
    for length in range(min(len(words), WORDS_READ), 0, -1):
        yield " ".join(words[:length]), " ".join(words[length:])


def names_of(partner: PartnerEntry) -> tuple[str, ...]:
    return (partner.key, partner.name, *partner.aliases)


def folded(name: str) -> str:
    """What is left of a name when case, accents, spacing and punctuation don't count."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _BETWEEN_WORDS.sub("", plain)
