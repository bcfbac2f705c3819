"""Cases and their history, as rows. What may happen to a case is decided in bot.cases."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, bindparam, case, func, or_, select
from sqlmodel import Session, SQLModel, col

from storage.bulk import BulkSelect, Prepared
from storage.statements import in_batches, is_among
from storage.tables import AlertCase, Case, CaseEvent
from storage.vocabulary import CaseAction, CaseState, Severity

SelectOf = TypeVar("SelectOf", bound=Select[*tuple[Any, ...]])

WORST_FIRST = (
    case({severity.value: -severity.rank for severity in Severity}, value=col(Case.severity)),
    col(Case.since),
    col(Case.id),
)
_BY_IDS = select(Case).where(is_among(col(Case.id), "ids"))
_BY_OPEN_KEY = (
    select(Case)
    .where(is_among(col(Case.open_key), "keys"))
    .order_by(col(Case.id))
    .with_for_update()
)
_OPEN_OF_SUBJECTS = (
    select(Case)
    .where(is_among(col(Case.subject), "subjects"), col(Case.open_key).is_not(None))
    .order_by(col(Case.id))
    .with_for_update()
)
_RESOLVED_SINCE = (
    select(Case)
    .where(
        # That they hold no open key is seen when they are read: nearly no case of all time holds
        # one, and the database would look for them by that.
        is_among(col(Case.subject), "subjects"),
        col(Case.resolved_at) >= bindparam("since"),
    )
    .order_by(col(Case.resolved_at), col(Case.id))
    .with_for_update()
)


class PastEvent(NamedTuple):
    """An entry of a case's history, as plain data."""

    id: int
    case_id: int
    at: datetime
    actor: str
    action: str
    note: str | None


_EVENT = SQLModel.metadata.tables["case_event"]
_HISTORIES = BulkSelect(_EVENT, PastEvent._fields, PastEvent._make, key="case_id", order_by=("id",))
_EVENTS_AFTER = Prepared(
    select(*(_EVENT.c[name] for name in PastEvent._fields))
    .where(_EVENT.c.id > bindparam("last_id"))
    .order_by(_EVENT.c.id)
)


def get(session: Session, case_id: int) -> Case | None:
    return session.get(Case, case_id)


def by_ids(session: Session, case_ids: Collection[int]) -> dict[int, Case]:
    """Unknown ids are left out."""
    found: dict[int, Case] = {}
    for batch in in_batches(sorted(case_ids)):
        for row in session.scalars(_BY_IDS, {"ids": batch}):
            if row.id is not None:
                found[row.id] = row
    return found


def lock(session: Session, case_id: int) -> Case | None:
    """The case as it is now, and nobody else changes it before this transaction ends."""
    return session.get(Case, case_id, with_for_update=True, populate_existing=True)


def lock_told_in(session: Session, alert_id: int) -> list[tuple[Case, datetime]]:
    """All cases that an alert tells of, each with when it joined; nobody else changes them before
    this transaction ends."""
    return [
        (row, joined_at)
        for row, joined_at in session.execute(
            select(Case, col(AlertCase.joined_at))
            .join(AlertCase, col(AlertCase.case_id) == col(Case.id))
            .where(col(AlertCase.alert_id) == alert_id)
            .order_by(col(Case.id))
            .with_for_update(of=Case)
            .execution_options(populate_existing=True)
        )
    ]


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
        for row in session.scalars(_BY_OPEN_KEY, {"keys": batch}):
            if row.open_key is not None:
                found[row.open_key] = row
    return found


def open_of_subjects(session: Session, subjects: Collection[str]) -> dict[str, list[Case]]:
    """Those that hold an open key, by subject, locked against others until the transaction ends.
    A subject without any is left out."""
    found: dict[str, list[Case]] = {}
    for batch in in_batches(sorted(set(subjects))):
        for row in session.scalars(_OPEN_OF_SUBJECTS, {"subjects": batch}):
            found.setdefault(row.subject, []).append(row)
    return found


def resolved_since(session: Session, subjects: Collection[str], since: datetime) -> list[Case]:
    """Oldest first; locked against others until the transaction ends."""
    found: list[Case] = []
    for batch in in_batches(sorted(subjects)):
        of_batch = session.scalars(_RESOLVED_SINCE, {"subjects": batch, "since": since})
        found.extend(row for row in of_batch if row.open_key is None)
    return found


def open_of_kind(session: Session, partner_key: str, kind: str) -> list[Case]:
    """Those whose condition holds, locked against others until the transaction ends."""
    return list(
        session.scalars(
            select(Case)
            .where(
                col(Case.partner_key) == partner_key,
                col(Case.kind) == kind,
                col(Case.open_key).is_not(None),
            )
            .order_by(col(Case.id))
            .with_for_update()
        )
    )


def unresolved_of_others(session: Session, partner_keys: Collection[str]) -> list[Case]:
    """Not resolved, and of partners that are none of these; locked against others until the
    transaction ends."""
    return list(
        session.scalars(
            select(Case)
            .where(
                col(Case.partner_key).not_in(sorted(partner_keys)),
                col(Case.state) != CaseState.RESOLVED,
            )
            .order_by(col(Case.id))
            .with_for_update()
        )
    )


def unresolved_of_kinds(session: Session, kinds: Collection[str]) -> list[Case]:
    """Not resolved; locked against others until the transaction ends."""
    return list(
        session.scalars(
            select(Case)
            .where(col(Case.kind).in_(sorted(kinds)), col(Case.state) != CaseState.RESOLVED)
            .order_by(col(Case.id))
            .with_for_update()
        )
    )


def list_open(session: Session, partner_key: str | None, limit: int = 100) -> list[Case]:
    """Not resolved; worst first, then the longest lasting. None: of all partners, and of none."""
    statement = _open(select(Case), partner_key).order_by(*WORST_FIRST)
    return list(session.scalars(statement.limit(limit)))


def count_open(session: Session, partner_key: str | None) -> int:
    return session.scalars(_open(select(func.count()).select_from(Case), partner_key)).one()


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


def histories(session: Session, case_ids: Collection[int]) -> Mapping[int, Sequence[PastEvent]]:
    """By case, oldest first, as plain data: many times as quickly."""
    found: defaultdict[int, list[PastEvent]] = defaultdict(list)
    for event in _HISTORIES.execute(session, sorted(case_ids)):
        found[event.case_id].append(event)
    return found


def events_after(session: Session, last_id: int) -> list[PastEvent]:
    """What happened to any case since the event with that id, oldest first."""
    return [PastEvent._make(row) for row in _EVENTS_AFTER.execute(session, last_id=last_id)]


def _open(statement: SelectOf, partner_key: str | None) -> SelectOf:
    statement = statement.where(col(Case.state) != CaseState.RESOLVED)
    if partner_key is None:
        return statement
    return statement.where(col(Case.partner_key) == partner_key)
