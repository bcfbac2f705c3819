from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy, Thresholds
from bot.rules.return_not_processed import PROCESSED_WITHIN, RULE
from storage.vocabulary import CaseKind, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def returned(at: Times) -> Journey:
    """Back in the warehouse on Thursday at noon."""
    return Journey(
        shipment_id=12,
        partner_key="harbour",
        status=Status.DELIVERED,
        is_return=True,
        delivered_at=at("Thu 12:00"),
    )


def found(journey: Journey, policy: Policy, now: datetime) -> Finding:
    finding = RULE.judge(journey, policy, now).finding
    assert finding is not None
    return finding


def test_three_working_days_later_somebody_should_have_looked_at_it(
    returned: Journey, policy: Policy, at: Times
) -> None:
    for now in (at("Thu 13:00"), at("Mon+1 09:00"), at("Tue+1 11:59")):
        verdict = RULE.judge(returned, policy, now)
        assert verdict.finding is None
        assert verdict.look_again_at == at("Tue+1 12:00")
    finding = found(returned, policy, at("Tue+1 12:00"))
    assert finding.kind is CaseKind.RETURN_NOT_PROCESSED
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CARRIER
    assert finding.since == at("Tue+1 12:00")
    assert finding.facts == {
        "received_at": at("Thu 12:00").isoformat(),
        "working_hours": 30,
        "expected_by": at("Tue+1 12:00").isoformat(),
    }


def test_after_twice_as_long_it_is_critical(returned: Journey, policy: Policy, at: Times) -> None:
    assert RULE.judge(returned, policy, at("Tue+1 12:00")).look_again_at == at("Fri+1 12:00")
    assert found(returned, policy, at("Fri+1 12:00")).severity is Severity.CRITICAL


def test_processed_it_is_over(returned: Journey, policy: Policy, at: Times) -> None:
    processed = replace(returned, status=Status.DISPOSITIONED)
    assert RULE.judge(processed, policy, at("Fri+1 12:00")).finding is None


def test_a_delivery_to_a_customer_has_nothing_to_be_processed(
    returned: Journey, policy: Policy, at: Times
) -> None:
    sale = replace(returned, is_return=False)
    under_way = replace(returned, status=Status.IN_TRANSIT, delivered_at=None)
    for journey in (sale, under_way):
        assert RULE.judge(journey, policy, at("Fri+1 12:00")).finding is None
        assert RULE.judge(journey, policy, at("Fri+1 12:00")).look_again_at is None


def test_a_carrier_that_calls_it_returned_means_the_same(
    returned: Journey, policy: Policy, at: Times
) -> None:
    journey = replace(
        returned,
        status=Status.RETURNED,
        delivered_at=None,
        checkpoints=(Checkpoint(at("Thu 12:00"), Status.RETURNED),),
    )
    assert found(journey, policy, at("Tue+1 12:00")) == found(returned, policy, at("Tue+1 12:00"))


def test_a_service_may_have_a_term_of_its_own_or_none(
    returned: Journey, policy: Policy, at: Times
) -> None:
    quick = replace(policy, thresholds=Thresholds({PROCESSED_WITHIN.name: 2}))
    off = replace(policy, thresholds=Thresholds({PROCESSED_WITHIN.name: None}))
    assert found(returned, quick, at("Thu 14:00")).since == at("Thu 14:00")
    assert RULE.judge(returned, off, at("Fri+1 12:00")).finding is None


def test_a_silent_source_may_have_it_processed(
    returned: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(returned, heard_until=at("Fri 12:00"))
    assert RULE.judge(unheard, policy, at("Fri+1 12:00")).finding is None
