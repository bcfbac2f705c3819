"""The book of a history that comes without one."""

from hypothesis import given
from hypothesis import strategies as st

from bot.backtest.derived_book import derived_book
from bot.matching import Matcher


def test_two_spellings_are_one_partner() -> None:
    book = derived_book(["Halden Express", "HALDEN  express", "Orbis"])
    assert [partner.name for partner in book.partners] == ["Halden Express", "Orbis"]
    assert len({partner.channel for partner in book.partners}) == 2


def test_a_partner_that_comes_later_changes_nothing_about_the_others() -> None:
    before = derived_book(["Halden Express", "Orbis"]).partners
    assert derived_book(["Halden Express", "Orbis", "halden-express"]).partners[:2] == before
    assert all(
        one in derived_book(["Kestrel", "Orbis", "Halden Express"]).partners for one in before
    )


@given(st.lists(st.text(min_size=1, max_size=100).filter(str.strip), min_size=1, unique=True))
def test_whatever_partners_are_called_each_is_found_by_its_name(names: list[str]) -> None:
    matcher = Matcher(derived_book(names))
    found = {name: matcher.named(name) for name in names}
    assert all(isinstance(key, str) for key in found.values())
    folded = {" ".join(name.split()).casefold() for name in names}
    assert len(set(found.values())) == len(folded)
