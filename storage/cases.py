"""Cases and their history, as rows. What may happen to a case is decided in bot.cases."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, case, func, or_, select
from sqlmodel import Session, col

from storage.statements import among, in_batches
from storage.tables import Case, CaseEvent
from storage.vocabulary import CaseAction, CaseState, Severity

SelectOf = TypeVar("SelectOf", bound=Select[*tuple[Any, ...]])

_WORST_FIRST = (
    case({severity.value: -severity.rank for severity in Severity}, value=col(Case.severity)),
    col(Case.since),
    col(Case.id),
)


def get(session: Session, case_id: int) -> Case | None:
    return session.get(Case, case_id)


def lock(session: Session, case_id: int) -> Case | None:
    """The case as it is now, and nobody else changes it before this transaction ends."""
    return session.get(Case, case_id, with_for_update=True, populate_existing=True)


def add(session: Session, new: Case) -> None:
    """Gives it its id. Raises IntegrityError if its open key is taken: see `open_by_key`."""
    add_many(session, [new])


def add_many(session: Session, new: Sequence[Case]) -> None:
    """The same for many, in their order."""
    session.add_all(new)
    session.flush()


def open_by_key(session: Session, keys: Collection[str]) -> dict[str, Case]:
    """By open key, locked against others until the transaction ends."""
    found: dict[str, Case] = {}
    for batch in in_batches(sorted(set(keys))):
        for row in session.scalars(
            select(Case)
            .where(col(Case.open_key).in_(batch))
            .order_by(col(Case.id))
            .with_for_update()
        ):
            if row.open_key is not None:
                found[row.open_key] = row
    return found


def open_of_subjects(session: Session, subjects: Collection[str]) -> dict[str, list[Case]]:
    """Those that hold an open key, by subject, locked against others until the transaction ends.
    A subject without any is left out."""
    found: dict[str, list[Case]] = {}
    for batch in in_batches(sorted(set(subjects))):
        for row in session.scalars(
            select(Case)
            .where(among(session, col(Case.subject), batch), col(Case.open_key).is_not(None))
            .order_by(col(Case.id))
            .with_for_update()
        ):
            found.setdefault(row.subject, []).append(row)
    return found


def resolved_since(session: Session, subjects: Collection[str], since: datetime) -> list[Case]:
    """Oldest first; locked against others until the transaction ends."""
    found: list[Case] = []
    for batch in in_batches(sorted(subjects)):
        found.extend(
            session.scalars(
                select(Case)
                .where(
                    among(session, col(Case.subject), batch),
                    col(Case.open_key).is_(None),
                    col(Case.resolved_at) >= since,
                )
                .order_by(col(Case.resolved_at), col(Case.id))
                .with_for_update()
            )
        )
    return found


def open_of_kind(session: Session, partner_key: str, kind: str) -> list[Case]:
    """Those whose condition holds."""
    return list(
        session.scalars(
            select(Case)
            .where(
                col(Case.partner_key) == partner_key,
                col(Case.kind) == kind,
                col(Case.open_key).is_not(None),
            )
            .order_by(col(Case.id))
        )
    )


def list_open(session: Session, partner_key: str | None, limit: int = 100) -> list[Case]:
    """Not resolved; worst first, then the longest lasting. None: of all partners, and of none."""
    statement = _open(select(Case), partner_key).order_by(*_WORST_FIRST)
    return list(session.scalars(statement.limit(limit)))


def count_open(session: Session, partner_key: str | None) -> int:
    return session.scalars(_open(select(func.count()).select_from(Case), partner_key)).one()


def count_open_by_partner(session: Session) -> dict[str | None, int]:
    rows = session.execute(
        _open(select(col(Case.partner_key), func.count()), None).group_by(col(Case.partner_key))
    )
    return {row[0]: row[1] for row in rows}


def of_shipment(session: Session, shipment_id: int) -> list[Case]:
    """Open and resolved, the newest first."""
    return list(
        session.scalars(
            select(Case)
            .where(col(Case.shipment_id) == shipment_id)
            .order_by(col(Case.opened_at).desc(), col(Case.id).desc())
        )
    )


def latest_id(session: Session, subject: str, kind: str) -> int | None:
    """Of the last one opened, be it resolved."""
    return session.scalar(
        select(func.max(col(Case.id))).where(col(Case.subject) == subject, col(Case.kind) == kind)
    )


def hand_over(session: Session, shipment_id: int, partner_key: str, now: datetime) -> list[Case]:
    """Makes what is open of the shipment this partner's; returns it. The rest stays where it was:
    a case resolved by hand whose condition holds is open in this sense."""
    found = list(
        session.scalars(
            select(Case)
            .where(
                col(Case.shipment_id) == shipment_id,
                or_(col(Case.open_key).is_not(None), col(Case.state) != CaseState.RESOLVED),
            )
            .order_by(col(Case.id))
            .with_for_update()
        )
    )
    for row in found:
        row.partner_key, row.changed_at = partner_key, now
    session.flush()
    return found


def add_event(
    session: Session,
    case_id: int,
    at: datetime,
    actor: str,
    action: CaseAction,
    note: str | None = None,
) -> CaseEvent:
    """It gets its id with all else that is written next."""
    event = CaseEvent(case_id=case_id, at=at, actor=actor, action=action, note=note)
    session.add(event)
    return event


def history(session: Session, case_id: int) -> list[CaseEvent]:
    """Oldest first."""
    return list(
        session.scalars(
            select(CaseEvent).where(col(CaseEvent.case_id) == case_id).order_by(col(CaseEvent.id))
        )
    )


def histories(session: Session, case_ids: Collection[int]) -> Mapping[int, Sequence[CaseEvent]]:
    """By case, oldest first."""
    found: defaultdict[int, list[CaseEvent]] = defaultdict(list)
    for batch in in_batches(sorted(case_ids)):
        for event in session.scalars(
            select(CaseEvent).where(col(CaseEvent.case_id).in_(batch)).order_by(col(CaseEvent.id))
        ):
            found[event.case_id].append(event)
    return found


def _open(statement: SelectOf, partner_key: str | None) -> SelectOf:
    statement = statement.where(col(Case.state) != CaseState.RESOLVED)
    if partner_key is None:
        return statement
    return statement.where(col(Case.partner_key) == partner_key)
