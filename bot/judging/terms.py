"""Judges the terms of contracts, each on the last window that is over and settled; and on those
before it that are still a case, for a correction may come."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book, PartnerEntry, TermEntry
from bot.cases.changes import CaseChange
from bot.cases.remembering import Subject, end, remember
from bot.judging.claimed import judge_claimed
from bot.judging.mornings import next_morning
from bot.judging.policies import Policies
from bot.rules.finding import Finding
from bot.rules.terms import LEFT_ALONE_FOR, breach_subject, judge_term
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.computing import measure
from bot.scorecards.periods import Period, month_of
from storage import cases
from storage.tables import Case
from storage.vocabulary import CaseKind, CaseState, DueKind

LEFT_ALONE = f"left alone for {LEFT_ALONE_FOR.days} days; the scorecard keeps it"


def judge_terms(
    session: Session, book: Book, _policies: Policies, now: datetime, owner: str
) -> None:
    terms = {
        term_subject(partner, term): (partner, term)
        for partner in book.partners
        for term in partner.contract.terms
    }

    def judge_one(subject: str) -> datetime | None:
        if subject not in terms:
            return None
        partner, term = terms[subject]
        plan(session, _judge(session, partner, term, now), book, now)
        return next_morning(partner, now)

    judge_claimed(session, DueKind.JUDGE_TERM, now, owner, judge_one, len(terms) or 1)


def _judge(
    session: Session, partner: PartnerEntry, term: TermEntry, now: datetime
) -> list[CaseChange]:
    """The last month, and those before it whose breach is still a case."""
    open_cases = _open_breaches(session, partner, term)
    periods = {_period_of(case) for case in open_cases}
    last = last_settled_month(partner, term, now)
    if is_in_force(term, last):
        periods.add(last)
    subjects: list[Subject] = []
    findings: list[Finding] = []
    for period in sorted(periods, key=lambda period: period.start):
        rate = measure(session, partner.key, term.metric, period, now)
        if rate is None:  # unknown is not kept
            continue
        subjects.append(Subject(breach_subject(partner.key, term.metric, period), partner.key))
        finding = judge_term(
            partner_key=partner.key,
            metric=term.metric,
            target=term.target,
            minimum_sample=term.minimum_sample,
            better=kpi_named(term.metric).better,
            period_start=period.start,
            period_end=period.end,
            numerator=rate.numerator,
            denominator=rate.denominator,
            zone=partner.zone,
            now=now,
        )
        if finding is not None:
            findings.append(finding)
    changes = remember(session, subjects, findings, now).changes
    left_alone = [case for case in open_cases if _was_left_alone(case, now)]
    return changes + [end(session, case, now, LEFT_ALONE) for case in left_alone]


def _open_breaches(session: Session, partner: PartnerEntry, term: TermEntry) -> list[Case]:
    return [
        case
        for case in cases.open_of_kind(session, partner.key, CaseKind.TERM_BREACHED)
        if case.facts["metric"] == term.metric and case.state != CaseState.RESOLVED
    ]


def _period_of(case: Case) -> Period:
    return month_of(date.fromisoformat(str(case.facts["period_start"])))


def _was_left_alone(case: Case, now: datetime) -> bool:
    """It is open, and was before anything that happened just now."""
    return case.state != CaseState.RESOLVED and case.changed_at + LEFT_ALONE_FOR <= now


def term_subject(partner: PartnerEntry, term: TermEntry) -> str:
    return f"{partner.key}:{term.metric}"


def last_settled_month(partner: PartnerEntry, term: TermEntry, now: datetime) -> Period:
    """The latest calendar month of the partner's zone whose late news has had time to arrive."""
    local = (now - timedelta(hours=term.settle_hours)).astimezone(partner.zone)
    return month_of(local.date().replace(day=1) - timedelta(days=1))


def is_in_force(term: TermEntry, period: Period) -> bool:
    return (term.effective_from or date.min) <= period.start and period.end <= (
        term.effective_to or date.max
    )
