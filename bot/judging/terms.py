"""Judges the terms of contracts, each on the last window that is over and settled."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book, PartnerEntry, TermEntry
from bot.cases.changes import CaseChange
from bot.cases.remembering import Subject, remember
from bot.judging.leases import LEASE
from bot.judging.mornings import next_morning
from bot.judging.policies import Policies
from bot.rules.terms import judge_term
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.computing import measure
from bot.scorecards.periods import Period, month_of
from storage import due
from storage.vocabulary import DueKind


def judge_terms(
    session: Session, book: Book, _policies: Policies, now: datetime, owner: str
) -> None:
    """Judges every term that is due on the last window that is over and settled."""
    terms = {
        term_subject(partner, term): (partner, term)
        for partner in book.partners
        for term in partner.contract.terms
    }
    for one in due.claim(session, DueKind.JUDGE_TERM, now, owner, LEASE, len(terms) or 1):
        known = terms.get(one.subject)
        if known is None:  # gone from the book
            due.finish(session, one, None)
            continue
        partner, term = known
        period = last_settled_month(partner, term, now)
        due.finish(session, one, next_morning(partner, now))
        if is_in_force(term, period):
            plan(session, _judge_term(session, partner, term, period, now), book, now)


def _judge_term(
    session: Session, partner: PartnerEntry, term: TermEntry, period: Period, now: datetime
) -> list[CaseChange]:
    rate = measure(session, partner.key, term.metric, period, now)
    if rate is None:
        return []
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
        now=now,
    )
    name = f"term:{partner.key}:{term.metric}:{period.start:%Y-%m}"
    found = [finding] if finding else []
    return remember(session, [Subject(name, partner.key)], found, now).changes


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
