"""What was typed after `/tallyman mute`, taken apart: what, until when, why. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.book.models import PartnerEntry
from bot.lookups.names import nearest_partners, partner_at_start
from bot.mutes.ends import BEGIN_AN_END, read_end
from bot.mutes.kinds import kind_at_start, nearest_kinds
from bot.mutes.unclear import Part, Unclear
from storage.vocabulary import CaseKind

_BEGIN_A_REASON = frozenset({"reason", "because"})
_BEGIN_A_LANE = frozenset({"lane", "route"})
_BEGIN_A_NUMBER = frozenset({"shipment", "number", "order", "parcel"})
_BEGIN_A_KIND = frozenset({"kind"})
_FILLERS = frozenset({"all", "everything", "of", "from", "on", "the", "and", "about", "cases"})
_ARROWS = re.compile(r"\s*(?:→|=+>|-+>|—>|–>)\s*")
_TO = re.compile(r"\s+to\s+", re.IGNORECASE)
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_TOKEN = re.compile(r'"[^"]*"|\S+')


@dataclass(slots=True)
class Request:
    """As it was typed, where the database must say what is meant."""

    partner: PartnerEntry | None = None
    kind: CaseKind | None = None
    lane: str | None = None
    """`Hamburg → Lagos`, with both ends as they were typed."""
    number: str | None = None
    """Of a shipment, or its order."""
    ending: Sequence[str] = ()
    """The words from `for` or `until` on."""
    reason: str = ""
    _words: list[str] = field(default_factory=list)
    """Not yet understood."""


def read_request(text: str, partners: Sequence[PartnerEntry]) -> Request:
    """`partners` are those that the person may see. Raises Unclear."""
    text = _ARROWS.sub(" → ", text.translate(_QUOTES))
    request = Request()
    named = partner_at_start(partners, text)
    if named is not None:
        request.partner = named.partner
    _sort(_TOKEN.findall(named.rest if named else text), request)
    while request._words:
        _understand(request, partners)
    return request


def ends_at_of(request: Request, zone: str, now: datetime) -> tuple[datetime, str]:
    """When the mute ends, and why it is wished for. Raises Unclear."""
    if request.ending:
        ends_at, rest = read_end(request.ending, zone, now)
        return ends_at, read_reason(" ".join([*rest, request.reason]))
    words = request.reason.split()
    for place in range(len(words) - 1, -1, -1):  # `because of a strike, for 3 days`
        if words[place].casefold() in BEGIN_AN_END:
            ends_at, rest = read_end(words[place:], zone, now)
            if not rest:
                return ends_at, read_reason(" ".join(words[:place]))
    raise Unclear(Part.END, "Until when? A mute has an end: `for 3 days`, `until friday 14:00`.")


def read_lane(text: str) -> str:
    """`Hamburg → Lagos`, with both ends as they were typed. Raises Unclear."""
    bare = _unquoted(_ARROWS.sub(" → ", text.translate(_QUOTES)))
    ends = bare.split(" → ") if " → " in bare else _TO.split(bare)
    ends = [" ".join(end.split()) for end in ends]
    if len(ends) != 2 or not all(ends):
        raise Unclear(Part.LANE, 'is no lane: name both ends, as in `"Hamburg → Lagos"`.', bare)
    return " → ".join(ends)


def read_reason(words: str) -> str:
    reason = words.strip(' \t\n:,.–-"')
    if not reason:
        raise Unclear(Part.REASON, "Why? Everybody in the channel reads the reason.")
    return reason


def _sort(tokens: Sequence[str], request: Request) -> None:
    """Puts each word where the word before it says that it belongs."""
    place = 0
    while place < len(tokens):
        word = _plain(tokens[place])
        if word in _BEGIN_A_REASON:
            request.reason = " ".join(tokens[place + 1 :])
            return
        if word in BEGIN_AN_END:
            end = _next(tokens, place + 1, _BEGIN_A_REASON)
            request.ending = tokens[place:end]
            place = end
        elif word in _BEGIN_A_LANE or _is_from_to(tokens[place:]):
            end = _next(tokens, place + 1, _BEGIN_ANYTHING)
            request.lane = read_lane(" ".join(tokens[place + 1 : end]))
            place = end
        elif word in _BEGIN_A_NUMBER:
            end = _next(tokens, place + 1, _BEGIN_ANYTHING)
            request.number = _unquoted(" ".join(tokens[place + 1 : end]))
            place = end
        else:
            if word not in _BEGIN_A_KIND:
                request._words.append(tokens[place])
            place += 1


def _is_from_to(tokens: Sequence[str]) -> bool:
    """`from Hamburg to Lagos`."""
    words = [_plain(word) for word in tokens[: _next(tokens, 1, _BEGIN_ANYTHING)]]
    return words[0] == "from" and ("to" in words or "→" in words)


def _next(tokens: Sequence[str], start: int, keywords: frozenset[str]) -> int:
    """Where the next of them is, or the end."""
    for place in range(start, len(tokens)):
        if _plain(tokens[place]) in keywords:
            return place
    return len(tokens)


_BEGIN_ANYTHING = BEGIN_AN_END | _BEGIN_A_REASON | _BEGIN_A_LANE | _BEGIN_A_NUMBER | _BEGIN_A_KIND


def _understand(request: Request, partners: Sequence[PartnerEntry]) -> None:
    """One more thing of what no word before it explains. Raises Unclear."""
    text = " ".join(request._words)
    named = partner_at_start(partners, text) if request.partner is None else None
    kind = kind_at_start(text) if request.kind is None else None
    if named is not None:
        request.partner, request._words = named.partner, named.rest.split()
    elif kind is not None:
        request.kind, request._words = kind[0], kind[1].split()
    elif "→" in text and request.lane is None:
        request.lane, request._words = read_lane(text), []
    elif _plain(request._words[0]) in _FILLERS:
        del request._words[0]
    elif request.number is None and _is_number(request._words[0]):
        _take_number(request)
    else:
        partners = partners if request.partner is None else ()
        near = nearest_partners(partners, text) or nearest_kinds(text)
        what = "kind" if request.partner is not None else "partner, kind or shipment"
        part = Part.KIND if request.partner is not None else Part.PARTNER
        raise Unclear(part, f"is no {what} that I know.", text, near)


def _take_number(request: Request) -> None:
    """As many words as look like groups of one number."""
    words = request._words
    taken = next((at for at, word in enumerate(words) if not _is_number(word)), len(words))
    request.number, request._words = _unquoted(" ".join(words[:taken])), words[taken:]


def _is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _unquoted(text: str) -> str:
    return text.replace('"', " ").strip()


def _plain(word: str) -> str:
    return word.casefold().strip(":,;")
