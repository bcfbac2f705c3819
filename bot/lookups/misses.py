"""The shipments behind a breached term."""

from datetime import date, datetime

from sqlmodel import Session

from bot.alerts.card import miss_line
from bot.book.models import Book
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.cards import case_reference
from bot.messages.misses_view import misses_view
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.computing import misses
from bot.scorecards.periods import month_of
from bot.viewer import Viewer
from storage import cases
from storage.vocabulary import CaseKind


def answer(session: Session, case_id: int, book: Book, viewer: Viewer, now: datetime) -> Message:
    case = cases.get(session, case_id)
    if (
        case is None
        or case.partner_key is None
        or not viewer.may_see(case.partner_key)
        or case.kind != CaseKind.TERM_BREACHED
    ):
        return errors.unknown_case(case_reference(case_id))
    partner = next((p for p in book.partners if p.key == case.partner_key), None)
    zone = partner.time_zone if partner else "UTC"
    metric = str(case.facts["metric"])
    period = month_of(date.fromisoformat(f"{case.facts['period']}-01"))
    lines = [
        miss_line(miss, partner) for miss in misses(session, case.partner_key, metric, period, now)
    ]
    title = f"{kpi_named(metric).title}, {period.label}"
    return misses_view(title, lines, now, zone)
