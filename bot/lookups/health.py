"""/tallyman health: how every source is doing, and what could not be said."""

from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.lookups.unread import unread_sources
from bot.messages import errors, text
from bot.messages.blocks import Message, section
from bot.messages.cards import HealthCard, OutboxCard, SourceCard
from bot.messages.health_view import health_view
from bot.viewer import Viewer
from storage import due, mutes, outbox, set_aside, sources
from storage.vocabulary import DueKind

REASONS_READ = 3


def answer(
    session: Session, book: Book, viewer: Viewer, trouble: str | None, now: datetime
) -> Message:
    """`trouble`: why nothing can be said in Slack at present. Belongs to no partner, so it is for
    our own people, outside of partners' channels."""
    if not viewer.may_see(None):
        return errors.belongs_to_no_partner() if viewer.is_internal else errors.not_yours()
    card = HealthCard(
        now,
        source_cards(session, book),
        _outbox(session),
        zone=book.time_zone,
        mutes=mutes.count_active(session),
        unread_sources=unread_sources(session, book),
        failing=due.failing(session),
    )
    said = health_view(card)
    if trouble is None:
        return said
    shown = text.sentence(text.safe(trouble))
    return Message(f"{shown} {said.text}", [section(f"*{shown}*"), *said.blocks])


def source_cards(session: Session, book: Book) -> list[SourceCard]:
    health = {row.source_key: row for row in sources.list_all(session)}
    bad = set_aside.counts(session)
    cards = []
    for entry in book.sources:
        row = health.get(entry.key)
        reasons = [
            f"{one.place}: {one.reason}"
            for one in set_aside.list_of(session, entry.key, REASONS_READ)
        ]
        cards.append(
            SourceCard(
                key=entry.key,
                kind=entry.kind,
                last_success_at=row.last_success_at if row else None,
                last_attempt_at=row.last_attempt_at if row else None,
                last_news_at=row.last_news_at if row else None,
                failures_in_a_row=row.failures_in_a_row if row else 0,
                last_error=row.last_error if row else None,
                next_poll_at=due.due_at(session, DueKind.POLL_SOURCE, entry.key),
                set_aside=bad.get(entry.key, 0),
                set_aside_reasons=reasons,
            )
        )
    return cards


def _outbox(session: Session) -> OutboxCard:
    oldest = outbox.list_unsent(session, 1)
    dead = [
        f"{message.channel}: {message.last_error or 'no reason given'}"
        for message in outbox.list_dead(session, REASONS_READ)
    ]
    return OutboxCard(
        pending=outbox.count_waiting(session),
        dead=outbox.count_dead(session),
        oldest_pending_at=oldest[0].created_at if oldest else None,
        dead_reasons=dead,
    )
