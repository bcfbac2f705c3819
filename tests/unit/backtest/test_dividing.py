"""A partner is replayed whole, for what belongs together is told together."""

from hypothesis import given
from hypothesis import strategies as st

from bot.backtest.derived_book import derived_book
from bot.backtest.dividing import PARTS, divided

NAMES = ["Halden", "Orbis", "Corvid", "Kestrel", "Brightwater", "Lakshmi"]
sizes = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 1000), min_size=1)


@given(sizes)
def test_every_partner_is_in_one_part(shipments: dict[str, int]) -> None:
    parts = divided(shipments, [], derived_book(list(shipments)))
    assert parts.keys() == shipments.keys()
    assert set(parts.values()) <= set(range(PARTS))


@given(sizes)
def test_no_part_is_heavier_than_the_rest_by_more_than_a_partner(shipments: dict[str, int]) -> None:
    parts = divided(shipments, [], derived_book(list(shipments)))
    loads = [sum(n for name, n in shipments.items() if parts[name] == part) for part in (0, 1)]
    assert abs(loads[0] - loads[1]) <= max(shipments.values())


@given(sizes, st.lists(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3), max_size=4))
def test_those_that_share_a_number_stay_together(
    shipments: dict[str, int], linked: list[list[str]]
) -> None:
    known = [[name for name in group if name in shipments] for group in linked]
    groups = [group for group in known if len(group) > 1]
    parts = divided(shipments, groups, derived_book(list(shipments)))
    for group in groups:
        assert len({parts[name] for name in group}) == 1


def test_two_spellings_of_one_partner_stay_together() -> None:
    shipments = {"Halden": 10, "HALDEN": 8, "Orbis": 9}
    parts = divided(shipments, [], derived_book(["Halden", "Orbis"]))
    assert parts["Halden"] == parts["HALDEN"] != parts["Orbis"]
