"""How a report finds its partner."""

import pytest

from bot.book.models import Book
from bot.matching import Described, Matcher, Unmatched


@pytest.fixture
def matcher() -> Matcher:
    def partner(key: str, name: str, *aliases: str) -> dict[str, object]:
        return {
            "key": key,
            "name": name,
            "kind": "carrier",
            "time_zone": "Europe/Berlin",
            "channel": "C0ABC",
            "account_manager": "U0AM",
            "aliases": aliases,
        }

    return Matcher(
        Book.model_validate(
            {
                "ops_channel": "C0OPS",
                "fallback_channel": "C0OPS",
                "partners": [
                    partner("northwind", "Northwind Parcel", "NW", "Straße 7"),
                    partner("bluebird", "Bluebird", "northwind"),
                ],
                "sources": [{"key": "orders", "kind": "folder", "path": "orders"}],
                "matching": [
                    {"partner": "bluebird", "source": "feed", "carrier": "Blue  Bird"},
                    {"partner": "northwind", "carrier": "blue bird", "service": "air"},
                    {"partner": "northwind", "tracking_number": "NW[0-9]+"},
                ],
            }
        )
    )


@pytest.mark.parametrize(
    "name", ["northwind", "NORTHWIND", "northwind  parcel", " nw ", "STRASSE 7"]
)
def test_a_name_is_a_key_a_name_or_an_alias_however_it_is_spelt(
    matcher: Matcher, name: str
) -> None:
    assert matcher.named(name) == "northwind"
    assert matcher.named(name) == "northwind"


def test_an_unknown_name_says_what_to_add_to_the_book(matcher: Matcher) -> None:
    unknown = matcher.named("Nordwind")
    assert isinstance(unknown, Unmatched)
    assert "no partner 'Nordwind'" in unknown.reason
    assert "aliases" in unknown.reason


def test_the_first_entry_of_which_everything_holds_decides(matcher: Matcher) -> None:
    assert matcher.described(Described("feed", "1", "BLUE BIRD", "air")) == "bluebird"
    assert matcher.described(Described("other", "1", "blue bird", "Air")) == "northwind"
    assert matcher.described(Described("other", "NW17")) == "northwind"


@pytest.mark.parametrize(
    "described",
    [
        Described("other", "1", "blue bird"),
        Described("other", "NW17x"),
        Described("other", "xNW17"),
        Described("feed", "1"),
    ],
)
def test_what_matches_nothing_says_what_was_tried(matcher: Matcher, described: Described) -> None:
    unmatched = matcher.described(described)
    assert isinstance(unmatched, Unmatched)
    assert "none of 3 entries" in unmatched.reason
    assert repr(described.tracking_number) in unmatched.reason
