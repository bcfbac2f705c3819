"""One threshold scaled, wherever it is set."""

import pytest

from bot.backtest.derived_book import derived_book
from bot.backtest.sweep import UnknownThreshold, scaled, threshold_named
from bot.book import thresholds_for
from bot.book.models import Book, ScopedThresholdsEntry

NAME = "no_scan_after_working_hours"


def book_with(partner_hours: object) -> Book:
    book = derived_book(["Acme"])
    partner = book.partners[0].model_copy(
        update={"thresholds": ScopedThresholdsEntry.model_validate({NAME: partner_hours})}
    )
    return book.model_copy(update={"partners": (partner,)})


def hours(book: Book) -> float | None:
    return thresholds_for(book, book.partners[0], None).get(threshold_named(NAME))


def test_a_rules_own_default_is_scaled() -> None:
    assert hours(scaled(derived_book(["Acme"]), threshold_named(NAME), 2)) == 48


def test_a_partners_own_setting_is_scaled() -> None:
    assert hours(scaled(book_with(10), threshold_named(NAME), 0.5)) == 5


def test_what_is_off_stays_off() -> None:
    assert hours(scaled(book_with("off"), threshold_named(NAME), 2)) is None


def test_a_scaled_number_stays_within_its_bounds() -> None:
    threshold = threshold_named(NAME)
    assert hours(scaled(book_with(threshold.maximum), threshold, 2)) == threshold.maximum


def test_a_misspelt_threshold_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownThreshold, match=f"Did you mean {NAME}"):
        threshold_named("no_scan_after_hours")


def test_the_name_of_a_rule_is_answered_with_its_thresholds() -> None:
    with pytest.raises(UnknownThreshold, match=f"Did you mean {NAME} or no_scan_road_after"):
        threshold_named("no_scan")
