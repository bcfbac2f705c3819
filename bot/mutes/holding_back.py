"""What is not said because a mute holds it back. It is noticed all the same."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.lanes import lane_of
from storage import due, mutes, shipments
from storage.tables import Case, Mute, Shipment
from storage.vocabulary import CaseKind, CaseState, DueKind


def held_back(session: Session, unsaid: Sequence[Case], now: datetime) -> dict[int, int]:
    """The mute that holds each of these cases back, by their ids; the others are to be said.

    For cases that were never said, whatever happened to them. Of several mutes that cover one, the
    one that ends last. What a person asked an answer for is never held back. What was held back
    stays so until the end of its mute is told, and for good if it is over by then.

    None of the mutes ends before this transaction does: whoever ends one sees its cases.
    """
    quiet = [case for case in unsaid if not _was_asked_for(case)]
    if not quiet:
        return {}
    held = _still_held(session, quiet)
    others = [case for case in quiet if case.id not in held]
    active = mutes.active_for(session, {case.partner_key for case in others}, now)
    for case, shipment in _with_shipments(session, others) if active else ():
        mute = longest_over(active, case, shipment)
        if mute is not None and mute.id is not None and case.id is not None:
            held[case.id] = mute.id
    return held


def longest_over(active: Collection[Mute], case: Case, shipment: Shipment | None) -> Mute | None:
    """Of those that cover the case, the one that ends last."""
    covering = [mute for mute in active if covers(mute, case, shipment)]
    return max(covering, key=lambda mute: (mute.ends_at, mute.id or 0), default=None)


def covers(mute: Mute, case: Case, shipment: Shipment | None) -> bool:
    """All that is given must hold, and something is given."""
    return (
        (mute.kind is None or mute.kind == case.kind)
        and (mute.partner_key is None or mute.partner_key == case.partner_key)
        and (mute.shipment_id is None or mute.shipment_id == case.shipment_id)
        and (mute.lane is None or _is_lane(mute.lane, lane_of(shipment)))
        and (mute.kind, mute.partner_key, mute.shipment_id, mute.lane) != (None,) * 4
    )


def _is_lane(wanted: str, lane: str | None) -> bool:
    return lane is not None and lane.casefold() == wanted.casefold()


def _was_asked_for(case: Case) -> bool:
    return case.kind == CaseKind.ESCALATION or case.state == CaseState.ESCALATED


def _still_held(session: Session, unsaid: Sequence[Case]) -> dict[int, int]:
    """What was held back before, by its mute."""
    before = [case for case in unsaid if case.muted_by is not None]
    if not before:
        return {}
    known = mutes.by_ids(session, {case.muted_by for case in before if case.muted_by})
    untold = due.due_at_of(session, DueKind.END_MUTE, [str(each) for each in sorted(known)])
    held: dict[int, int] = {}
    for case, shipment in _with_shipments(session, before):
        mute = known.get(case.muted_by or 0)
        if mute is None or mute.id is None or case.id is None or not covers(mute, case, shipment):
            continue
        if str(mute.id) in untold or case.state == CaseState.RESOLVED:
            held[case.id] = mute.id
    return held


def _with_shipments(
    session: Session, cases: Sequence[Case]
) -> Iterator[tuple[Case, Shipment | None]]:
    ids = sorted({case.shipment_id for case in cases if case.shipment_id is not None})
    known = shipments.by_ids(session, ids)
    return ((case, known.get(case.shipment_id or 0)) for case in cases)
