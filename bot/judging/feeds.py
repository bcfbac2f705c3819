"""Judges the sources themselves: failing, not read, or bringing nothing new."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.calendar import calendar_for
from bot.book.models import Book, SourceEntry
from bot.calendars import WorkingCalendar
from bot.cases.remembering import Subject, remember
from bot.judging.claimed import judge_claimed
from bot.judging.leaving import NO_LONGER_IN_THE_BOOK
from bot.judging.policies import Policies
from bot.rules.finding import NOTHING, Verdict
from bot.rules.source_health import judge_feed
from bot.rules.source_stale import SourceRecord, source_subject
from storage import sources
from storage.tables import SourceHealth
from storage.vocabulary import DueKind


def judge_sources(
    session: Session, book: Book, _policies: Policies, now: datetime, owner: str
) -> None:
    entries = {entry.key: entry for entry in book.sources}
    calendar = calendar_for(book, None)

    def judge_one(key: str) -> datetime | None:
        entry = entries.get(key)
        health = sources.get(session, key)
        is_gone = entry is None or health is None
        verdict = _judge(entry, health, calendar, now)
        found = [verdict.finding] if verdict.finding else []
        subject = Subject(
            source_subject(key),
            None,
            is_over=is_gone,
            why_over=NO_LONGER_IN_THE_BOOK if is_gone else None,
        )
        remembered = remember(session, [subject], found, now)
        plan(session, remembered.changes, book, now)
        looks = [verdict.look_again_at, *remembered.look_again_at.values()]
        return min((at for at in looks if at is not None), default=None)

    judge_claimed(session, DueKind.JUDGE_SOURCE, now, owner, judge_one, len(entries))


def _judge(
    entry: SourceEntry | None, health: SourceHealth | None, calendar: WorkingCalendar, now: datetime
) -> Verdict:
    if entry is None or health is None:  # gone from the book
        return NOTHING
    return judge_feed(_record(entry, health, calendar, now), now)


def _record(
    entry: SourceEntry, health: SourceHealth, calendar: WorkingCalendar, now: datetime
) -> SourceRecord:
    return SourceRecord(
        key=entry.key,
        interval=timedelta(minutes=entry.poll_every_minutes),
        calendar=calendar,
        followed_since=health.followed_since or now,
        last_success_at=health.last_success_at,
        failures_in_a_row=health.failures_in_a_row,
        last_error=health.last_error,
        news_at=[datetime.fromisoformat(moment).astimezone(UTC) for moment in health.news_at or ()],
    )
