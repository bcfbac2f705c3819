"""A mute begins: it is stored, its end is due, and its channel is told."""

from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.messages.blocks import Message
from bot.messages.mutes import already_muted, muted
from bot.mutes.owing import owed_notice
from bot.mutes.shown import channel_of, mute_card
from bot.mutes.wish import Wish
from bot.viewer import Viewer
from storage import alerts, due, mutes, outbox
from storage.tables import Mute
from storage.vocabulary import AlertForm, DueKind


def begin(session: Session, wish: Wish, viewer: Viewer, book: Book, now: datetime) -> Message:
    """The answer is for who asked. What is muted already stays as it is."""
    scope = wish.scope
    key = scope.partner.key if scope.partner else None
    for active in mutes.list_active(session, key):
        if scope.is_that_of(active) and active.ends_at > now:
            return already_muted(mute_card(session, active, book, now))
    mute = Mute(
        partner_key=key,
        kind=scope.kind,
        lane=scope.lane,
        shipment_id=scope.shipment.id if scope.shipment else None,
        reason=wish.reason,
        author=viewer.user_id,
        created_at=now,
        ends_at=wish.ends_at,
    )
    mute_id = mutes.add(session, mute)
    alert = alerts.add(session, key, channel_of(session, mute, book), now)
    alert.form = AlertForm.NOTICE
    alert.said_at = now
    mute.alert_id = alert.id
    card = mute_card(session, mute, book, now)
    outbox.put_many(session, [owed_notice(alert, card)], now)
    due.schedule(session, DueKind.END_MUTE, str(mute_id), wish.ends_at)
    return muted(card, alert.channel)
