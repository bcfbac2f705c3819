"""Divides a history: partners know nothing of each other, so each is replayed whole in one part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.book.models import Book
from bot.matching import Matcher

PARTS = 2
"""Fixed, so that it makes no difference on how many processors they are replayed."""


def divided(
    shipments: Mapping[str, int], linked: Iterable[Iterable[str]], book: Book
) -> dict[str, int]:
    """The part of each partner's name in the file, about as many shipments in each. The names of
    one partner of the book, and those `linked` by a number in common, stay together."""
    families = _families(shipments, linked, Matcher(book))
    sizes = {family: sum(shipments[name] for name in names) for family, names in families.items()}
    loads = [0] * PARTS
    part_of: dict[str, int] = {}
    for family in sorted(families, key=lambda each: (-sizes[each], each)):
        part = loads.index(min(loads))
        loads[part] += sizes[family]
        part_of.update(dict.fromkeys(families[family], part))
    return part_of


def _families(
    names: Iterable[str], linked: Iterable[Iterable[str]], matcher: Matcher
) -> dict[str, list[str]]:
    parent: dict[str, str] = {}

    def head(member: str) -> str:
        while parent.setdefault(member, member) != member:
            member = parent[member]
        return member

    def join(one: str, other: str) -> None:
        first, second = sorted((head(one), head(other)))
        parent[second] = first

    for name in names:
        key = matcher.named(name)
        join(name, f"partner {key}" if isinstance(key, str) else name)
    for group in linked:
        first, *others = group
        for other in others:
            join(first, other)
    families: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        families[head(name)].append(name)
    return families
