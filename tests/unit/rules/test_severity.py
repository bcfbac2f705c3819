from dataclasses import replace

import pytest

from bot.rules.journey import Journey
from bot.rules.policy import Policy, Thresholds
from bot.rules.severity import HIGH_VALUE_FROM, weighed
from storage.vocabulary import Severity, Status


@pytest.fixture
def ordinary() -> Journey:
    return Journey(1, "harbour", Status.IN_TRANSIT, value=900.0, priority="normal")


@pytest.mark.parametrize(
    ("mild", "worse"),
    [
        (Severity.INFO, Severity.WARNING),
        (Severity.WARNING, Severity.CRITICAL),
        (Severity.CRITICAL, Severity.CRITICAL),
    ],
)
def test_for_a_customer_of_high_priority_it_is_one_step_worse(
    ordinary: Journey, policy: Policy, mild: Severity, worse: Severity
) -> None:
    important = replace(ordinary, priority=" High")
    assert weighed(mild, ordinary, policy.thresholds) is mild
    assert weighed(mild, important, policy.thresholds) is worse


def test_value_counts_only_from_what_the_book_says(ordinary: Journey, policy: Policy) -> None:
    from_900 = Thresholds({HIGH_VALUE_FROM.name: 900})
    assert weighed(Severity.WARNING, ordinary, policy.thresholds) is Severity.WARNING
    assert weighed(Severity.WARNING, ordinary, from_900) is Severity.CRITICAL
    assert weighed(Severity.WARNING, replace(ordinary, value=899.9), from_900) is Severity.WARNING


def test_an_unknown_value_is_not_high(ordinary: Journey) -> None:
    from_nothing = Thresholds({HIGH_VALUE_FROM.name: 0})
    unknown = replace(ordinary, value=None)
    assert weighed(Severity.WARNING, unknown, from_nothing) is Severity.WARNING
