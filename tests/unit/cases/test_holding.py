from datetime import timedelta

import pytest

from bot.cases.holding import FLAPPING_HOLD, FLAPS_FROM, hold_of
from bot.rules.catalogue import RULES
from storage.vocabulary import CaseKind


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.kind))
def test_a_condition_stays_away_for_as_long_as_its_rule_says(rule: object) -> None:
    holds = {each.kind: each.hold for each in RULES}
    kind = next(each.kind for each in RULES if each is rule)
    assert hold_of(kind, 0) == hold_of(kind, FLAPS_FROM - 1) == holds[kind]


@pytest.mark.parametrize("kind", CaseKind)
def test_what_comes_and_goes_stays_away_for_a_day_whatever_its_kind(kind: CaseKind) -> None:
    assert hold_of(kind, FLAPS_FROM) >= FLAPPING_HOLD


def test_a_source_that_answers_again_is_over_at_once() -> None:
    assert hold_of(CaseKind.SOURCE_FAILING, 0) == timedelta()
