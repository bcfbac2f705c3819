"""From a case and its rows to what its message shows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.book.models import Book, PartnerEntry
from bot.cases.changes import RULE, cause_in
from bot.cases.handing_over import seen_by_its_partner
from bot.cases.holding import hold_of
from bot.messages.cards import CaseCard, CheckpointLine, MissLine, ShipmentCard
from bot.scorecards.computing import misses
from bot.scorecards.periods import month_of
from storage import cases, checkpoints, shipments, tables
from storage.cases import PastEvent
from storage.checkpoints import ToldCheckpoint
from storage.scorecards import MissedShipment
from storage.shipments import ShownShipment
from storage.vocabulary import (
    CaseAction,
    CaseKind,
    CaseState,
    PromiseBasis,
    Reason,
    Severity,
    SnoozedFor,
    Status,
)

_KnownShipment = tuple[ShownShipment, Sequence[ToldCheckpoint]]

_BY_NOBODY = {CaseAction.CHANGED, CaseAction.HANDED_OVER}
MISSES_SHOWN = 5  # shipments named in the message of a breached term


def case_card(session: Session, case: tables.Case, book: Book, now: datetime) -> CaseCard:
    (card,) = case_cards(session, [case], book, now)
    return card


def case_cards(
    session: Session, shown: Sequence[tables.Case], book: Book, now: datetime
) -> list[CaseCard]:
    """In their order; in a few statements for all of them."""
    histories = cases.histories(session, {_id_of(case) for case in shown})
    return cards_with(session, shown, histories, book, now)


def cards_with(
    session: Session,
    shown: Sequence[tables.Case],
    histories: Mapping[int, Sequence[PastEvent]],
    book: Book,
    now: datetime,
) -> list[CaseCard]:
    """The same for whoever knows their histories already."""
    known = _shipments_of(session, shown)
    return [
        _card(session, case, histories[_id_of(case)], known.get(case.shipment_id), book, now)
        for case in shown
    ]


def _id_of(case: tables.Case) -> int:
    if case.id is None:
        raise ValueError("a case is stored before it is shown")
    return case.id


def _card(
    session: Session,
    case: tables.Case,
    events: Sequence[PastEvent],
    known: _KnownShipment | None,
    book: Book,
    now: datetime,
) -> CaseCard:
    partner = next((p for p in book.partners if p.key == case.partner_key), None)
    # Who took it up is told, not that its severity rose since.
    told = reversed(seen_by_its_partner(events))
    last = next((event for event in told if event.action not in _BY_NOBODY), None)
    explained_by = cause_in(last.note) if last and last.actor == RULE else None
    return CaseCard(
        case_id=_id_of(case),
        kind=CaseKind(case.kind),
        severity=Severity(case.severity),
        state=CaseState(case.state),
        since=case.since,
        opened_at=case.opened_at,
        now=now,
        zone=partner.time_zone if partner else "UTC",
        partner_name=partner.name if partner else None,
        partner_kind=partner.kind if partner else None,
        account_manager=partner.account_manager if partner else None,
        company=book.company,
        facts=case.facts,
        shipment=shipment_card(*known, partner) if known else None,
        handled_by=last.actor if last else None,
        handled_at=last.at if last else None,
        note=last.note if last else None,
        snoozed_until=case.snoozed_until,
        snoozed_for=SnoozedFor(case.snoozed_for or SnoozedFor.TIME),
        times_back=case.times_back,
        clear_since=case.clear_since,
        stays_away_for=hold_of(CaseKind(case.kind), case.times_back),
        resolves_at=_resolves_at(case),
        explained_by=explained_by,
        explained_by_case=_case_of(session, case, explained_by),
        resolved_at=case.resolved_at,
        misses=_misses_of(session, case, partner, now),
    )


def _resolves_at(case: tables.Case) -> datetime | None:
    """When it will have stayed away for long enough; None while the condition holds."""
    if case.clear_since is None:
        return None
    return case.clear_since + hold_of(CaseKind(case.kind), case.times_back)


def _case_of(session: Session, case: tables.Case, kind: CaseKind | None) -> int | None:
    """The latest case of that kind on the same subject."""
    return cases.latest_id(session, case.subject, kind) if kind else None


def shipment_card(
    shipment: tables.Shipment | ShownShipment,
    points: Sequence[tables.Checkpoint | ToldCheckpoint],
    partner: PartnerEntry | None,
) -> ShipmentCard:
    """`points` oldest first, as stored; the card has them newest first."""
    lines = [
        CheckpointLine(
            occurred_at=point.occurred_at,
            status=Status(point.status),
            reason=Reason(point.reason) if point.reason else None,
            text=point.raw_text,
            location=point.location,
        )
        for point in reversed(points)
    ]
    return ShipmentCard(
        tracking_number=shipment.tracking_number,
        status=Status(shipment.status),
        zone=shipment.destination_zone or (partner.time_zone if partner else "UTC"),
        partner_name=partner.name if partner else None,
        reason=Reason(shipment.reason) if shipment.reason else None,
        carrier=shipment.carrier,
        service=shipment.service,
        order_reference=shipment.order_reference,
        origin=shipment.origin,
        destination=shipment.destination,
        value=shipment.value,
        currency=shipment.currency,
        quantity=shipment.quantity,
        ordered_at=shipment.ordered_at,
        announced_at=shipment.announced_at,
        ship_by=shipment.ship_by,
        first_scan_at=shipment.first_scan_at,
        promised_at=shipment.promised_at,
        promise_basis=PromiseBasis(shipment.promise_basis) if shipment.promise_basis else None,
        estimated_at=shipment.estimated_at,
        delivered_at=shipment.delivered_at,
        last_checkpoint=lines[0] if lines else None,
        checkpoints=lines,
    )


def _shipments_of(
    session: Session, shown: Sequence[tables.Case]
) -> dict[int | None, _KnownShipment]:
    """Each with the last checkpoint of its journey."""
    ids = sorted({case.shipment_id for case in shown if case.shipment_id is not None})
    told = checkpoints.told_of_shipments(session, ids)
    return {
        shipment.id: (shipment, told.get(shipment.id, ())[-1:])
        for shipment in shipments.shown_by_ids(session, ids)
    }


def _misses_of(
    session: Session, case: tables.Case, partner: PartnerEntry | None, now: datetime
) -> list[MissLine]:
    if case.kind != CaseKind.TERM_BREACHED or case.partner_key is None:
        return []
    period = month_of(date.fromisoformat(f"{case.facts['period']}-01"))
    found = misses(
        session, case.partner_key, str(case.facts["metric"]), period, now, limit=MISSES_SHOWN
    )
    return [miss_line(miss, partner) for miss in found]


def miss_line(miss: MissedShipment, partner: PartnerEntry | None) -> MissLine:
    return MissLine(
        tracking_number=miss.tracking_number,
        zone=miss.destination_zone or (partner.time_zone if partner else "UTC"),
        order_reference=miss.order_reference,
        destination=miss.destination,
        ordered_at=miss.ordered_at,
        promised_at=miss.promised_at,
        delivered_at=miss.delivered_at,
    )
