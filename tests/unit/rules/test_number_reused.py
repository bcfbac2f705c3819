from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.rules.catalogue import judge
from bot.rules.journey import Checkpoint, Journey
from bot.rules.number_reused import REUSED_AFTER, RULE
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Side, Status

Times = Callable[[str], datetime]
DAY = timedelta(days=1)


@pytest.fixture
def delivered(at: Times) -> Journey:
    return Journey(
        shipment_id=16,
        partner_key="harbour",
        status=Status.DELIVERED,
        first_scan_at=at("Mon 10:00"),
        last_scan_at=at("Wed 10:00"),
        delivered_at=at("Wed 10:00"),
        checkpoints=(
            Checkpoint(at("Mon 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Wed 10:00"), Status.DELIVERED),
        ),
    )


def scanned_again(journey: Journey, days: float, status: Status) -> Journey:
    again = Checkpoint(journey.checkpoints[1].occurred_at + days * DAY, status, location="Ulm")
    return replace(
        journey,
        status=status,
        last_scan_at=again.occurred_at,
        checkpoints=(*journey.checkpoints, again),
    )


@pytest.mark.parametrize("status", [Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.DELIVERED])
def test_scanned_again_after_months_it_is_another_shipment(
    delivered: Journey, policy: Policy, at: Times, status: Status
) -> None:
    reused = scanned_again(delivered, 200, status)
    judgement = judge(reused, policy, at("Wed 12:00") + 200 * DAY)
    assert [finding.kind for finding in judgement.findings] == [CaseKind.NUMBER_REUSED]
    [finding] = judgement.findings
    assert finding.side is Side.SHIPPER
    assert finding.since == at("Wed 10:00") + 200 * DAY
    assert finding.facts["days_between"] == 200
    assert finding.facts["location"] == "Ulm"


def test_it_stands_until_it_has_been_quiet_for_as_long(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    reused = scanned_again(delivered, 200, Status.IN_TRANSIT)
    verdict = RULE.judge(reused, policy, at("Wed 12:00") + 201 * DAY)
    quiet_at = at("Wed 10:00") + 230 * DAY
    assert verdict.look_again_at == quiet_at
    assert RULE.judge(reused, policy, quiet_at).finding is None


def test_within_the_month_or_on_the_way_back_it_is_the_same_shipment(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    now = at("Wed 12:00") + 40 * DAY
    soon = scanned_again(delivered, 30, Status.IN_TRANSIT)
    way_back = scanned_again(scanned_again(delivered, 38, Status.RETURNING), 39, Status.IN_TRANSIT)
    assert RULE.judge(soon, policy, now).finding is None
    assert RULE.judge(way_back, policy, now).finding is None


def test_undisturbed_or_switched_off_it_says_nothing(
    delivered: Journey, policy: Policy, at: Times
) -> None:
    off = replace(policy, thresholds=Thresholds({REUSED_AFTER.name: None}))
    reused = scanned_again(delivered, 200, Status.IN_TRANSIT)
    now = at("Wed 12:00") + 201 * DAY
    assert RULE.judge(delivered, policy, now).finding is None
    assert RULE.judge(reused, off, now).finding is None
