"""Figures carry their weight."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.scorecards.catalogue import CATALOGUE, Better, kpi_named
from bot.scorecards.figures import Figure, Rate, Standing, interval_of, spread_of, wilson


def test_wilson_gives_the_textbook_interval() -> None:
    # 8 of 10, worked by hand from Wilson's formula: centre 0.7168, reach 0.2266.
    interval = wilson(8, 10)
    assert interval.low == pytest.approx(0.4902, abs=1e-4)
    assert interval.high == pytest.approx(0.9433, abs=1e-4)


def test_even_17_of_17_leaves_room_for_doubt() -> None:
    interval = wilson(17, 17)
    assert interval.low == pytest.approx(0.8157, abs=1e-4)
    assert interval.high == 1


@given(some.integers(1, 100_000).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_the_interval_holds_the_share_and_lies_between_nought_and_one(
    counts: tuple[int, int],
) -> None:
    kept, due = counts
    interval = wilson(kept, due)
    assert 0 <= interval.low <= kept / due + 1e-12
    assert kept / due - 1e-12 <= interval.high <= 1


@pytest.mark.parametrize(("kept", "due"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_proportion_has_no_interval(kept: int, due: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(kept, due)
    assert interval_of(kpi_named("dock_to_stock_time"), Rate(3, 2)) is None
    assert interval_of(kpi_named("cost_share"), Rate(3, 2)) is None


@pytest.mark.parametrize(
    ("metric", "value", "target", "is_met"),
    [
        ("on_time_delivery", 0.95, 0.95, True),
        ("on_time_delivery", 0.9499, 0.95, False),
        ("dock_to_stock_time", 48, 48, True),
        ("dock_to_stock_time", 48.1, 48, False),
        ("capacity_utilisation", 1.0, 0.9, True),
        ("capacity_utilisation", 0.8, 0.9, True),
        ("capacity_utilisation", 0.79, 0.9, False),
        ("capacity_utilisation", 1.01, 0.9, False),
    ],
)
def test_each_kpi_knows_which_way_is_better(
    metric: str, value: float, target: float, is_met: bool
) -> None:
    assert kpi_named(metric).meets(value, target) is is_met


@pytest.mark.parametrize(
    ("rate", "target", "standing"),
    [
        (None, 0.95, Standing.UNKNOWN),
        (None, None, Standing.UNKNOWN),
        (Rate(3, 4), None, Standing.NO_TARGET),
        (Rate(3, 4), 0.95, Standing.TOO_FEW),
        (Rate(3, 5), 0.95, Standing.MISSED),
        (Rate(5, 5), 0.95, Standing.MET),
    ],
)
def test_a_figure_is_judged_only_on_a_target_and_a_sufficient_sample(
    rate: Rate | None, target: float | None, standing: Standing
) -> None:
    figure = Figure(kpi_named("on_time_delivery"), rate, target, minimum_sample=5)
    assert figure.standing is standing


def test_the_catalogue_is_complete_and_in_the_trades_words() -> None:
    assert list(CATALOGUE)[:2] == ["on_time_delivery", "order_cycle_time"]
    for name, kpi in CATALOGUE.items():
        assert kpi.name == name
        assert kpi.title
        assert " / " in kpi.formula
    assert CATALOGUE["capacity_utilisation"].better is Better.BAND


def test_an_unknown_kpi_is_shown_as_it_comes() -> None:
    assert kpi_named("pallets_per_hour").title == "Pallets per hour"
    assert kpi_named("___").title == "___"


def test_no_values_have_no_spread() -> None:
    assert spread_of([]) is None
    spread = spread_of([1, 2, 3, 4, 100])
    assert spread is not None
    assert spread.median == 3
    assert spread.ninetieth == pytest.approx(61.6)
