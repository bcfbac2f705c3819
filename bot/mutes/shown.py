"""From a mute and its rows to what its messages show."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.messages.mutes import MuteCard
from bot.viewer import Viewer
from storage import mutes, partners, shipments
from storage.tables import Mute
from storage.vocabulary import CaseKind


def mute_card(session: Session, mute: Mute, book: Book, now: datetime) -> MuteCard:
    (card,) = mute_cards(session, [mute], book, now)
    return card


def mute_cards(
    session: Session, shown: Sequence[Mute], book: Book, now: datetime
) -> list[MuteCard]:
    """In their order; in a few statements for all of them."""
    held = mutes.count_held_back(session, [mute.id for mute in shown if mute.id is not None])
    ids = sorted({mute.shipment_id for mute in shown if mute.shipment_id is not None})
    known = shipments.by_ids(session, ids)
    entries = {partner.key: partner for partner in book.partners}
    cards = []
    for mute in shown:
        if mute.id is None:
            raise ValueError("a mute is stored before it is shown")
        partner = entries.get(mute.partner_key or "")
        shipment = known.get(mute.shipment_id or 0)
        cards.append(
            MuteCard(
                mute_id=mute.id,
                reason=mute.reason,
                author=mute.author,
                created_at=mute.created_at,
                ends_at=mute.ends_at,
                now=now,
                zone=partner.time_zone if partner else book.time_zone,
                partner_name=partner.name if partner else mute.partner_key,
                kind=CaseKind(mute.kind) if mute.kind else None,
                lane=mute.lane,
                tracking_number=shipment.tracking_number if shipment else None,
                held_back=held.get(mute.id, 0),
                ended_at=mute.ended_at,
                ended_by=mute.ended_by,
            )
        )
    return cards


def active_cards(session: Session, book: Book, viewer: Viewer, now: datetime) -> list[MuteCard]:
    """That the person may see, the next to end first."""
    active = mutes.list_active(session, viewer.partner_key)
    visible = [mute for mute in active if viewer.may_see(mute.partner_key)]
    return mute_cards(session, visible, book, now)


def channel_of(session: Session, mute: Mute, book: Book) -> str:
    """Where a mute is shown: in its partner's channel, else in the ops channel."""
    partner = partners.get(session, mute.partner_key) if mute.partner_key else None
    return partner.channel if partner else book.ops_channel
