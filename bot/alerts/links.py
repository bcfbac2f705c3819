"""From a case in a list to the message that tells of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.alerts.card import case_cards
from bot.book.models import Book
from bot.messages.cards import CaseCard
from storage import addresses, alerts
from storage.tables import Case


def linked_cards(
    session: Session, shown: Sequence[Case], book: Book, now: datetime
) -> list[CaseCard]:
    """Cards in the order of the cases, each with the link to its message, where it has one."""
    links = permalinks(session, shown)
    return [
        replace(card, permalink=links.get(card.case_id))
        for card in case_cards(session, shown, book, now)
    ]


def permalinks(session: Session, shown: Iterable[Case]) -> dict[int | None, str]:
    """By case. Put together as chat.getPermalink does: a list would need as many calls as it has
    lines."""
    alert_of = {case.id: case.alert_id for case in shown if case.alert_id is not None}
    workspace = addresses.workspace(session)
    if workspace is None or not alert_of:
        return {}
    places = alerts.places(session, set(alert_of.values()))
    return {
        case_id: f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
        for case_id, alert_id in alert_of.items()
        for channel, ts in [places.get(alert_id, ("", ""))]
        if ts
    }
