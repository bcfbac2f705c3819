"""The channels and people that a book names, with what for."""

from collections.abc import Iterable, Mapping

from bot.book.models import Book


def channels_of(book: Book) -> Mapping[str, str]:
    """Each id once, with all that it is used for: `ops, fallback`."""
    return _joined(
        (
            (book.ops_channel, "ops"),
            (book.fallback_channel, "fallback"),
            *((partner.channel, f"partner {partner.key}") for partner in book.partners),
            *((digest.channel, f"a {_RHYTHMS[digest.every]} digest") for digest in book.digests),
            *(
                (place, f"route {name}")
                for name, place in _routed(book)
                if _is_id(place) and not is_person(place)
            ),
        )
    )


def people_of(book: Book) -> Mapping[str, str]:
    """Likewise: `partner harbour, route Big customers`."""
    return _joined(
        (
            *((partner.account_manager, f"partner {partner.key}") for partner in book.partners),
            *((place, f"route {name}") for name, place in _routed(book) if is_person(place)),
        )
    )


def routed_people_of(book: Book) -> frozenset[str]:
    """Those who read of whatever a route takes."""
    return frozenset(place for _, place in _routed(book) if is_person(place))


def is_person(place: str) -> bool:
    """And not a channel, by its id."""
    return place.startswith(("U", "W"))


_RHYTHMS = {"day": "daily", "week": "weekly"}


def _routed(book: Book) -> Iterable[tuple[str, str]]:
    return ((route.name, place) for route in book.routing.routes for place in route.to)


def _is_id(place: str) -> bool:
    return place not in ("partner", "ops")


def _joined(uses: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    joined: dict[str, str] = {}
    for place, use in dict.fromkeys(uses):
        joined[place] = f"{joined[place]}, {use}" if place in joined else use
    return joined
