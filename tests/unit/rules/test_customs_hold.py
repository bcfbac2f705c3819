from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.customs_hold import CRITICAL_AFTER, INSPECTED_WITHIN, RULE
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def held(at: Times) -> Journey:
    """On Thursday at 14:00 customs ask for documents; on Friday they ask again."""
    return Journey(
        shipment_id=11,
        partner_key="harbour",
        status=Status.ON_HOLD,
        reason=Reason.DOCUMENTS,
        first_scan_at=at("Tue 10:00"),
        last_scan_at=at("Fri 09:00"),
        promised_at=at("Fri+1 12:00"),
        estimated_at=at("Mon+2 12:00"),
        checkpoints=(
            Checkpoint(at("Tue 10:00"), Status.IN_TRANSIT),
            Checkpoint(at("Thu 14:00"), Status.ON_HOLD, Reason.DOCUMENTS, "Invoice", "Hamburg"),
            Checkpoint(at("Fri 09:00"), Status.ON_HOLD, Reason.DOCUMENTS, "Invoice!", "Hamburg"),
        ),
    )


def for_reason(journey: Journey, reason: Reason) -> Journey:
    return replace(
        journey,
        reason=reason,
        checkpoints=tuple(
            replace(one, reason=reason) if one.reason else one for one in journey.checkpoints
        ),
    )


@pytest.mark.parametrize(
    ("reason", "who", "severity"),
    [
        (Reason.DOCUMENTS, Side.SHIPPER, Severity.WARNING),
        (Reason.DUTIES, Side.CONSIGNEE, Severity.WARNING),
        (Reason.INSPECTION, Side.CUSTOMS, Severity.INFO),
    ],
)
def test_it_says_who_must_act(
    held: Journey, policy: Policy, at: Times, reason: Reason, who: Side, severity: Severity
) -> None:
    finding = RULE.judge(for_reason(held, reason), policy, at("Fri 10:00")).finding
    assert finding is not None
    assert finding.side is who
    assert finding.severity is severity
    assert finding.since == at("Thu 14:00")
    assert finding.facts["what"] == reason
    assert finding.facts["who"] == who
    assert finding.facts["text"] == "Invoice!"


def test_an_inspection_weighs_more_the_more_working_hours_it_lasts(
    held: Journey, policy: Policy, at: Times
) -> None:
    inspected = for_reason(held, Reason.INSPECTION)
    told = {}
    for now in ("Fri 13:59", "Fri 14:00", "Sun 14:00", "Tue+1 13:59", "Tue+1 14:00"):
        verdict = RULE.judge(inspected, policy, at(now))
        assert verdict.finding is not None
        told[now] = (verdict.finding.severity, verdict.look_again_at)
    assert told == {
        "Fri 13:59": (Severity.INFO, at("Fri 14:00")),
        "Fri 14:00": (Severity.WARNING, at("Tue+1 14:00")),
        "Sun 14:00": (Severity.WARNING, at("Tue+1 14:00")),
        "Tue+1 13:59": (Severity.WARNING, at("Tue+1 14:00")),
        "Tue+1 14:00": (Severity.CRITICAL, None),
    }


def test_where_severity_need_not_rise_it_is_not_looked_at_again(
    held: Journey, policy: Policy, at: Times
) -> None:
    steady = replace(
        policy, thresholds=Thresholds({INSPECTED_WITHIN.name: None, CRITICAL_AFTER.name: None})
    )
    verdict = RULE.judge(held, steady, at("Fri+1 14:00"))
    assert verdict.finding is not None
    assert verdict.finding.severity is Severity.WARNING
    assert verdict.look_again_at is None


def test_the_hold_is_told_and_neither_slipped_eta_nor_silence(
    held: Journey, policy: Policy, at: Times
) -> None:
    held_in_transit = replace(held, status=Status.IN_TRANSIT)
    judgement = judge(held_in_transit, policy, at("Fri+1 10:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.CUSTOMS_HOLD]
    assert judgement.held_back == {
        CaseKind.ETA_PAST_PROMISE: CaseKind.CUSTOMS_HOLD,
        CaseKind.NO_SCAN: CaseKind.CUSTOMS_HOLD,
    }


def test_a_promise_that_passes_meanwhile_is_told_beside_it(
    held: Journey, policy: Policy, at: Times
) -> None:
    kinds = {finding.kind for finding in judge(held, policy, at("Fri+1 14:00")).findings}
    assert kinds == {CaseKind.CUSTOMS_HOLD, CaseKind.PROMISE_PASSED}


def test_released_it_clears_and_held_again_it_counts_anew(
    held: Journey, policy: Policy, at: Times
) -> None:
    released = replace(
        held,
        status=Status.IN_TRANSIT,
        reason=None,
        checkpoints=(*held.checkpoints, Checkpoint(at("Fri 16:00"), Status.IN_TRANSIT)),
    )
    assert RULE.judge(released, policy, at("Fri 17:00")).finding is None
    again = replace(
        held,
        checkpoints=(
            *released.checkpoints,
            Checkpoint(at("Mon+1 09:00"), Status.ON_HOLD, Reason.DOCUMENTS),
        ),
    )
    finding = RULE.judge(again, policy, at("Mon+1 10:00")).finding
    assert finding is not None
    assert finding.since == at("Mon+1 09:00")


def test_while_its_source_is_silent_it_grows_no_worse(
    held: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(held, heard_until=at("Mon+1 09:00"))
    verdict = RULE.judge(unheard, policy, at("Thu+1 12:00"))
    assert verdict.finding is not None
    assert verdict.finding.severity is Severity.WARNING
    assert verdict.look_again_at == at("Thu+1 12:30")
