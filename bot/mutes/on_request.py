"""What people ask of mutes: to begin one, to end one, to list them. Our own people change them."""

import re
from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.lookups.names import visible_partners
from bot.messages import errors
from bot.messages import mutes as words
from bot.messages.blocks import Message
from bot.messages.refusal import with_hint
from bot.mutes.beginning import begin
from bot.mutes.ending import end_by_hand
from bot.mutes.request import ends_at_of, read_request
from bot.mutes.shown import active_cards
from bot.mutes.unclear import Part, Unclear
from bot.mutes.wish import LONGEST_REASON, Wish, has_left_the_book, scope_of
from bot.viewer import Viewer

_NUMBER = re.compile(r"(?:mute\s*)?#?(?P<id>[1-9][0-9]{0,17})", re.IGNORECASE)


def mute(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Message:
    """`text`: what to mute, until when, and why. The answer is for who asked."""
    if not viewer.is_internal:
        return words.only_our_own()
    if has_left_the_book(viewer, book):
        return words.nothing_to_mute()
    try:
        wish = _wish(session, book, viewer, text, now)
    except Unclear as unclear:
        said = words.unclear(unclear.typed, unclear.why, unclear.nearest)
        may_be_neighbour = viewer.partner_key is not None and unclear.part in _NAMED_IN_CHANNEL
        return with_hint(said) if may_be_neighbour else said
    return begin(session, wish, viewer, book, now)


def unmute(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Message:
    """`text`: the number of a mute."""
    if not viewer.is_internal:
        return words.only_our_own()
    if not text.strip():
        return words.which_mute()
    number = _NUMBER.fullmatch(text.strip())
    if number is None:
        return words.unknown_mute(text)
    return end_by_hand(session, int(number["id"]), viewer, book, now)


def end(session: Session, book: Book, viewer: Viewer, mute_id: int, now: datetime) -> Message:
    """By its button."""
    if not viewer.is_internal:
        return words.only_our_own()
    return end_by_hand(session, mute_id, viewer, book, now)


def listed(session: Session, book: Book, viewer: Viewer, now: datetime) -> Message:
    """Those that hold, and that the person may see; with a button to end each."""
    if viewer.partner_key is None and not viewer.is_internal:
        return errors.not_yours()
    partner = next((p for p in book.partners if p.key == viewer.partner_key), None)
    zone = partner.time_zone if partner else book.time_zone
    cards = active_cards(session, book, viewer, now)
    return words.mutes_list(cards, now, zone, may_end=viewer.is_internal)


def _wish(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Wish:
    request = read_request(text, visible_partners(book, viewer))
    scope = scope_of(session, request, book, viewer)
    ends_at, reason = ends_at_of(request, scope.zone(book), now)
    return Wish(scope, ends_at, reason[:LONGEST_REASON])


_NAMED_IN_CHANNEL = frozenset({Part.PARTNER, Part.SHIPMENT})
"""What may be a neighbour's, and is looked for elsewhere."""
