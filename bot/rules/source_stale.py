"""Source stale: a source that has not been read for much longer than it should be, or that answers
and brings nothing new for much longer than usual.

Severity: a warning; critical when it has not been read for 6 hours more than it should be.

Clears: the next success, or the next news. A source that fails is a case of its own, which
explains this one: see source_health.

Turn: whoever runs it.

Not read: no success for 3 times the interval at which it is polled, and at least an hour.
Nothing new: none for 24 hours, for 8 working hours, and for 5 times its usual gap in working hours.
The usual gap is the 95th percentile (nearest rank) of the gaps between its news; with fewer than 20
gaps nothing is usual yet, and nothing is said. In working hours, because no news over a weekend are
no news.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bot.calendars import WorkingCalendar, later
from bot.rules.finding import Finding, Verdict
from storage.vocabulary import CaseKind, Severity, Side

READ_WITHIN_INTERVALS: Final = 3
READ_WITHIN_AT_LEAST: Final = timedelta(hours=1)
CRITICAL_AFTER: Final = timedelta(hours=6)  # as with one that fails
QUIET_FOR_USUAL_GAPS: Final = 5
QUIET_FOR_AT_LEAST: Final = timedelta(hours=24)
QUIET_FOR_WORKING_TIME: Final = timedelta(hours=8)  # or every Monday morning would begin with it
MINIMUM_GAPS: Final = 20
USUAL: Final = 0.95  # of all gaps are no longer than the usual one

_HOUR = timedelta(hours=1)


class Staleness(StrEnum):
    NOT_READ = "not_read"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What is known of a source and how it has been doing."""

    key: str
    interval: timedelta
    """At which it is polled."""
    calendar: WorkingCalendar
    """Of those it brings news of."""
    followed_since: datetime
    """From when on it should have been read."""
    last_success_at: datetime | None = None
    failures_in_a_row: int = 0
    last_error: str | None = None
    news_at: Sequence[datetime] = ()
    """When it brought something new, as far back as is remembered, in any order."""


def judge_staleness(source: SourceRecord, now: datetime) -> Verdict:
    """Of a source that doesn't fail."""
    read_at = max(source.last_success_at or source.followed_since, source.followed_since)
    stale_at = later(read_at, max(READ_WITHIN_INTERVALS * source.interval, READ_WITHIN_AT_LEAST))
    if now >= stale_at:
        return _not_read(source, read_at, stale_at, now)
    news_at = sorted({instant for instant in source.news_at if instant <= now})
    usual_gap = usual_gap_of(news_at, source.calendar)
    if usual_gap is None:
        return Verdict(look_again_at=stale_at)
    quiet_at = _quiet_at(news_at[-1], usual_gap, source.calendar)
    if now < quiet_at:
        return Verdict(look_again_at=min(stale_at, quiet_at))
    finding = Finding(
        kind=CaseKind.SOURCE_STALE,
        subject=source_subject(source.key),
        severity=Severity.WARNING,
        since=news_at[-1],
        side=Side.UNKNOWN,
        facts={
            "source": source.key,
            "why": Staleness.NOTHING_NEW.value,
            # It moves with every poll of a source that answers: no change worth telling.
            "last_success_at": None,
            "last_news_at": news_at[-1].isoformat(),
            "usual_gap_working_hours": round(usual_gap / _HOUR, 1),
            "expected_by": quiet_at.isoformat(),
        },
    )
    return Verdict(finding, stale_at)


def source_subject(key: str) -> str:
    return f"source:{key}"


def usual_gap_of(news_at: Sequence[datetime], calendar: WorkingCalendar) -> timedelta | None:
    """In working time, between news in the order of time; None where they are too few to tell."""
    gaps = sorted(calendar.working_time_between(one, next_) for one, next_ in pairwise(news_at))
    if len(gaps) < MINIMUM_GAPS:
        return None
    return gaps[math.ceil(USUAL * len(gaps)) - 1]


def _quiet_at(last_news_at: datetime, usual_gap: timedelta, calendar: WorkingCalendar) -> datetime:
    working_time = max(QUIET_FOR_USUAL_GAPS * usual_gap, QUIET_FOR_WORKING_TIME)
    return max(
        calendar.add_working_time(last_news_at, working_time),
        later(last_news_at, QUIET_FOR_AT_LEAST),
    )


def _not_read(
    source: SourceRecord, read_at: datetime, stale_at: datetime, now: datetime
) -> Verdict:
    critical_at = later(stale_at, CRITICAL_AFTER)
    is_critical = now >= critical_at
    last_news_at = max((instant for instant in source.news_at if instant <= now), default=None)
    finding = Finding(
        kind=CaseKind.SOURCE_STALE,
        subject=source_subject(source.key),
        severity=Severity.CRITICAL if is_critical else Severity.WARNING,
        since=read_at,
        side=Side.UNKNOWN,
        facts={
            "source": source.key,
            "why": Staleness.NOT_READ.value,
            "last_success_at": source.last_success_at.isoformat()
            if source.last_success_at
            else None,
            "last_news_at": last_news_at.isoformat() if last_news_at else None,
            "usual_gap_working_hours": None,
            "expected_by": stale_at.isoformat(),
        },
    )
    return Verdict(finding, None if is_critical else critical_at)
