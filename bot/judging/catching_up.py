"""Judges at once what waited for news.

A rule that concludes something from silence waits while the source lags behind, and looks again
every so often. What is planned within that time may be waiting: when the source is heard again, it
is judged now instead, also what another process is about to put off. So is what a figure that
arrives may change: otherwise it is judged once a day.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book, PartnerEntry, TermEntry
from bot.judging.measured import is_measured
from bot.judging.terms import term_subject
from bot.rules.journey import LAG_CHECKED_EVERY
from storage import due, shipments
from storage.measurements import Measured
from storage.vocabulary import DueKind


def source_was_read(
    session: Session, source_key: str, read_before: datetime | None, now: datetime
) -> None:
    """`read_before`: its last reading but this one. What was judged since, and waits, has put
    itself off by that time: nothing else needs to be looked at."""
    if read_before is None:
        return
    due.lock_all_due(session, DueKind.JUDGE_SHIPMENT, now)
    after = max(now, read_before + LAG_CHECKED_EVERY)
    planned = due.planned_between(session, DueKind.JUDGE_SHIPMENT, after, now + LAG_CHECKED_EVERY)
    of_source = shipments.ids_of_source(session, [int(one) for one in planned], source_key)
    _judge_now(session, [str(one) for one in of_source], now)


def shipments_were_asked_for(session: Session, subjects: Sequence[str], now: datetime) -> None:
    """Those that a source follows one by one, and has just told all it knows of."""
    due.lock(session, DueKind.JUDGE_SHIPMENT, subjects)
    planned = due.due_at_of(session, DueKind.JUDGE_SHIPMENT, subjects)
    until = now + LAG_CHECKED_EVERY
    _judge_now(session, [one for one, at in planned.items() if now < at <= until], now)


def figures_arrived(
    session: Session, book: Book, figures: Collection[Measured], now: datetime
) -> None:
    """Judges the terms that these count for, and the feeds that they came by."""
    told = {(figure.partner_key, figure.metric) for figure in figures}
    concerned = [
        (partner, term)
        for partner in book.partners
        for term in partner.contract.terms
        if (partner.key, term.metric) in told
    ]
    judge_terms_now(session, concerned, now)


def judge_terms_now(
    session: Session, terms: Sequence[tuple[PartnerEntry, TermEntry]], now: datetime
) -> None:
    """And the feeds of those that a source measures."""
    for kind, subjects in (
        (DueKind.JUDGE_TERM, [term_subject(*one) for one in terms]),
        (DueKind.JUDGE_MEASURED, [term_subject(*one) for one in terms if is_measured(one[1])]),
    ):
        due.schedule_earlier_many(session, kind, dict.fromkeys(subjects, now))


def _judge_now(session: Session, subjects: Sequence[str], now: datetime) -> None:
    due.schedule_many(session, DueKind.JUDGE_SHIPMENT, dict.fromkeys(subjects, now))
