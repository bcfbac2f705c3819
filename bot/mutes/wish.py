"""What is to be muted, as the database knows it: the lane as orders write it, the shipment."""

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlmodel import Session

from bot.alerts.lanes import lane
from bot.book.models import Book, PartnerEntry
from bot.lookups import shipments as looked_up
from bot.lookups.names import folded
from bot.messages.mutes import LEFT_THE_BOOK
from bot.mutes.request import Request
from bot.mutes.unclear import Part, Unclear
from bot.viewer import Viewer
from storage import shipments
from storage.tables import Mute, Shipment
from storage.vocabulary import CaseKind

LANES_LOOKED_AT = 5_000  # of the latest shipments
LANES_SUGGESTED = 3
LONGEST_REASON = 600  # characters; of a longer one the beginning is kept
_ALIKE = 0.6  # of difflib's ratio


@dataclass(frozen=True, slots=True)
class Scope:
    """All that is given must hold; something is given."""

    partner: PartnerEntry | None = None
    kind: CaseKind | None = None
    lane: str | None = None
    shipment: Shipment | None = None

    def zone(self, book: Book) -> str:
        """That its times are told in."""
        return self.partner.time_zone if self.partner else book.time_zone

    def is_that_of(self, mute: Mute) -> bool:
        mine = (
            self.partner.key if self.partner else None,
            self.kind,
            self.lane,
            self.shipment.id if self.shipment else None,
        )
        return mine == (mute.partner_key, mute.kind, mute.lane, mute.shipment_id)


@dataclass(frozen=True, slots=True)
class Wish:
    scope: Scope
    ends_at: datetime
    reason: str


def has_left_the_book(viewer: Viewer, book: Book) -> bool:
    """The partner in whose channel it is asked."""
    here = viewer.partner_key
    return here is not None and here not in {partner.key for partner in book.partners}


def scope_of(session: Session, request: Request, book: Book, viewer: Viewer) -> Scope:
    """What is meant, within what the person may see: in a partner's channel, that partner alone.
    Raises Unclear."""
    partner = request.partner
    if partner is None and viewer.partner_key is not None:
        if has_left_the_book(viewer, book):
            raise Unclear(Part.PARTNER, LEFT_THE_BOOK)
        partner = next((p for p in book.partners if p.key == viewer.partner_key), None)
    if request.kind is CaseKind.ESCALATION:
        raise Unclear(
            Part.KIND, "Escalations are always said: somebody asked for an answer.", nearest=()
        )
    shipment = None
    if request.number:
        shipment = _shipment(session, request.number, partner, viewer)
        partner = next((p for p in book.partners if p.key == shipment.partner_key), partner)
    scope = Scope(
        partner=partner,
        kind=request.kind,
        lane=_lane(session, request.lane, partner) if request.lane else None,
        shipment=shipment,
    )
    if scope == Scope():
        raise Unclear(
            Part.PARTNER, "What is to be muted? Name a partner, a kind, a lane or a shipment."
        )
    return scope


def _shipment(
    session: Session, number: str, partner: PartnerEntry | None, viewer: Viewer
) -> Shipment:
    found = [
        shipment
        for shipment in looked_up.find(session, viewer, number)
        or looked_up.find_of_case(session, viewer, number)
        if partner is None or shipment.partner_key == partner.key
    ]
    if not found:
        key = partner.key if partner else viewer.partner_key
        near = shipments.nearest(session, number, key)
        raise Unclear(Part.SHIPMENT, "is no shipment or order that I know.", number, near)
    if len(found) > 1:
        numbers = list(dict.fromkeys(shipment.tracking_number for shipment in found))
        why = "is the number of several shipments: name the partner, too."
        if len(numbers) > 1:
            why = "names several shipments: which one?"
        raise Unclear(Part.SHIPMENT, why, number, numbers[:LANES_SUGGESTED])
    return found[0]


def _lane(session: Session, typed: str, partner: PartnerEntry | None) -> str:
    """As the orders write it."""
    key = partner.key if partner else None
    known: dict[str, str] = {}
    for origin, destination in shipments.recent_lanes(session, key, LANES_LOOKED_AT):
        known.setdefault(_folded(lane(origin, destination)), lane(origin, destination))
    meant = known.get(_folded(typed))
    if meant is not None:
        return meant
    near = get_close_matches(_folded(typed), known, n=LANES_SUGGESTED, cutoff=_ALIKE)
    whose = "this partner's" if partner else "any partner's"
    why = f"is not among {whose} lanes of late."
    raise Unclear(
        Part.LANE, why, typed, [known[each] for each in near or list(known)[:LANES_SUGGESTED]]
    )


def _folded(lane_named: str) -> str:
    return " → ".join(folded(end) for end in lane_named.split(" → "))
