"""A CSV file from us runs nothing in anybody's spreadsheet."""

import pytest

from bot.cells import harmless


@pytest.mark.parametrize("said", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_words_that_would_be_a_formula_are_words(said: str) -> None:
    assert harmless(said) == f"'{said}"


def test_numbers_and_other_words_stay_what_they_are() -> None:
    assert harmless(-2.5) == -2.5
    assert harmless("SCX-4411 = ok") == "SCX-4411 = ok"
    assert harmless("") == ""
