"""Judges the KPI feeds: a figure that a term needs and that is missing, or that cannot be."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book, PartnerEntry, TermEntry
from bot.cases.remembering import Subject, remember
from bot.judging.claimed import judge_claimed
from bot.judging.mornings import next_morning
from bot.judging.policies import Policies
from bot.judging.terms import is_in_force, last_settled_month, term_subject
from bot.rules.measured_figure import MeasuredFigure
from bot.rules.measurements import judge_measurements
from bot.scorecards.catalogue import Origin, kpi_named
from bot.scorecards.periods import month_of
from storage import cases, measurements, sources
from storage.tables import Case
from storage.vocabulary import CaseKind, DueKind

DUE_WITHIN_WORKING_DAYS = 5  # after the period has settled


def measured_subjects(book: Book) -> list[str]:
    return sorted(_measured_terms(book))


def is_measured(term: TermEntry) -> bool:
    """By a source, and not by us."""
    return kpi_named(term.metric).origin is Origin.MEASURED


def judge_measured_terms(
    session: Session, book: Book, policies: Policies, now: datetime, owner: str
) -> None:
    terms = _measured_terms(book)

    def judge_one(subject: str) -> datetime | None:
        if subject not in terms:
            return None
        partner, term = terms[subject]
        _judge(session, partner, term, book, policies, now)
        return next_morning(partner, now)

    judge_claimed(session, DueKind.JUDGE_MEASURED, now, owner, judge_one, len(terms) or 1)


def _judge(
    session: Session,
    partner: PartnerEntry,
    term: TermEntry,
    book: Book,
    policies: Policies,
    now: datetime,
) -> None:
    month = last_settled_month(partner, term, now)
    rows = measurements.of_metric(session, partner.key, term.metric)
    figures = [
        MeasuredFigure(
            period_start=row.period_start,
            period_end=row.period_end,
            source_key=row.source_key,
            numerator=row.numerator,
            denominator=row.denominator,
            measured_at=row.measured_at,
        )
        for row in rows
    ]
    missing, impossible = _open_cases(session, partner.key, term.metric)
    # A month is expected of a feed that has begun; before it, nothing is late.
    has_begun = any(figure.period_start < month.start for figure in figures)
    expected = {month} if has_begun and is_in_force(term, month) else set()
    expected |= {month_of(date.fromisoformat(str(case.facts["period_start"]))) for case in missing}
    judgement = judge_measurements(
        partner_key=partner.key,
        metric=term.metric,
        expected=sorted(expected, key=lambda period: period.start),
        measured=figures,
        settle=timedelta(hours=term.settle_hours),
        due_within_working_days=DUE_WITHIN_WORKING_DAYS,
        calendar=policies.calendar(partner.key),
        now=now,
        heard_until=_heard_until(session, book, {row.source_key for row in rows}),
    )
    names = {finding.subject for finding in judgement.findings}
    names |= {case.subject for case in (*missing, *impossible)}
    subjects = [Subject(name, partner.key) for name in sorted(names)]
    plan(session, remember(session, subjects, judgement.findings, now).changes, book, now)


def _open_cases(session: Session, partner_key: str, metric: str) -> tuple[list[Case], list[Case]]:
    """Of figures that are missing, and of those that cannot be."""
    missing, impossible = (
        [
            case
            for case in cases.open_of_kind(session, partner_key, kind)
            if case.facts["metric"] == metric
        ]
        for kind in (CaseKind.MEASUREMENT_MISSING, CaseKind.MEASUREMENT_IMPOSSIBLE)
    )
    return missing, impossible


def _heard_until(session: Session, book: Book, source_keys: Collection[str]) -> datetime | None:
    """Up to when all the sources that have measured it before have told what they knew: one that
    is not heard may have the figure."""
    in_book = {entry.key for entry in book.sources}
    read_at = [
        health.read_whole_at
        for health in sources.list_all(session)
        if health.source_key in in_book and health.source_key in source_keys
    ]
    return min((at for at in read_at if at is not None), default=None)


def _measured_terms(book: Book) -> dict[str, tuple[PartnerEntry, TermEntry]]:
    return {
        term_subject(partner, term): (partner, term)
        for partner in book.partners
        for term in partner.contract.terms
        if is_measured(term)
    }
