from datetime import UTC, datetime, timedelta

from bot.rules.finding import Finding
from bot.rules.source_health import judge_source
from storage.vocabulary import CaseKind, Severity

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def easypost(failures: int, silent_for: timedelta | None) -> Finding | None:
    return judge_source(
        source_key="easypost",
        failures_in_a_row=failures,
        last_success_at=None if silent_for is None else NOW - silent_for,
        last_error="503 Service Unavailable" if failures else None,
        now=NOW,
    )


def test_a_hiccup_is_no_exception() -> None:
    assert easypost(1, timedelta(minutes=30)) is None
    assert easypost(2, timedelta(minutes=45)) is None


def test_three_failures_in_a_row_are() -> None:
    finding = easypost(3, timedelta(minutes=10))
    assert finding is not None
    assert finding.kind is CaseKind.SOURCE_FAILING
    assert finding.subject == "source:easypost"
    assert finding.severity is Severity.WARNING
    assert finding.since == NOW - timedelta(minutes=10)
    assert finding.facts == {
        "source": "easypost",
        "failures": 3,
        "last_success_at": (NOW - timedelta(minutes=10)).isoformat(),
        "error": "503 Service Unavailable",
    }


def test_so_are_two_after_an_hour_without_success_and_one_of_a_daily_source_is_not() -> None:
    assert easypost(2, timedelta(hours=1)) is not None
    assert easypost(1, timedelta(days=1)) is None


def test_out_of_date_for_hours_it_is_critical() -> None:
    finding = easypost(24, timedelta(hours=6))
    assert finding is not None
    assert finding.severity is Severity.CRITICAL


def test_a_source_that_never_answered_fails_since_now() -> None:
    assert easypost(1, None) is None
    finding = easypost(2, None)
    assert finding is not None
    assert finding.since == NOW
    assert finding.facts["last_success_at"] is None


def test_one_success_clears_it_however_long_ago() -> None:
    assert easypost(0, timedelta(days=30)) is None
