"""Source failing: it failed several times in a row, or twice and has not succeeded for long, or
ever: before each source was read once, nothing is judged.

Severity: a warning; critical once it has brought nothing for 6 hours, when what we say about its
shipments is out of date.

Clears: the next success.

Turn: whoever runs it.
"""

from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import Finding, Verdict
from bot.rules.source_stale import SourceRecord, judge_staleness, source_subject
from storage.vocabulary import CaseKind, Severity, Side

FAILURES_IN_A_ROW = 3
FAILURES_WHEN_LONG_SILENT = 2  # one failure of a source that is polled once a day is no pattern
SILENT_FOR = timedelta(hours=1)
CRITICAL_AFTER = timedelta(hours=6)


def judge_feed(source: SourceRecord, now: datetime) -> Verdict:
    """Whether it fails, is not read, or brings nothing new: one finding at most, as one explains
    the next."""
    silent_since = source.last_success_at or source.followed_since
    finding = judge_source(
        source_key=source.key,
        failures_in_a_row=source.failures_in_a_row,
        last_success_at=source.last_success_at,
        last_error=source.last_error,
        now=now,
        followed_since=source.followed_since,
    )
    stale = judge_staleness(source, now)
    moments = [later(silent_since, length) for length in (SILENT_FOR, CRITICAL_AFTER)]
    if stale.look_again_at is not None and finding is None:
        moments.append(stale.look_again_at)
    to_come = (moment for moment in moments if moment > now)
    return Verdict(finding or stale.finding, min(to_come, default=None))


def judge_source(
    *,
    source_key: str,
    failures_in_a_row: int,
    last_success_at: datetime | None,
    last_error: str | None,
    now: datetime,
    followed_since: datetime | None = None,
) -> Finding | None:
    """For a source that was just polled: each poll is a reason to ask again."""
    since = last_success_at or followed_since or now
    silent_for = now - since
    is_long_silent = last_success_at is None or silent_for >= SILENT_FOR
    is_silent = is_long_silent and failures_in_a_row >= FAILURES_WHEN_LONG_SILENT
    if failures_in_a_row < FAILURES_IN_A_ROW and not is_silent:
        return None
    return Finding(
        kind=CaseKind.SOURCE_FAILING,
        subject=source_subject(source_key),
        severity=Severity.CRITICAL if silent_for >= CRITICAL_AFTER else Severity.WARNING,
        since=since,
        side=Side.UNKNOWN,
        facts={
            "source": source_key,
            "failures": failures_in_a_row,
            "last_success_at": last_success_at.isoformat() if last_success_at else None,
            "error": last_error,
        },
    )
