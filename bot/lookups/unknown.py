"""What is answered where nothing fits: the nearest names, and where else to ask.

In a partner's channel a neighbour and a name that never was get the same answer.
"""

from collections.abc import Sequence

from sqlmodel import Session

from bot.book.models import PartnerEntry
from bot.lookups.names import nearest_partners
from bot.messages import errors
from bot.messages.blocks import Message
from bot.messages.refusal import with_hint, with_sources
from bot.viewer import Viewer
from storage import shipments

NEAREST_AT_MOST = 4


def unknown_partner(partners: Sequence[PartnerEntry], viewer: Viewer, typed: str) -> Message:
    names = [partner.name for partner in partners]
    said = errors.unknown_partner(typed, nearest_partners(partners, typed), names)
    return _hinted(said, viewer)


def unknown_shipment(
    session: Session, partners: Sequence[PartnerEntry], viewer: Viewer, typed: str
) -> Message:
    """`typed` may go on after the number: its first word is looked for too."""
    if viewer.partner_key is None and not viewer.is_internal:
        return errors.not_yours()
    words = dict.fromkeys((typed, *typed.split()[:1]))
    near = [
        number for word in words for number in shipments.nearest(session, word, viewer.partner_key)
    ]
    near += nearest_partners(partners, typed)
    said = errors.unknown_shipment(typed, list(dict.fromkeys(near))[:NEAREST_AT_MOST])
    return _hinted(with_sources(said) if viewer.is_internal and not near else said, viewer)


def _hinted(said: Message, viewer: Viewer) -> Message:
    return with_hint(said) if viewer.is_internal and viewer.partner_key is not None else said
