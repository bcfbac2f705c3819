from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import WorkingCalendar
from bot.rules.finding import Finding
from bot.rules.policy import Policy
from bot.rules.source_health import judge_feed
from bot.rules.source_stale import SourceRecord, judge_staleness, usual_gap_of
from storage.vocabulary import CaseKind, Severity, Side

Times = Callable[[str], datetime]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hourly(policy: Policy, at: Times) -> SourceRecord:
    """News every hour of a working week, the last on Friday at 17:00."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    return SourceRecord(
        key="easypost",
        interval=15 * MINUTE,
        calendar=policy.calendar,
        followed_since=at("Mon 00:00"),
        last_success_at=at("Fri 17:00"),
        news_at=[at(f"{day} {hour}:00") for day in days for hour in range(8, 18)],
    )


def answering(source: SourceRecord, now: datetime) -> SourceRecord:
    return replace(source, last_success_at=now)


def found(source: SourceRecord, now: datetime) -> Finding:
    finding = judge_staleness(source, now).finding
    assert finding is not None
    return finding


def test_not_read_for_an_hour_though_it_should_be_every_quarter(
    hourly: SourceRecord, at: Times
) -> None:
    early = judge_staleness(hourly, at("Fri 17:59"))
    assert early.finding is None
    assert early.look_again_at == at("Fri 18:00")
    finding = found(hourly, at("Fri 18:00"))
    assert finding.kind is CaseKind.SOURCE_STALE
    assert finding.subject == "source:easypost"
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.UNKNOWN
    assert finding.since == at("Fri 17:00")
    assert finding.facts == {
        "source": "easypost",
        "why": "not_read",
        "last_success_at": at("Fri 17:00").isoformat(),
        "last_news_at": at("Fri 17:00").isoformat(),
        "usual_gap_working_hours": None,
        "expected_by": at("Fri 18:00").isoformat(),
    }


def test_six_hours_more_are_critical(hourly: SourceRecord, at: Times) -> None:
    assert judge_staleness(hourly, at("Fri 18:00")).look_again_at == at("Sat 00:00")
    assert found(hourly, at("Fri 23:59")).severity is Severity.WARNING
    assert found(hourly, at("Sat 00:00")).severity is Severity.CRITICAL


def test_one_polled_once_a_day_has_three_days(hourly: SourceRecord, at: Times) -> None:
    daily = replace(hourly, interval=timedelta(days=1))
    assert judge_staleness(daily, at("Mon+1 08:00")).finding is None
    assert found(daily, at("Mon+1 17:00")).facts["why"] == "not_read"


def test_never_read_counts_from_when_it_should_have_been(hourly: SourceRecord, at: Times) -> None:
    never = replace(hourly, last_success_at=None, news_at=(), followed_since=at("Mon 09:00"))
    assert judge_staleness(never, at("Mon 09:59")).finding is None
    finding = found(never, at("Mon 10:00"))
    assert finding.since == at("Mon 09:00")
    assert finding.facts["last_success_at"] is None
    assert finding.facts["last_news_at"] is None


def test_a_quiet_weekend_is_no_news(hourly: SourceRecord, at: Times) -> None:
    for moment in ("Sat 12:00", "Sun 23:00", "Mon+1 08:00", "Mon+1 14:59"):
        now = at(moment)
        assert judge_staleness(answering(hourly, now), now).finding is None


def test_a_working_day_without_news_is(hourly: SourceRecord, at: Times) -> None:
    now = at("Mon+1 15:00")  # one working hour on Friday, seven on Monday
    finding = found(answering(hourly, now), now)
    assert finding.severity is Severity.WARNING
    assert finding.since == at("Fri 17:00")
    assert finding.facts == {
        "source": "easypost",
        "why": "nothing_new",
        "last_success_at": None,
        "last_news_at": at("Fri 17:00").isoformat(),
        "usual_gap_working_hours": 1.0,
        "expected_by": at("Mon+1 15:00").isoformat(),
    }
    an_hour_later = now + HOUR
    again = found(answering(hourly, an_hour_later), an_hour_later)
    assert again.facts == finding.facts


def test_one_that_brings_news_once_a_day_may_be_quiet_for_five(
    hourly: SourceRecord, at: Times
) -> None:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    news_at = [at(f"{day}+{week} 09:00") for week in range(5) for day in days]
    daily = replace(hourly, news_at=news_at)
    before, after = at("Fri+5 08:59"), at("Fri+5 09:00")
    assert judge_staleness(answering(daily, before), before).finding is None
    assert found(answering(daily, after), after).facts["usual_gap_working_hours"] == 10.0


def test_until_its_gaps_are_known_nothing_is_usual(hourly: SourceRecord, at: Times) -> None:
    now = at("Fri+3 12:00")
    for news_at, is_known in ((hourly.news_at[-20:], False), (hourly.news_at[-21:], True)):
        source = answering(replace(hourly, news_at=news_at), now)
        assert (judge_staleness(source, now).finding is not None) is is_known


def test_one_long_gap_in_twenty_is_not_the_usual_one(policy: Policy, at: Times) -> None:
    hours = [at("Mon 08:00") + n * MINUTE for n in (*range(0, 200, 10), 500)]
    assert usual_gap_of(hours, policy.calendar) == 10 * MINUTE
    assert usual_gap_of([*hours, at("Tue 17:00")], policy.calendar) > 5 * HOUR  # type: ignore[operator]


def test_one_that_fails_is_failing_and_not_also_stale(hourly: SourceRecord, at: Times) -> None:
    failing = replace(hourly, failures_in_a_row=3, last_error="503 Service Unavailable")
    verdict = judge_feed(failing, at("Fri 20:00"))
    assert verdict.finding is not None
    assert verdict.finding.kind is CaseKind.SOURCE_FAILING
    assert verdict.finding.severity is Severity.WARNING
    assert verdict.look_again_at == at("Fri 23:00")
    worse = judge_feed(failing, at("Fri 23:00")).finding
    assert worse is not None
    assert worse.severity is Severity.CRITICAL


def test_one_that_hangs_without_an_error_is_stale(hourly: SourceRecord, at: Times) -> None:
    verdict = judge_feed(replace(hourly, failures_in_a_row=1), at("Fri 20:00"))
    assert verdict.finding is not None
    assert verdict.finding.kind is CaseKind.SOURCE_STALE


def test_one_that_never_succeeded_and_fails_is_failing_since_it_was_followed(
    hourly: SourceRecord, at: Times
) -> None:
    never = replace(hourly, last_success_at=None, news_at=(), failures_in_a_row=2)
    finding = judge_feed(never, at("Mon 01:00")).finding
    assert finding is not None
    assert finding.kind is CaseKind.SOURCE_FAILING
    assert finding.since == at("Mon 00:00")


START = datetime(2026, 10, 1, tzinfo=UTC)
instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: START + minutes * MINUTE)
sources = st.builds(
    SourceRecord,
    key=st.just("feed"),
    interval=st.sampled_from((MINUTE, HOUR, 24 * HOUR)),
    calendar=st.sampled_from(
        (
            WorkingCalendar(ZoneInfo("Europe/Berlin"), country="DE"),
            WorkingCalendar(ZoneInfo("Asia/Kolkata"), frozenset(range(6))),
        )
    ),
    followed_since=instants,
    last_success_at=st.none() | instants,
    failures_in_a_row=st.integers(0, 4),
    last_error=st.none() | st.just("timed out"),
    news_at=st.lists(instants, max_size=60),
)


@settings(deadline=None)
@given(sources, instants, st.floats(0, 1, exclude_max=True))
def test_until_it_is_looked_at_again_nothing_changes(
    source: SourceRecord, now: datetime, part: float
) -> None:
    # News and successes to come are none yet.
    source = replace(
        source,
        news_at=[instant for instant in source.news_at if instant <= now],
        last_success_at=source.last_success_at and min(source.last_success_at, now),
    )
    verdict = judge_feed(source, now)
    if verdict.look_again_at is not None:
        assert verdict.look_again_at > now
    until = verdict.look_again_at or now + timedelta(days=365)
    just_before = until - timedelta(microseconds=1)
    for meanwhile in (now + (just_before - now) * part, just_before):
        assert judge_feed(source, meanwhile).finding == verdict.finding


@settings(deadline=None)
@given(st.data(), sources, instants)
def test_neither_the_order_of_its_news_nor_repeats_matter(
    data: st.DataObject, source: SourceRecord, now: datetime
) -> None:
    shuffled = data.draw(st.permutations([*source.news_at, *source.news_at[:3]]))
    assert judge_feed(replace(source, news_at=shuffled), now) == judge_feed(source, now)


def test_sentinel_dates_crash_nothing(hourly: SourceRecord, at: Times) -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    odd = replace(hourly, last_success_at=last, news_at=[first, *hourly.news_at, last])
    verdict = judge_staleness(odd, at("Mon+1 15:00"))
    assert verdict.finding is not None
    assert verdict.finding.facts["why"] == "nothing_new"
