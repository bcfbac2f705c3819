"""What should have been heard of within the partner's working hours, and was not."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Fact, Finding, Verdict, shipment_subject
from bot.rules.journey import Journey
from bot.rules.policy import Policy, Threshold
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Side


def judge_silence(
    kind: CaseKind,
    journey: Journey,
    policy: Policy,
    now: datetime,
    *,
    counts_from: datetime,
    within: Threshold,
    side: Side,
    facts: Mapping[str, Fact],
) -> Verdict:
    """A warning when those hours are over, and the source has told what happened in them."""
    working_hours = policy.thresholds.get(within)
    if working_hours is None:
        return NOTHING
    expected_by = policy.calendar.add_working_time(counts_from, timedelta(hours=working_hours))
    if journey.silent_as_of(now) < expected_by:
        return Verdict(look_again_at=journey.look_again_at(expected_by, now))
    return Verdict(
        Finding(
            kind=kind,
            subject=shipment_subject(journey),
            severity=weighed(Severity.WARNING, journey, policy.thresholds),
            since=expected_by,
            side=side,
            facts={
                **facts,
                "working_hours": working_hours,
                "expected_by": expected_by.isoformat(),
            },
        )
    )
