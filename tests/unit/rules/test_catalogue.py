"""Laws of every rule, and of judging by all of them."""

import re
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.rules
from bot.calendars import WorkingCalendar
from bot.rules.catalogue import RULES, THRESHOLDS, judge
from bot.rules.finding import Finding, ShipmentRule, Verdict
from bot.rules.journey import OPEN_STATUSES, Checkpoint, Estimate, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, Thresholds, ThresholdUnit
from storage.vocabulary import CaseKind, Reason, Status

_START = datetime(2026, 10, 1, tzinfo=UTC)
# Some far apart, many close together, and some the same.
instants = st.integers(0, 40).map(lambda steps: _START + timedelta(hours=6 * steps)) | st.integers(
    0, 120 * 24 * 3600
).map(lambda seconds: _START + timedelta(seconds=seconds))
maybe = st.none() | instants

checkpoints = st.builds(
    Checkpoint,
    occurred_at=instants,
    status=st.sampled_from(Status),
    reason=st.none() | st.sampled_from(Reason),
    text=st.sampled_from((None, "Arrived", "Departed")),
    location=st.sampled_from((None, "Bremen", "Kassel", "Ulm")),
    estimated_at=maybe,
)
estimates = st.builds(Estimate, said_at=instants, estimated_at=instants)

journeys = st.builds(
    Journey,
    shipment_id=st.integers(1, 3),
    partner_key=st.just("harbour"),
    status=st.sampled_from(Status),
    service=st.none(),
    reason=st.none() | st.sampled_from(Reason),
    announced_at=instants,
    ordered_at=maybe,
    ship_by=maybe,
    first_scan_at=maybe,
    last_scan_at=maybe,
    promised_at=maybe,
    estimated_at=maybe,
    delivered_at=st.none() | st.none() | instants,
    value=st.none() | st.floats(0, 1e6),
    quantity=st.none() | st.integers(0, 9).map(float),
    delivered_quantity=st.none() | st.integers(0, 9).map(float),
    mode=st.sampled_from((None, "air", "Ocean", "truck")),
    priority=st.sampled_from((None, "high", "normal")),
    is_return=st.booleans(),
    destination_zone=st.sampled_from((None, "America/Lima")),
    checkpoints=st.lists(checkpoints, max_size=6).map(tuple),
    estimates=st.lists(estimates, max_size=3).map(tuple),
)
# While its source lags behind, nobody knows what happened after that.
lagging_journeys = st.builds(
    lambda journey, heard_until: replace(journey, heard_until=heard_until), journeys, maybe
)


def settings_of(threshold: Threshold) -> st.SearchStrategy[float | None]:
    highest = min(threshold.maximum, 200.0)
    if threshold.unit is ThresholdUnit.ATTEMPTS:
        return st.integers(1, 3).map(float)
    numbers = st.floats(threshold.minimum, highest)
    return numbers | st.none() if threshold.can_be_off is CanBeOff.YES else numbers


calendars = st.builds(
    WorkingCalendar,
    zone=st.sampled_from(("Europe/Berlin", "America/Havana", "Asia/Kolkata")).map(ZoneInfo),
    working_weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.times(max_value=time(11)),
    closes=st.just(time(0)) | st.times(min_value=time(12)),
    country=st.sampled_from((None, "DE", "US")),
    closed_on=st.frozensets(st.dates(date(2026, 10, 1), date(2027, 2, 1)), max_size=4),
    cut_off=st.none() | st.times(max_value=time(12)),
)
policies = st.builds(
    Policy,
    thresholds=st.fixed_dictionaries(
        {}, optional={threshold.name: settings_of(threshold) for threshold in THRESHOLDS}
    ).map(Thresholds),
    calendar=calendars,
)
FROM_SILENCE = {
    CaseKind.NOT_DISPATCHED,
    CaseKind.NEVER_PICKED_UP,
    CaseKind.NUMBER_UNKNOWN,
    CaseKind.NO_SCAN,
    CaseKind.ON_HOLD,
    CaseKind.CUSTOMS_HOLD,
    CaseKind.PROMISE_PASSED,
    CaseKind.ETA_PAST_PROMISE,
    CaseKind.ADDRESS_PROBLEM,
    CaseKind.PICKUP_EXPIRING,
    CaseKind.DELIVERED_SHORT,
    CaseKind.RETURN_NOT_PROCESSED,
}
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)


@settings(deadline=None)
@given(lagging_journeys, policies, instants, st.floats(0, 1, exclude_max=True))
def test_until_it_is_looked_at_again_nothing_changes(
    journey: Journey, policy: Policy, now: datetime, part: float
) -> None:
    """What makes it right to judge only what changed or came due. While the source lags behind,
    the next moment may move on, for it is asked for again and again; the finding may not."""
    for rule in RULES:
        verdict = rule.judge(journey, policy, now)
        if verdict.look_again_at is not None:
            assert verdict.look_again_at > now
        until = verdict.look_again_at or now + timedelta(days=3650)
        just_before = until - timedelta(microseconds=1)
        for meanwhile in (now + (just_before - now) * part, just_before):
            again = rule.judge(journey, policy, meanwhile)
            assert again.finding == verdict.finding
            if journey.heard_until is None or meanwhile <= journey.heard_until:
                assert again == verdict


@settings(deadline=None)
@given(journeys, policies, instants, instants)
def test_of_a_lagging_source_nothing_is_concluded_from_silence(
    journey: Journey, policy: Policy, now: datetime, heard_until: datetime
) -> None:
    """A rule either needs no silence, or says what it said when the source was last heard."""
    lagging = replace(journey, heard_until=heard_until)
    for rule in RULES:
        finding = rule.judge(lagging, policy, now).finding
        assert finding in (
            rule.judge(journey, policy, now).finding,
            rule.judge(journey, policy, min(now, heard_until)).finding,
        )
        if rule.kind in FROM_SILENCE:
            assert finding == rule.judge(journey, policy, min(now, heard_until)).finding
        if heard_until >= now:
            assert finding == rule.judge(journey, policy, now).finding


@settings(deadline=None)
@given(lagging_journeys, policies, instants)
def test_while_its_source_lags_behind_it_is_asked_about_at_most_every_half_hour(
    journey: Journey, policy: Policy, now: datetime
) -> None:
    """Beyond the moments at which it would be looked at anyway."""
    heard = replace(journey, heard_until=None)
    for rule in RULES:
        lagging_at = rule.judge(journey, policy, now).look_again_at
        heard_at = rule.judge(heard, policy, now).look_again_at
        if lagging_at is not None and lagging_at != heard_at and rule.kind in FROM_SILENCE:
            was_ahead = rule.judge(heard, policy, journey.silent_as_of(now)).look_again_at
            assert lagging_at in (was_ahead, now + timedelta(minutes=30))


@settings(deadline=None)
@given(journeys, policies, instants)
def test_looking_when_told_to_finds_all_that_looking_all_the_time_finds(
    journey: Journey, policy: Policy, now: datetime
) -> None:
    end = now + timedelta(days=40)
    seen: list[tuple[Finding, ...]] = []
    looking_at: datetime | None = now
    while looking_at is not None and looking_at <= end:
        judgement = judge(journey, policy, looking_at)
        seen.append(judgement.findings)
        looking_at = judgement.look_again_at
    for hours in range(0, 40 * 24, 7):
        assert judge(journey, policy, now + timedelta(hours=hours)).findings in seen


@settings(deadline=None)
@given(st.data(), journeys, policies, instants)
def test_the_order_in_which_checkpoints_come_does_not_matter(
    data: st.DataObject, journey: Journey, policy: Policy, now: datetime
) -> None:
    shuffled = replace(journey, checkpoints=data.draw(st.permutations(journey.checkpoints)))
    for rule in RULES:
        assert rule.judge(shuffled, policy, now) == rule.judge(journey, policy, now)


@settings(deadline=None)
@given(journeys, policies, instants)
def test_judging_twice_says_the_same_as_judging_once(
    journey: Journey, policy: Policy, now: datetime
) -> None:
    for rule in RULES:
        assert rule.judge(journey, policy, now) == rule.judge(journey, policy, now)


@settings(deadline=None)
@given(lagging_journeys, policies, instants, st.sampled_from(Status))
def test_in_a_status_that_it_does_not_name_a_rule_has_nothing_to_say(
    journey: Journey, policy: Policy, now: datetime, status: Status
) -> None:
    """What makes it right not to ask it."""
    for rule in RULES:
        if status not in rule.statuses:
            assert rule.judge(replace(journey, status=status), policy, now) == Verdict()


def test_a_final_status_clears_every_rule_but_those_of_what_comes_after() -> None:
    after_the_end = {rule.kind for rule in RULES if rule.statuses - OPEN_STATUSES}
    assert after_the_end == {
        CaseKind.DAMAGED,
        CaseKind.DELIVERED_SHORT,
        CaseKind.NUMBER_REUSED,
        CaseKind.RETURN_NOT_PROCESSED,
        CaseKind.RETURNING_UNASKED,
    }


@settings(deadline=None)
@given(lagging_journeys, policies, instants)
def test_one_cause_is_told_and_not_its_symptoms(
    journey: Journey, policy: Policy, now: datetime
) -> None:
    judgement = judge(journey, policy, now)
    found = {
        rule.kind: finding
        for rule in RULES
        if (finding := rule.judge(journey, policy, now).finding) is not None
    }
    told = [finding.kind for finding in judgement.findings]
    symptoms = {
        kind for rule in RULES if rule.kind in found for kind in rule.explains if kind in found
    }
    assert set(told) == set(found) - symptoms
    assert set(judgement.held_back) == symptoms
    assert set(judgement.held_back.values()) <= set(told)
    assert bool(told) == bool(found)


def test_no_two_kinds_explain_each_other_even_by_way_of_others() -> None:
    explains = {rule.kind: rule.explains for rule in RULES}

    def reached_from(kind: CaseKind) -> set[CaseKind]:
        reached: set[CaseKind] = set()
        ahead = {kind}
        while ahead:
            ahead = {follows for one in ahead for follows in explains.get(one, ())} - reached
            reached |= ahead
        return reached

    for kind in explains:
        assert kind not in reached_from(kind)


@every_rule
def test_its_module_says_what_it_is_in_the_form_of_the_table_of_rules(rule: ShipmentRule) -> None:
    docstring = sys.modules[type(rule).__module__].__doc__
    assert docstring is not None
    definition, severity, clears, turn, *_ = docstring.strip().split("\n\n")
    assert re.fullmatch(r"[A-Z][A-Za-z -]+: \S.*\.", definition, re.DOTALL)
    assert severity.startswith("Severity: ")
    assert clears.startswith("Clears: ")
    assert turn.startswith("Turn: ")


@settings(deadline=None)
@given(journeys, policies, instants)
def test_findings_name_the_shipment_and_carry_plain_facts(
    journey: Journey, policy: Policy, now: datetime
) -> None:
    for rule in RULES:
        finding = rule.judge(journey, policy, now).finding
        if finding is not None:
            assert finding.kind is rule.kind
            assert finding.subject == f"shipment:{journey.shipment_id}"
            assert finding.since.tzinfo is not None
            for fact in finding.facts.values():
                assert fact is None or type(fact) in (str, int, float, bool)


@settings(deadline=None)
@given(journeys, policies)
def test_sentinel_dates_crash_no_rule(journey: Journey, policy: Policy) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for sentinel in (datetime.min, datetime(1900, 1, 1), datetime.max):  # noqa: DTZ001, DTZ901
        instant = sentinel.replace(tzinfo=UTC)
        odd = replace(
            journey,
            announced_at=instant,
            ordered_at=instant,
            ship_by=instant,
            last_scan_at=instant,
            promised_at=instant,
            estimated_at=instant,
        )
        for one in (odd, replace(odd, ship_by=None)):
            look_again_at = judge(one, policy, now).look_again_at
            assert look_again_at is None or look_again_at > now


def test_a_rule_is_found_by_being_there() -> None:
    folder = Path(bot.rules.__path__[0])
    with_a_rule = {
        path.stem for path in folder.glob("*.py") if "\nRULE = " in path.read_text("utf-8")
    }
    assert {type(rule).__module__.rpartition(".")[2] for rule in RULES} == with_a_rule
    assert {rule.kind for rule in RULES} >= {
        CaseKind.PROMISE_PASSED,
        CaseKind.ETA_PAST_PROMISE,
        CaseKind.NEVER_PICKED_UP,
        CaseKind.NO_SCAN,
        CaseKind.DELIVERY_ATTEMPT_FAILED,
    }


def test_no_two_rules_share_a_kind_or_the_name_of_a_threshold() -> None:
    assert len({rule.kind for rule in RULES}) == len(RULES)
    assert len({threshold.name for threshold in THRESHOLDS}) == len(THRESHOLDS)
    for threshold in THRESHOLDS:
        if threshold.default is None:
            assert threshold.can_be_off is CanBeOff.YES
        else:
            assert threshold.minimum <= threshold.default <= threshold.maximum


def test_a_threshold_that_is_off_has_no_number() -> None:
    grace = next(one for one in THRESHOLDS if one.name == "promise_grace_minutes")
    with pytest.raises(LookupError, match="promise_grace_minutes is off"):
        Thresholds({grace.name: None})[grace]
    assert Thresholds()[grace] == grace.default
