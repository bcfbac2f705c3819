from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.calendars import WorkingCalendar
from bot.rules.journey import Journey
from bot.rules.policy import Policy, Thresholds
from bot.rules.promise_passed import CRITICAL_AFTER, GRACE, RULE
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

Times = Callable[[str], datetime]
HOUR = timedelta(hours=1)


@pytest.fixture
def promised_for_friday(at: Times) -> Journey:
    return Journey(
        shipment_id=17,
        partner_key="harbour",
        status=Status.IN_TRANSIT,
        first_scan_at=at("Wed 10:00"),
        last_scan_at=at("Thu 10:00"),
        promised_at=at("Fri 12:00"),
    )


def test_before_the_promise_and_within_the_grace_there_is_nothing_to_say(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    for now in (at("Thu 12:00"), at("Fri 12:00"), at("Fri 12:59")):
        verdict = RULE.judge(promised_for_friday, policy, now)
        assert verdict.finding is None
        assert verdict.look_again_at == at("Fri 13:00")


def test_after_the_grace_it_is_late_since_the_promise(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    finding = RULE.judge(promised_for_friday, policy, at("Fri 13:00")).finding
    assert finding is not None
    assert finding.kind is CaseKind.PROMISE_PASSED
    assert finding.subject == "shipment:17"
    assert finding.severity is Severity.WARNING
    assert finding.since == at("Fri 12:00")
    assert finding.side is Side.CARRIER
    assert finding.facts["promised_at"] == "2026-11-13T11:00:00+00:00"
    assert finding.facts["late_days"] == 0


def test_over_a_weekend_days_pass_and_working_days_do_not(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    on_sunday = RULE.judge(promised_for_friday, policy, at("Sun 13:00")).finding
    on_monday = RULE.judge(promised_for_friday, policy, at("Mon+1 13:00")).finding
    assert on_sunday is not None
    assert on_monday is not None
    assert (on_sunday.facts["late_days"], on_sunday.facts["late_working_days"]) == (2, 0)
    assert (on_monday.facts["late_days"], on_monday.facts["late_working_days"]) == (3, 1)


def test_it_turns_critical_and_is_looked_at_when_it_does(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    thresholds = Thresholds({CRITICAL_AFTER.name: 6})
    policy = replace(policy, thresholds=thresholds)
    at_five = RULE.judge(promised_for_friday, policy, at("Fri 17:00"))
    at_six = RULE.judge(promised_for_friday, policy, at("Fri 18:00"))
    assert at_five.finding is not None
    assert at_five.finding.severity is Severity.WARNING
    assert at_five.look_again_at == at("Fri 18:00")
    assert at_six.finding is not None
    assert at_six.finding.severity is Severity.CRITICAL
    assert at_six.finding.since == at("Fri 12:00")


def test_a_shipment_late_for_a_year_is_looked_at_once_a_week(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    now = at("Fri+52 12:30")
    verdict = RULE.judge(promised_for_friday, policy, now)
    assert verdict.finding is not None
    assert verdict.finding.facts["late_days"] == 364
    assert verdict.look_again_at == at("Fri+53 12:00")


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.RETURNED, Status.CANCELLED])
def test_the_end_of_the_journey_clears_it_for_good(
    promised_for_friday: Journey, policy: Policy, at: Times, status: Status
) -> None:
    over = replace(promised_for_friday, status=status)
    verdict = RULE.judge(over, policy, at("Mon+1 12:00"))
    assert verdict.finding is None
    assert verdict.look_again_at is None


def test_a_delivery_counts_even_where_the_status_lags_behind(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    delivered = replace(promised_for_friday, delivered_at=at("Sat 10:00"))
    assert RULE.judge(delivered, policy, at("Mon+1 12:00")).finding is None


def test_delivered_at_the_promised_moment_is_in_time_even_without_a_grace(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    strict = replace(policy, thresholds=Thresholds({GRACE.name: 0}))
    promised_at = at("Fri 12:00")
    assert RULE.judge(promised_for_friday, strict, promised_at).finding is None
    assert RULE.judge(promised_for_friday, strict, promised_at + timedelta(seconds=1)).finding


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({"status": Status.AVAILABLE_FOR_PICKUP}, Side.CONSIGNEE),
        ({"status": Status.ON_HOLD, "reason": Reason.DOCUMENTS}, Side.CUSTOMS),
        ({"status": Status.ATTEMPT_FAILED, "reason": Reason.UNKNOWN}, Side.CARRIER),
        ({"status": Status.LABEL_CREATED, "first_scan_at": None}, Side.SHIPPER),
    ],
)
def test_whose_turn_it_is(
    promised_for_friday: Journey,
    policy: Policy,
    at: Times,
    changes: dict[str, object],
    side: Side,
) -> None:
    journey = replace(promised_for_friday, **changes)  # type: ignore[arg-type]
    finding = RULE.judge(journey, policy, at("Mon+1 12:00")).finding
    assert finding is not None
    assert finding.side is side


def test_without_a_promise_or_switched_off_it_says_nothing(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    unpromised = replace(promised_for_friday, promised_at=None)
    off = replace(policy, thresholds=Thresholds({GRACE.name: None}))
    assert RULE.judge(unpromised, policy, at("Mon+1 12:00")).finding is None
    assert RULE.judge(promised_for_friday, off, at("Mon+1 12:00")).look_again_at is None


def test_a_promise_at_the_end_of_time_is_never_late(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    never = replace(promised_for_friday, promised_at=datetime.max.replace(tzinfo=UTC))
    assert RULE.judge(never, policy, at("Fri 12:00")).finding is None


def test_working_days_are_those_of_the_partner(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    six_days = WorkingCalendar(policy.calendar.zone, frozenset(range(6)))
    finding = RULE.judge(
        promised_for_friday, replace(policy, calendar=six_days), at("Mon+1 13:00")
    ).finding
    assert finding is not None
    assert finding.facts["late_working_days"] == 2


def test_while_its_source_is_silent_nothing_is_late_that_was_not_late_before(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    """It may long be delivered: the source has not told since Friday noon."""
    unheard = replace(promised_for_friday, heard_until=at("Fri 12:30"))
    verdict = RULE.judge(unheard, policy, at("Mon+1 09:00"))
    assert verdict.finding is None
    assert verdict.look_again_at == at("Mon+1 09:30")
    heard_again = replace(unheard, heard_until=at("Mon+1 09:00"))
    assert RULE.judge(heard_again, policy, at("Mon+1 09:00")).finding is not None


def test_what_was_late_when_its_source_fell_silent_stays_as_late_as_it_was(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(promised_for_friday, heard_until=at("Fri 17:00"))
    finding = RULE.judge(unheard, policy, at("Mon+1 13:00")).finding
    assert finding == RULE.judge(promised_for_friday, policy, at("Fri 17:00")).finding
    assert finding is not None
    assert finding.severity is Severity.WARNING
    assert finding.facts["late_hours"] == 4


def test_what_matters_more_is_critical_at_once(
    promised_for_friday: Journey, policy: Policy, at: Times
) -> None:
    dear = replace(policy, thresholds=Thresholds({"high_value_from": 1000}))
    for journey, its_policy, severity in (
        (replace(promised_for_friday, priority="high"), policy, Severity.CRITICAL),
        (replace(promised_for_friday, priority="low"), policy, Severity.WARNING),
        (replace(promised_for_friday, value=1000), dear, Severity.CRITICAL),
        (replace(promised_for_friday, value=999.99), dear, Severity.WARNING),
        (replace(promised_for_friday, value=1_000_000), policy, Severity.WARNING),
    ):
        finding = RULE.judge(journey, its_policy, at("Fri 13:00")).finding
        assert finding is not None
        assert finding.severity is severity


def test_delivered_late_ends_it(promised_for_friday: Journey, policy: Policy, at: Times) -> None:
    late = replace(promised_for_friday, status=Status.DELIVERED, delivered_at=at("Sat 10:00"))
    assert RULE.judge(late, policy, at("Sat 11:00")).look_again_at is None
    assert RULE.judge(late, policy, at("Sat 11:00")).finding is None
