"""What is asked in the thread of an alert: where nothing is named, its cases are meant."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_cards
from bot.book.models import Book
from bot.desk import Desk
from bot.lookups import questions
from bot.lookups.escalating import escalate, names_something
from bot.lookups.groups import Group, group_of
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard
from bot.messages.thread_view import thread_view, which_one
from bot.viewer import Viewer
from storage import alerts
from storage.tables import Case
from storage.vocabulary import CaseState, Severity

SHOWN_AT_MOST = 50


async def said_in_thread(
    desk: Desk, viewer: Viewer, text: str, channel: str, thread_ts: str
) -> Message:
    """As `questions.said`, for what was written in a thread."""
    group = await desk.database.read(_group_at, channel, thread_ts, viewer)
    if group is None:
        return await questions.said(desk, viewer, text)
    word, _, rest = text.strip().partition(" ")
    name = word.casefold().strip("/:,!?.")
    if not name:
        return await desk.database.read(_standing, group, desk.book, desk.clock())
    if name == "escalate":
        return await desk.database.run(_escalate, group, desk.book, viewer, rest, desk.clock())
    return await questions.said(desk, viewer, text)


def _group_at(session: Session, channel: str, thread_ts: str, viewer: Viewer) -> Group | None:
    alert = alerts.by_message(session, channel, thread_ts)
    return group_of(session, alert.id, viewer) if alert is not None and alert.id else None


def _standing(session: Session, group: Group, book: Book, now: datetime) -> Message:
    still_open = _still_open(group)
    cards = _worst(session, still_open, book, now)
    partner = next((p for p in book.partners if p.key == group.alert.partner_key), None)
    zone = partner.time_zone if partner else book.time_zone
    return thread_view(cards, len(group.cases), len(still_open), now, zone)


def _escalate(
    session: Session, group: Group, book: Book, viewer: Viewer, text: str, now: datetime
) -> Message:
    """What is named is meant; else, if it is the thread of one case, that one."""
    if names_something(session, book, viewer, text):
        return escalate(session, book, viewer, text, now)
    if len(group.cases) == 1:
        return escalate(session, book, viewer, f"case {group.cases[0].id} {text}".strip(), now)
    return which_one(_worst(session, _still_open(group), book, now), len(group.cases))


def _still_open(group: Group) -> list[Case]:
    """Worst first."""
    still_open = [case for case in group.cases if case.state != CaseState.RESOLVED]
    return sorted(still_open, key=lambda case: (-Severity(case.severity).rank, case.since))


def _worst(
    session: Session, still_open: Sequence[Case], book: Book, now: datetime
) -> list[CaseCard]:
    return case_cards(session, still_open[:SHOWN_AT_MOST], book, now)
