from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.calendars import WorkingCalendar
from bot.rules.journey import Journey
from bot.rules.no_scan import RULE, SCANNED_WITHIN
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import Reason, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def silent(at: Times) -> Journey:
    """Last scanned on Friday at 16:00; 24 working hours are over on Wednesday at 10:00."""
    return Journey(
        shipment_id=6,
        partner_key="harbour",
        status=Status.IN_TRANSIT,
        first_scan_at=at("Thu 10:00"),
        last_scan_at=at("Fri 16:00"),
    )


def test_a_quiet_weekend_makes_no_monday_peak(silent: Journey, policy: Policy, at: Times) -> None:
    verdict = RULE.judge(silent, policy, at("Mon+1 09:00"))
    assert verdict.finding is None
    assert verdict.look_again_at == at("Wed+1 10:00")


def test_three_silent_working_days_are_an_exception(
    silent: Journey, policy: Policy, at: Times
) -> None:
    verdict = RULE.judge(silent, policy, at("Wed+1 10:00"))
    assert verdict.finding is not None
    assert verdict.finding.since == at("Wed+1 10:00")
    assert verdict.finding.side is Side.CARRIER
    assert verdict.finding.facts == {
        "last_scan_at": at("Fri 16:00").isoformat(),
        "working_hours": 24,
        "expected_by": at("Wed+1 10:00").isoformat(),
    }
    assert verdict.look_again_at is None


def test_a_scan_clears_it_and_starts_the_hours_again(
    silent: Journey, policy: Policy, at: Times
) -> None:
    scanned = replace(silent, last_scan_at=at("Wed+1 11:00"))
    verdict = RULE.judge(scanned, policy, at("Wed+1 12:00"))
    assert verdict.finding is None
    assert verdict.look_again_at == at("Fri+1 15:00")


def test_a_holiday_does_not_count(silent: Journey, policy: Policy, at: Times) -> None:
    closed = WorkingCalendar(policy.calendar.zone, closed_on=frozenset({at("Mon+1 12:00").date()}))
    verdict = RULE.judge(silent, replace(policy, calendar=closed), at("Wed+1 10:00"))
    assert verdict.finding is None
    assert verdict.look_again_at == at("Thu+1 10:00")


@pytest.mark.parametrize(
    ("status", "reason", "is_expected"),
    [
        (Status.IN_TRANSIT, None, True),
        (Status.OUT_FOR_DELIVERY, None, True),
        (Status.RETURNING, None, True),
        (Status.ON_HOLD, None, True),
        (Status.ON_HOLD, Reason.VEHICLE, True),
        (Status.ON_HOLD, Reason.DOCUMENTS, False),
        (Status.ON_HOLD, Reason.WEATHER, False),
        (Status.AVAILABLE_FOR_PICKUP, None, False),
        (Status.ATTEMPT_FAILED, Reason.NOT_HOME, False),
        (Status.LOST, None, False),
        (Status.DELIVERED, None, False),
    ],
)
def test_silence_counts_only_where_a_scan_is_expected(
    silent: Journey,
    policy: Policy,
    at: Times,
    status: Status,
    reason: Reason | None,
    is_expected: bool,
) -> None:
    journey = replace(silent, status=status, reason=reason)
    finding = RULE.judge(journey, policy, at("Fri+1 10:00")).finding
    assert (finding is not None) is is_expected


def test_under_way_and_never_scanned_counts_from_the_announcement(
    silent: Journey, policy: Policy, at: Times
) -> None:
    unseen = replace(silent, first_scan_at=None, last_scan_at=None, announced_at=at("Mon 08:00"))
    assert RULE.judge(unseen, policy, at("Wed 11:59")).finding is None
    assert RULE.judge(unseen, policy, at("Wed 12:00")).finding is not None


def test_switched_off_it_says_nothing(silent: Journey, policy: Policy, at: Times) -> None:
    off = replace(policy, thresholds=Thresholds({SCANNED_WITHIN.name: None}))
    assert RULE.judge(silent, off, at("Fri+1 10:00")).finding is None


@pytest.mark.parametrize(
    ("mode", "expected_by"),
    [
        (None, "Wed+1 10:00"),
        ("air", "Wed+1 10:00"),
        ("Truck", "Wed+1 16:00"),
        ("rail", "Mon+2 16:00"),
        (" OCEAN", "Fri+3 16:00"),
    ],
)
def test_a_lorry_a_train_and_a_ship_are_scanned_more_rarely(
    silent: Journey, policy: Policy, at: Times, mode: str | None, expected_by: str
) -> None:
    verdict = RULE.judge(replace(silent, mode=mode), policy, at("Fri 17:00"))
    assert verdict.look_again_at == at(expected_by)


def test_while_its_source_lags_behind_silence_proves_nothing(
    silent: Journey, policy: Policy, at: Times
) -> None:
    lagging = replace(silent, heard_until=at("Tue+1 12:00"))
    before = RULE.judge(lagging, policy, at("Wed+1 09:00"))
    after = RULE.judge(lagging, policy, at("Thu+1 09:00"))
    assert before.finding is None
    assert before.look_again_at == at("Wed+1 10:00")
    assert after.finding is None
    assert after.look_again_at == at("Thu+1 09:30")
    caught_up = replace(silent, heard_until=at("Thu+1 09:10"))
    assert RULE.judge(caught_up, policy, at("Thu+1 09:15")).finding is not None


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.LABEL_CREATED, Status.NOT_FOUND])
def test_what_was_under_way_is_waited_for_though_the_last_news_of_it_are_no_scan(
    silent: Journey, policy: Policy, at: Times, status: Status
) -> None:
    forgotten = replace(silent, status=status)
    assert RULE.judge(forgotten, policy, at("Wed+1 10:00")).finding is not None
    never_scanned = replace(
        forgotten, first_scan_at=None, last_scan_at=None, announced_at=at("Thu 10:00")
    )
    assert RULE.judge(never_scanned, policy, at("Wed+1 10:00")).finding is None
