"""The form that asks for a mute, and what was filled in there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.book.models import Book, PartnerEntry
from bot.lookups.names import visible_partners
from bot.messages.blocks import Block, Message
from bot.messages.mute_modal import mute_modal
from bot.mutes.beginning import begin
from bot.mutes.ends import OPENS, checked_end, in_zone
from bot.mutes.kinds import MUTABLE
from bot.mutes.request import Request, read_lane, read_reason
from bot.mutes.unclear import Part, Unclear
from bot.mutes.wish import LONGEST_REASON, Wish, scope_of
from bot.viewer import Viewer
from storage import inbound
from storage.vocabulary import CaseKind


@dataclass(frozen=True, slots=True)
class Filled:
    """As it came: empty where nothing was given."""

    partner_key: str
    kind: str
    lane: str
    number: str
    day: str
    at: str
    reason: str


def form(book: Book, viewer: Viewer, metadata: str, now: datetime) -> Block:
    partners = visible_partners(book, viewer)
    here = next((p for p in partners if p.key == viewer.partner_key), None)
    zone = ZoneInfo(here.time_zone if here else book.time_zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return mute_modal(
        {partner.key: partner.name for partner in partners},
        here.name if here else None,
        MUTABLE,
        datetime.combine(tomorrow, OPENS),
        metadata,
    )


def wish_of(session: Session, filled: Filled, book: Book, viewer: Viewer, now: datetime) -> Wish:
    """Raises Unclear."""
    request = Request(
        partner=_partner(filled, visible_partners(book, viewer)),
        kind=_kind(filled),
        lane=read_lane(filled.lane) if filled.lane.strip() else None,
        number=filled.number.strip() or None,
    )
    scope = scope_of(session, request, book, viewer)
    zone = scope.zone(book)
    ends_at = checked_end(in_zone(_local_end(filled), zone), zone, now)
    return Wish(scope, ends_at, read_reason(filled.reason)[:LONGEST_REASON])


def begin_once(
    session: Session, key: str, wish: Wish, viewer: Viewer, book: Book, now: datetime
) -> Message | None:
    """None for what is handed over again under the same key: it was begun."""
    if not inbound.begin(session, key, now):
        return None
    return begin(session, wish, viewer, book, now)


def _partner(filled: Filled, partners: Sequence[PartnerEntry]) -> PartnerEntry | None:
    if not filled.partner_key:
        return None
    chosen = next((p for p in partners if p.key == filled.partner_key), None)
    if chosen is None:
        raise Unclear(Part.PARTNER, "Choose a partner of those offered.")
    return chosen


def _kind(filled: Filled) -> CaseKind | None:
    if not filled.kind:
        return None
    if filled.kind not in list(CaseKind):
        raise Unclear(Part.KIND, "Choose a kind of those offered.")
    return CaseKind(filled.kind)


def _local_end(filled: Filled) -> datetime:
    try:
        day = date.fromisoformat(filled.day)
        at = time.fromisoformat(filled.at) if filled.at else OPENS
    except ValueError:
        raise Unclear(Part.END, "Choose a date and a time.") from None
    return datetime.combine(day, at.replace(tzinfo=None))
