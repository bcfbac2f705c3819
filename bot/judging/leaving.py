"""Ends the cases of what is gone from the book, be it a partner, a term or a source: nobody judges
it any more."""

from datetime import datetime

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book
from bot.cases.remembering import end
from bot.rules.source_stale import source_subject
from storage import cases
from storage.tables import Case
from storage.vocabulary import CaseKind

NO_LONGER_IN_THE_BOOK = "no longer in the book"

_OF_TERMS = frozenset(
    {CaseKind.TERM_BREACHED, CaseKind.MEASUREMENT_MISSING, CaseKind.MEASUREMENT_IMPOSSIBLE}
)
_OF_SOURCES = frozenset({CaseKind.SOURCE_FAILING, CaseKind.SOURCE_STALE})


def resolve_what_left(session: Session, book: Book, now: datetime) -> None:
    """To be called when the book may have changed. What comes back to it is judged as if new."""
    gone = {
        case.id: case
        for case in (
            *cases.unresolved_of_others(session, [partner.key for partner in book.partners]),
            *_without_term(session, book),
            *_without_source(session, book),
        )
    }
    changes = [end(session, case, now, NO_LONGER_IN_THE_BOOK) for case in gone.values()]
    plan(session, changes, book, now)


def _without_term(session: Session, book: Book) -> list[Case]:
    promised = {
        (partner.key, term.metric) for partner in book.partners for term in partner.contract.terms
    }
    return [
        case
        for case in cases.unresolved_of_kinds(session, _OF_TERMS)
        if (case.partner_key, case.facts["metric"]) not in promised
    ]


def _without_source(session: Session, book: Book) -> list[Case]:
    subjects = {source_subject(entry.key) for entry in book.sources}
    return [
        case
        for case in cases.unresolved_of_kinds(session, _OF_SOURCES)
        if case.subject not in subjects
    ]
