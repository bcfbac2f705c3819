from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.carrier_delay import RULE
from bot.rules.catalogue import judge
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def snowed_in(at: Times) -> Journey:
    """On Wednesday at 8:00, and again at noon, the carrier says that snow delays it."""
    return Journey(
        shipment_id=9,
        partner_key="harbour",
        status=Status.IN_TRANSIT,
        reason=Reason.WEATHER,
        first_scan_at=at("Tue 10:00"),
        last_scan_at=at("Wed 12:00"),
        promised_at=at("Fri 12:00"),
        checkpoints=(
            Checkpoint(at("Tue 10:00"), Status.IN_TRANSIT, location="Ulm"),
            Checkpoint(at("Wed 08:00"), Status.IN_TRANSIT, Reason.WEATHER, "Snow", "Kassel"),
            Checkpoint(at("Wed 12:00"), Status.IN_TRANSIT, Reason.WEATHER, "Snow still", "Kassel"),
        ),
    )


def test_it_says_the_reason_its_side_and_since_when(
    snowed_in: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(snowed_in, policy, at("Wed 13:00")).finding
    assert finding is not None
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.EXTERNAL
    assert finding.since == at("Wed 08:00")
    assert finding.facts["reason"] == "weather"
    assert finding.facts["text"] == "Snow still"
    assert finding.facts["location"] == "Kassel"


def test_a_delay_that_still_keeps_the_promise_is_only_info(
    snowed_in: Journey, policy: Policy, at: Times
) -> None:
    in_time = replace(snowed_in, estimated_at=at("Fri 11:00"))
    finding = RULE.judge(in_time, policy, at("Wed 13:00")).finding
    assert finding is not None
    assert finding.severity is Severity.INFO


def test_the_next_scan_without_a_reason_clears_it(
    snowed_in: Journey, policy: Policy, at: Times
) -> None:
    moving = replace(
        snowed_in,
        reason=None,
        checkpoints=(*snowed_in.checkpoints, Checkpoint(at("Thu 06:00"), Status.IN_TRANSIT)),
    )
    assert RULE.judge(moving, policy, at("Thu 07:00")).finding is None


@pytest.mark.parametrize(
    ("reason", "side"),
    [
        (Reason.DELAY, Side.CARRIER),
        (Reason.VEHICLE, Side.CARRIER),
        (Reason.CAPACITY, Side.CARRIER),
        (Reason.CIVIL, Side.EXTERNAL),
        (Reason.SECURITY, Side.EXTERNAL),
        (Reason.NOT_HOME, None),
        (Reason.DOCUMENTS, None),
        (Reason.UNKNOWN, None),
        (None, None),
    ],
)
def test_only_reasons_that_mean_a_delay_count(
    snowed_in: Journey, policy: Policy, at: Times, reason: Reason | None, side: Side | None
) -> None:
    finding = RULE.judge(replace(snowed_in, reason=reason), policy, at("Wed 13:00")).finding
    assert (finding.side if finding else None) is side


def test_an_eta_past_the_promise_says_it_and_the_reason_instead(
    snowed_in: Journey, policy: Policy, at: Times
) -> None:
    slipped = replace(snowed_in, estimated_at=at("Mon+1 12:00"))
    judgement = judge(slipped, policy, at("Wed 13:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.ETA_PAST_PROMISE]
    assert judgement.findings[0].facts["reason"] == "weather"
    assert judgement.held_back == {CaseKind.CARRIER_DELAY: CaseKind.ETA_PAST_PROMISE}
