"""Which cases an alert tells of: one case may be told in several places."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlmodel import Session, SQLModel, col

from storage import alerts
from storage.bulk import BulkInsert, BulkUpdate, Prepared
from storage.statements import in_batches, is_among, is_sqlite
from storage.tables import Alert, AlertCase, Case
from storage.vocabulary import CaseState

_JOIN = BulkInsert(
    SQLModel.metadata.tables["alert_case"],
    ("alert_id", "case_id", "joined_at"),
    lambda insert: insert.on_conflict_do_nothing(index_elements=("alert_id", "case_id")),
)
_OF_CASES = (
    select(col(AlertCase.case_id), Alert)
    .join(Alert, col(Alert.id) == col(AlertCase.alert_id))
    .where(is_among(col(AlertCase.case_id), "cases"))
    .order_by(col(Alert.id))
)
_MEMBERS_OF = (
    select(col(AlertCase.alert_id), Case, col(AlertCase.joined_at), col(AlertCase.told_event_id))
    .join(Case, col(Case.id) == col(AlertCase.case_id))
    .where(is_among(col(AlertCase.alert_id), "alerts"))
    .order_by(col(AlertCase.joined_at), col(Case.id))
)
_MEMBERSHIPS = Prepared(
    select(
        col(AlertCase.alert_id),
        func.count(),
        func.sum(case((col(Case.state) == CaseState.OPEN.value, 1), else_=0)),
        func.max(col(AlertCase.joined_at)),
    )
    .join(Case, col(Case.id) == col(AlertCase.case_id))
    .where(is_among(col(AlertCase.alert_id), "alerts"))
    .group_by(col(AlertCase.alert_id))
)


_NOTE_TOLD = BulkUpdate(
    SQLModel.metadata.tables["alert_case"], ("told_event_id",), ("alert_id", "case_id")
)


@dataclass(frozen=True, slots=True)
class Member:
    """A case in one of the alerts that tell of it."""

    case: Case
    joined_at: datetime
    told_event_id: int
    """The last entry of its history that the alert's thread tells."""


@dataclass(frozen=True, slots=True)
class Membership:
    """How an alert's cases stand."""

    cases: int
    open: int
    """Those that nobody has taken yet."""
    last_joined_at: datetime


def join(session: Session, members: Sequence[tuple[int, int]], now: datetime) -> None:
    """Of each an alert's id and a case's; who is in it already stays as it was."""
    _JOIN.execute(session, [(alert_id, case_id, now) for alert_id, case_id in sorted(members)])


def leave(session: Session, alert_id: int, case_ids: Collection[int]) -> None:
    for batch in in_batches(sorted(case_ids)):
        session.execute(
            delete(AlertCase).where(
                col(AlertCase.alert_id) == alert_id, col(AlertCase.case_id).in_(batch)
            )
        )


def of_cases(session: Session, case_ids: Collection[int]) -> Mapping[int, Sequence[Alert]]:
    """By case, every alert that tells of it, the first one first."""
    found: defaultdict[int, list[Alert]] = defaultdict(list)
    for batch in in_batches(sorted(case_ids)):
        for case_id, alert in session.execute(_OF_CASES, {"cases": batch}):
            found[case_id].append(alert)
    return found


def lock_alerts_of(session: Session, case_ids: Collection[int]) -> Mapping[int, Sequence[Alert]]:
    """The same; nobody else says or changes these alerts before this transaction ends."""
    locked: set[int] = set()
    while True:
        found = of_cases(session, case_ids)
        told = {alert.id for of_case in found.values() for alert in of_case if alert.id}
        if is_sqlite(session) or told <= locked:
            return found
        # Whoever was at them may have merged them into others.
        alerts.lock(session, told - locked)
        locked |= told


def cases_of(session: Session, alert_ids: Collection[int]) -> Mapping[int, Sequence[Case]]:
    """By alert, in the order in which they joined."""
    members = members_of(session, alert_ids)
    return {alert_id: [member.case for member in of_it] for alert_id, of_it in members.items()}


def members_of(session: Session, alert_ids: Collection[int]) -> Mapping[int, Sequence[Member]]:
    """The same, with what the alert has told of each."""
    found: defaultdict[int, list[Member]] = defaultdict(list)
    for batch in in_batches(sorted(alert_ids)):
        for alert_id, *member in session.execute(_MEMBERS_OF, {"alerts": batch}):
            found[alert_id].append(Member(*member))
    return found


def note_told(session: Session, told_event_ids: Mapping[tuple[int, int], int]) -> None:
    """By alert and case, the last entry of the case's history that the alert's thread tells."""
    _NOTE_TOLD.execute(session, [(last, *of) for of, last in sorted(told_event_ids.items())])


def memberships(session: Session, alert_ids: Collection[int]) -> dict[int, Membership]:
    """By alert; one without cases is left out."""
    found: dict[int, Membership] = {}
    for batch in in_batches(sorted(alert_ids)):
        for alert_id, cases, untaken, last in _MEMBERSHIPS.execute(session, alerts=batch):
            found[alert_id] = Membership(cases, untaken, last)
    return found


def move_case(session: Session, moved: Case, *, from_id: int, to_id: int) -> None:
    """It is told in another alert from now on."""
    session.execute(
        update(AlertCase)
        .where(col(AlertCase.alert_id) == from_id, col(AlertCase.case_id) == moved.id)
        .values(alert_id=to_id)
    )
    if moved.alert_id == from_id:
        moved.alert_id = to_id


def move(session: Session, from_ids: Collection[int], to_id: int) -> None:
    """All their cases are told in another alert from now on, and are looked for there."""
    for batch in in_batches(sorted(from_ids)):
        joined = session.execute(
            select(col(AlertCase.case_id), func.min(col(AlertCase.joined_at)))
            .where(col(AlertCase.alert_id).in_(batch))
            .group_by(col(AlertCase.case_id))
        ).all()
        _JOIN.execute(session, [(to_id, case_id, at) for case_id, at in joined])
        session.execute(delete(AlertCase).where(col(AlertCase.alert_id).in_(batch)))
        session.execute(
            update(Case)
            .where(col(Case.alert_id).in_(batch))
            .values(alert_id=to_id)
            .execution_options(synchronize_session="fetch")
        )
