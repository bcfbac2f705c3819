"""/escalate: what is meant, as people name it, and escalating it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.alerts.links import permalinks
from bot.alerts.planning import plan
from bot.book.models import Book, PartnerEntry
from bot.cases import acting
from bot.cases.changes import CaseChange, open_key
from bot.cases.on_request import carry_out, refusal
from bot.cases.states import Refused
from bot.lookups.case_names import case_at_start
from bot.lookups.cases import open_cases_of
from bot.lookups.names import beginnings, partner_at_start, visible_partners
from bot.lookups.shipments import find
from bot.lookups.unknown import unknown_shipment
from bot.messages import errors, notices
from bot.messages.blocks import Message
from bot.messages.cards import case_reference
from bot.viewer import Viewer
from storage import cases, partners
from storage.tables import Case, Shipment
from storage.vocabulary import CaseKind, CaseState

LONGEST_REASON = 2000  # characters; of a longer one the beginning is kept
GROUPS_OF_A_NUMBER = 6  # a number may be typed as `1Z 999 AA1 ...`


@dataclass(frozen=True, slots=True)
class _Asking:
    book: Book
    viewer: Viewer
    now: datetime


def escalate(session: Session, book: Book, viewer: Viewer, text: str, now: datetime) -> Message:
    """Escalates the case that is named, or the worst open one of the shipment that is; where
    there is none, the shipment or the partner as such. The words for the partner's channel go
    into the same transaction; the answer is for who asked."""
    asking = _Asking(book, viewer, now)
    text = text.strip()
    if not text:
        return errors.nothing_typed("/escalate")
    named_case = case_at_start(text)
    case = cases.get(session, named_case.case_id) if named_case else None
    if named_case and case is not None and viewer.may_see(case.partner_key):
        return _case(session, case, named_case.rest, asking)
    visible = visible_partners(book, viewer)
    named_partner = partner_at_start(visible, text)
    if named_partner is not None:
        return _partner(session, named_partner.partner, named_partner.rest, asking)
    found, number, reason = _shipments(session, viewer, text)
    if found:
        return _of_shipments(session, found, number, reason, asking)
    if named_case:
        return errors.unknown_case(case_reference(named_case.case_id))
    return unknown_shipment(session, visible, viewer, text)


def names_something(session: Session, book: Book, viewer: Viewer, text: str) -> bool:
    """Whether it begins with a case, a partner or a shipment, or with what is meant as a number."""
    text = text.strip()
    if any(character.isdigit() for character in text.partition(" ")[0]):
        return True  # perhaps misspelt: then it says so
    if partner_at_start(visible_partners(book, viewer), text) is not None:
        return True
    return bool(case_at_start(text) or _shipments(session, viewer, text)[0])


def _of_shipments(
    session: Session, found: Sequence[Shipment], number: str, reason: str, asking: _Asking
) -> Message:
    if len(found) > 1:
        told_apart = [_told_apart(shipment, asking.book) for shipment in found]
        return errors.ambiguous(number, [each.tracking_number for each in found], told_apart)
    return _shipment(session, found[0], reason, asking)


def _case(session: Session, case: Case, reason: str, asking: _Asking) -> Message:
    if case.id is None:
        raise ValueError("a case is stored before it is escalated")
    if not reason:
        return errors.reason_missing(case_reference(case.id))
    return _escalate(session, case, reason, asking)


def _shipment(session: Session, shipment: Shipment, reason: str, asking: _Asking) -> Message:
    if shipment.id is None:
        raise ValueError("a shipment is stored before it is escalated")
    if not reason:
        return errors.reason_missing(shipment.tracking_number)
    open_cases = open_cases_of(session, shipment.id)
    if open_cases:
        calm = [case for case in open_cases if case.state != CaseState.ESCALATED]
        return _escalate(session, (calm or open_cases)[0], reason, asking)
    return _new(
        session, f"shipment:{shipment.id}", shipment.partner_key, shipment.id, reason, asking
    )


def _partner(session: Session, partner: PartnerEntry, reason: str, asking: _Asking) -> Message:
    if not reason:
        return errors.reason_missing(partner.name)
    return _new(session, f"partner:{partner.key}", partner.key, None, reason, asking)


def _escalate(session: Session, case: Case, reason: str, asking: _Asking) -> Message:
    if case.id is None:
        raise ValueError("a case is stored before it is escalated")

    def deed(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
        return acting.escalate(session, case_id, viewer, now, _kept(reason))

    declined = carry_out(session, deed, case.id, asking.viewer, asking.book, asking.now)
    return declined or _done(session, case, asking)


def _new(
    session: Session,
    subject: str,
    partner_key: str,
    shipment_id: int | None,
    reason: str,
    asking: _Asking,
) -> Message:
    try:
        change = acting.open_escalation(
            session, subject, partner_key, shipment_id, asking.viewer, asking.now, _kept(reason)
        )
    except Refused as refused:
        key = open_key(CaseKind.ESCALATION, subject)
        known = cases.open_by_key(session, [key])[key]
        return refusal(session, known.id or 0, str(refused), asking.book, asking.now)
    plan(session, [change], asking.book, asking.now)
    return _done(session, change.case, asking)


def _done(session: Session, case: Case, asking: _Asking) -> Message:
    entry = next((p for p in asking.book.partners if p.key == case.partner_key), None)
    row = partners.get(session, case.partner_key) if case.partner_key else None
    return notices.escalated(
        case.id or 0,
        entry.account_manager if entry else None,
        row.channel if row else asking.book.ops_channel,
        permalinks(session, [case]).get(case.id),
    )


def _shipments(session: Session, viewer: Viewer, text: str) -> tuple[Sequence[Shipment], str, str]:
    """Those that the beginning of the text names, that beginning, and the rest. The whole first
    word, then as many words as look like groups of one number."""
    cuts = [cut for cut in beginnings(text) if len(cut[0].split()) <= GROUPS_OF_A_NUMBER]
    for number, reason in reversed(cuts):
        words = number.split()
        if len(words) > 1 and not any(character.isdigit() for character in words[-1]):
            break
        found = find(session, viewer, number)
        if found:
            return found, number, reason
    return (), text, ""


def _told_apart(shipment: Shipment, book: Book) -> str:
    partner = next((p.name for p in book.partners if p.key == shipment.partner_key), "")
    order = f", order {shipment.order_reference}" if shipment.order_reference else ""
    return f"{shipment.tracking_number} ({partner}{order})"


def _kept(reason: str) -> str:
    return reason.strip(" \t\n:,")[:LONGEST_REASON]
