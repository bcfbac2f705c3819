from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.rules.checkpoints_contradict import BEFORE_ORDER, RULE, TOLERANCE
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import Severity, Side, Status

Times = Callable[[str], datetime]
DAY = timedelta(days=1)


@pytest.fixture
def delivered(at: Times) -> Journey:
    """Delivered on Wednesday at 10:00."""
    return Journey(
        shipment_id=18,
        partner_key="harbour",
        status=Status.DELIVERED,
        ordered_at=at("Mon 08:00"),
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Wed 10:00"),
        delivered_at=at("Wed 10:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT, location="Bremen"),
            Checkpoint(at("Wed 10:00"), Status.DELIVERED, location="Ulm"),
        ),
    )


def then(journey: Journey, when: datetime, status: Status) -> Journey:
    return replace(
        journey,
        status=status,
        last_scan_at=when,
        checkpoints=(*journey.checkpoints, Checkpoint(when, status, location="Kassel")),
    )


def test_delivered_and_two_days_later_in_transit(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    odd = then(delivered, at("Fri 10:00"), Status.IN_TRANSIT)
    finding = RULE.judge(odd, policy, at("Fri 11:00")).finding
    assert finding is not None
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CARRIER
    assert finding.since == at("Fri 10:00")
    assert finding.facts == {
        "what": "scanned_after_delivery",
        "scanned_at": at("Fri 10:00").isoformat(),
        "against": at("Wed 10:00").isoformat(),
        "location": "Kassel",
    }


@pytest.mark.parametrize("when", ["Wed 10:00", "Wed 10:20", "Thu 10:00"])
def test_scans_that_arrive_late_or_by_another_clock_are_noise(
    delivered: Journey, policy: Policy, at: Times, when: str
) -> None:
    late = then(delivered, at(when), Status.OUT_FOR_DELIVERY)
    assert RULE.judge(late, policy, at("Fri 11:00")).finding is None


def test_delivered_again_or_on_its_way_back_it_contradicts_no_more(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    odd = then(delivered, at("Fri 10:00"), Status.IN_TRANSIT)
    for status in (Status.DELIVERED, Status.RETURNING, Status.RETURNED):
        explained = then(odd, at("Sat 10:00"), status)
        assert RULE.judge(explained, policy, at("Sat 11:00")).finding is None
    way_back = then(
        then(delivered, at("Fri 9:00"), Status.RETURNING), at("Fri 10:00"), Status.IN_TRANSIT
    )
    assert RULE.judge(way_back, policy, at("Sat 11:00")).finding is None


def test_the_rest_of_a_short_delivery_may_still_be_on_its_way(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    rest = then(delivered, at("Fri 10:00"), Status.IN_TRANSIT)
    short = replace(rest, quantity=10.0, delivered_quantity=6.0)
    whole = replace(rest, quantity=10.0, delivered_quantity=10.0)
    assert RULE.judge(short, policy, at("Fri 11:00")).finding is None
    assert RULE.judge(whole, policy, at("Fri 11:00")).finding is not None


def test_a_scan_from_the_future_stands_until_its_moment_comes_near(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    under_way = replace(delivered, delivered_at=None, checkpoints=delivered.checkpoints[:1])
    from_the_future = then(under_way, at("Mon+1 10:00"), Status.IN_TRANSIT)
    verdict = RULE.judge(from_the_future, policy, at("Thu 10:00"))
    assert verdict.finding is not None
    assert verdict.finding.facts["what"] == "scanned_in_future"
    assert verdict.finding.facts["against"] is None
    assert verdict.look_again_at == at("Sun 10:00")
    assert RULE.judge(from_the_future, policy, at("Sun 10:00")).finding is None


def test_scanned_weeks_before_it_was_ordered_is_worth_knowing(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    under_way = replace(delivered, delivered_at=None, status=Status.IN_TRANSIT, checkpoints=())
    early = replace(under_way, ordered_at=at("Mon 10:00") + 15 * DAY)
    finding = RULE.judge(early, policy, at("Thu 10:00") + 15 * DAY).finding
    assert finding is not None
    assert finding.severity is Severity.INFO
    assert finding.facts["what"] == "scanned_before_order"
    a_little = replace(under_way, ordered_at=at("Mon 10:00") + 14 * DAY)
    assert RULE.judge(a_little, policy, at("Thu 10:00") + 15 * DAY).finding is None


def test_switched_off_it_says_nothing(delivered: Journey, policy: Policy, at: Times) -> None:
    off = replace(policy, thresholds=Thresholds({TOLERANCE.name: None, BEFORE_ORDER.name: None}))
    odd = then(delivered, at("Fri 10:00"), Status.IN_TRANSIT)
    assert RULE.judge(odd, off, at("Fri 11:00")).finding is None
