"""/scorecard: a partner's figures of a month."""

import re
from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book, PartnerEntry
from bot.lookups.cases import open_cards
from bot.lookups.names import Named, partner_at_start, visible_partners
from bot.lookups.unknown import unknown_partner
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.scorecard_view import scorecard_view
from bot.scorecards.computing import scorecard
from bot.scorecards.periods import Period, UnknownPeriod, parse_period
from bot.viewer import Viewer

CASES_READ = 5
_A_TIME = re.compile(
    r"\s*(?:\d|(?:last|this|next|previous|past|today|yesterday|week|year|quarter|q[1-4])\b)",
    re.IGNORECASE,
)


def answer(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Message:
    """`text`: a partner, and a month after it. Without a month, the one that runs."""
    partners = visible_partners(book, viewer)
    here = next((p for p in partners if p.key == viewer.partner_key), None)
    if here is None and not text.strip():
        return errors.nothing_typed("/scorecard", [partner.name for partner in partners])
    named = partner_at_start(partners, text)
    try:
        if named is not None:
            return _of(session, book, viewer, named, now)
        if here is not None and _is_meant_as_period(text, here, now):
            return _of(session, book, viewer, Named(here, text), now)
    except UnknownPeriod as unknown:
        return errors.unknown_period(unknown)
    return unknown_partner(partners, viewer, text)


def _of(session: Session, book: Book, viewer: Viewer, named: Named, now: datetime) -> Message:
    partner = named.partner
    period = _period(named.rest, partner, now)
    open_cases, not_read = open_cards(session, book, viewer, partner, now, CASES_READ)
    return scorecard_view(scorecard(session, partner, period, now), open_cases, not_read)


def _is_meant_as_period(text: str, partner: PartnerEntry, now: datetime) -> bool:
    """Where the partner goes without saying. No partner is asked for by a year, or by a week."""
    try:
        _period(text, partner, now)
    except UnknownPeriod:
        return _A_TIME.match(text) is not None
    return True


def _period(text: str, partner: PartnerEntry, now: datetime) -> Period:
    return parse_period(text, now.astimezone(partner.zone).date())
