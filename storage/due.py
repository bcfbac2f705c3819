"""What is due, and who is at it. A claim is a lease: a crashed process's work comes back.

A claim moves `due_at` to the end of the lease. Completing it is conditional on owner and `due_at`
unchanged, so whoever reschedules the subject meanwhile wins. What is done within the transaction
that found it due needs no lease: it is taken, and settled.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, text, update
from sqlmodel import Session, SQLModel, col

from storage.bulk import BulkInsert, BulkSelect, BulkUpdate, Prepared
from storage.statements import in_batches, is_among, is_sqlite
from storage.tables import Due
from storage.vocabulary import DueKind

_TABLE = SQLModel.metadata.tables["due"]
_KEY = ("kind", "subject")
_RESCHEDULE = BulkInsert(
    _TABLE,
    (*_KEY, "due_at", "owner", "attempt"),
    lambda insert: insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={name: insert.excluded[name] for name in ("due_at", "owner", "attempt")},
    ),
)
_SCHEDULE_EARLIER = BulkInsert(
    _TABLE,
    (*_KEY, "due_at", "owner", "attempt"),
    lambda insert: insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={name: insert.excluded[name] for name in ("due_at", "owner", "attempt")},
        where=_TABLE.c.due_at > insert.excluded.due_at,
    ),
)
_DONE_AT: BulkSelect[tuple[str, datetime | None]] = BulkSelect(
    _TABLE, ("subject", "done_at"), tuple, key="subject", equal=("kind",)
)
_DUE_AT: BulkSelect[tuple[str, datetime, int]] = BulkSelect(
    # With the attempt, which nobody asks for: the index that has all the rest would be read from
    # one end of its kind to the other.
    _TABLE,
    ("subject", "due_at", "attempt"),
    tuple,
    key="subject",
    equal=("kind",),
)
_MOVE = BulkUpdate(_TABLE, ("due_at", "owner", "attempt"), _KEY)
_MOVE_DONE = BulkUpdate(_TABLE, ("due_at", "owner", "attempt", "done_at"), _KEY)
_SCHEDULE_MISSING = BulkInsert(
    _TABLE,
    (*_KEY, "due_at", "owner", "attempt"),
    lambda insert: insert.on_conflict_do_nothing(index_elements=_KEY),
)
# Said with literals, so that the databases can see that the partial index holds them all.
FAILING = text("owner IS NULL AND attempt > 0")
_IS_KIND = _TABLE.c.kind == bindparam("of_kind")
_ARE_THESE = is_among(_TABLE.c.subject, "subjects")
_CLAIMABLE = Prepared(
    select(_TABLE.c.subject, _TABLE.c.attempt)
    .where(_IS_KIND, _TABLE.c.due_at <= bindparam("now"))
    .order_by(_TABLE.c.due_at, _TABLE.c.subject)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_TAKE = Prepared(
    # Nothing that the index has not: the rows of many subjects lie far apart.
    select(_TABLE.c.subject)
    .where(_IS_KIND, _TABLE.c.due_at <= bindparam("now"))
    .order_by(_TABLE.c.due_at, _TABLE.c.subject)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = Prepared(
    update(_TABLE)
    .where(_IS_KIND, _ARE_THESE)
    .values(due_at=bindparam("until"), owner=bindparam("for_owner"), attempt=_TABLE.c.attempt + 1)
)
_LOCK = Prepared(
    select(_TABLE.c.subject)
    .where(_IS_KIND, _ARE_THESE)
    .order_by(_TABLE.c.subject)
    .with_for_update()
)
_LOCK_DUE = Prepared(
    select(func.count()).select_from(
        select(_TABLE.c.subject)
        .where(_IS_KIND, _TABLE.c.due_at <= bindparam("now"))
        .order_by(_TABLE.c.subject)
        .with_for_update()
        .subquery()
    )
)
_PUT_OFF = Prepared(
    update(_TABLE)
    .where(_IS_KIND, _ARE_THESE)
    .values(due_at=bindparam("until"), owner=None, attempt=_TABLE.c.attempt + 1)
)
_STILL_HELD = Prepared(
    select(_TABLE.c.subject)
    .where(
        _IS_KIND,
        _ARE_THESE,
        _TABLE.c.owner == bindparam("of_owner"),
        _TABLE.c.due_at == bindparam("token"),
    )
    .order_by(_TABLE.c.subject)
    .with_for_update()
)
_DELETE = Prepared(delete(_TABLE).where(_IS_KIND, _ARE_THESE))


@dataclass(frozen=True, slots=True)
class ClaimedDue:
    kind: DueKind
    subject: str
    attempt: int
    """1 for the first try; counts claims since it was last scheduled or finished."""
    owner: str
    token: datetime
    """The end of the lease, which is `due_at` until somebody else changes it."""


def schedule(session: Session, kind: DueKind, subject: str, due_at: datetime) -> None:
    """Makes the subject due then, whatever was planned and whoever was at it."""
    schedule_many(session, kind, {subject: due_at})


def schedule_many(session: Session, kind: DueKind, due_at: dict[str, datetime]) -> None:
    """The same for many, by subject."""
    if not due_at:
        return
    subjects = sorted(due_at)
    lock(session, kind, subjects)
    _RESCHEDULE.execute(session, [(kind.value, each, due_at[each], None, 0) for each in subjects])


def schedule_earlier(session: Session, kind: DueKind, subject: str, due_at: datetime) -> None:
    """Makes the subject due then, unless it is due before. A lease that ends later is broken."""
    schedule_earlier_many(session, kind, {subject: due_at})


def schedule_earlier_many(session: Session, kind: DueKind, due_at: dict[str, datetime]) -> None:
    """The same for many, by subject."""
    if not due_at:
        return
    subjects = sorted(due_at)
    lock(session, kind, subjects)
    _SCHEDULE_EARLIER.execute(
        session, [(kind.value, each, due_at[each], None, 0) for each in subjects]
    )


def planned_between(session: Session, kind: DueKind, after: datetime, until: datetime) -> list[str]:
    """The subjects that come due then, `until` included, and that nobody is at."""
    return list(
        session.scalars(
            select(col(Due.subject))
            .where(
                col(Due.kind) == kind,
                col(Due.due_at) > after,
                col(Due.due_at) <= until,
                col(Due.owner).is_(None),
            )
            .order_by(col(Due.subject))
        )
    )


def schedule_missing(session: Session, kind: DueKind, due_at: dict[str, datetime]) -> None:
    """Makes those subjects due that are not in the table; leaves the others alone."""
    if not due_at:
        return
    _SCHEDULE_MISSING.execute(
        session, [(kind.value, each, due_at[each], None, 0) for each in sorted(due_at)]
    )


def claim(
    session: Session, kind: DueKind, now: datetime, owner: str, lease: timedelta, limit: int
) -> list[ClaimedDue]:
    """The longest due first, at most `limit`; nobody else gets them until the lease runs out."""
    until = (now + lease).astimezone(UTC)
    claimed = [
        ClaimedDue(kind, subject, attempt + 1, owner, until)
        for subject, attempt in _CLAIMABLE.execute(
            session, of_kind=kind.value, now=now.astimezone(UTC), at_most=limit
        )
    ]
    for batch in in_batches([one.subject for one in claimed]):
        _CLAIM.execute(session, of_kind=kind.value, subjects=batch, until=until, for_owner=owner)
    return claimed


def take(session: Session, kind: DueKind, now: datetime, limit: int) -> list[str]:
    """The longest due first, at most `limit`. Nobody else gets them before this transaction ends,
    which has to settle them."""
    found = _TAKE.execute(session, of_kind=kind.value, now=now.astimezone(UTC), at_most=limit)
    return [subject for (subject,) in found]


def settle(session: Session, kind: DueKind, next_due_at: Mapping[str, datetime | None]) -> None:
    """What this transaction took is done: each is due again then, or never."""
    subjects = sorted(next_due_at)
    _delete(session, kind, [each for each in subjects if next_due_at[each] is None])
    _MOVE.execute(
        session,
        [
            (at.astimezone(UTC), None, 0, kind.value, subject)
            for subject in subjects
            if (at := next_due_at[subject]) is not None
        ],
    )


def put_off(session: Session, kind: DueKind, taken: Sequence[str], until: datetime) -> None:
    """What this transaction took could not be done: it is due again then, and has failed once
    more."""
    for batch in in_batches(sorted(taken)):
        _PUT_OFF.execute(session, of_kind=kind.value, subjects=batch, until=until.astimezone(UTC))


def finish(session: Session, claimed: ClaimedDue, next_due_at: datetime | None) -> bool:
    """Done: due again then, or never. False if it was taken or rescheduled meanwhile."""
    return bool(finish_many(session, [(claimed, next_due_at)]))


def finish_many(
    session: Session,
    finished: Sequence[tuple[ClaimedDue, datetime | None]],
    done_at: datetime | None = None,
) -> list[ClaimedDue]:
    """The same for many; returns those that were still ours, and are finished now. `done_at` is
    kept where somebody will want to know it: see the function of that name."""
    next_due_at = {(claimed.kind, claimed.subject): at for claimed, at in finished}
    ours = _still_ours(session, [claimed for claimed, _ in finished])
    over: defaultdict[DueKind, list[str]] = defaultdict(list)
    again: list[tuple[datetime, DueKind, str]] = []
    for claimed in ours:
        at = next_due_at[claimed.kind, claimed.subject]
        if at is None:
            over[claimed.kind].append(claimed.subject)
        else:
            again.append((at.astimezone(UTC), claimed.kind, claimed.subject))
    for kind, subjects_over in over.items():
        _delete(session, kind, subjects_over)
    if done_at is None:
        _MOVE.execute(session, [(at, None, 0, kind.value, subject) for at, kind, subject in again])
    else:
        done = done_at.astimezone(UTC)
        _MOVE_DONE.execute(
            session, [(at, None, 0, done, kind.value, subject) for at, kind, subject in again]
        )
    return ours


def put_back(session: Session, claimed: ClaimedDue, due_at: datetime) -> bool:
    """Not done: to be tried again then, and the attempts go on counting."""
    return bool(put_back_many(session, [claimed], due_at))


def put_back_many(
    session: Session, claimed: Sequence[ClaimedDue], due_at: datetime
) -> list[ClaimedDue]:
    """The same for many; returns those that were still ours."""
    ours = _still_ours(session, claimed)
    at = due_at.astimezone(UTC)
    _MOVE.execute(session, [(at, None, c.attempt, c.kind.value, c.subject) for c in ours])
    return ours


def cancel(session: Session, kind: DueKind, subject: str) -> None:
    cancel_many(session, kind, [subject])


def cancel_many(session: Session, kind: DueKind, subjects: Sequence[str]) -> None:
    lock(session, kind, subjects)
    _delete(session, kind, subjects)


def lock(session: Session, kind: DueKind, subjects: Sequence[str]) -> None:
    """Until this transaction ends. Whoever has taken some of them settles them first."""
    # Two transactions that take the same rows in different orders would wait for each other:
    # every change of many takes them in the order that the database itself sorts them in.
    if is_sqlite(session):
        return
    for batch in in_batches(subjects):
        _LOCK.execute(session, of_kind=kind.value, subjects=batch)


def lock_all_due(session: Session, kind: DueKind, now: datetime) -> None:
    """The same for all that is due by then."""
    if not is_sqlite(session):
        _LOCK_DUE.execute(session, of_kind=kind.value, now=now.astimezone(UTC))


def earliest(session: Session, kind: DueKind) -> datetime | None:
    """When the next subject of the kind comes due, or its lease runs out."""
    return session.scalar(select(func.min(col(Due.due_at))).where(col(Due.kind) == kind))


def done_at(session: Session, kind: DueKind, subjects: Sequence[str]) -> dict[str, datetime | None]:
    """When each was last finished; what was never planned is left out."""
    return dict(_DONE_AT.execute(session, subjects, kind.value))


def due_at_of(session: Session, kind: DueKind, subjects: Sequence[str]) -> dict[str, datetime]:
    """When each is due; what is not planned is left out."""
    return {subject: at for subject, at, _ in _DUE_AT.execute(session, subjects, kind.value)}


def due_at(session: Session, kind: DueKind, subject: str) -> datetime | None:
    return session.scalar(
        select(col(Due.due_at)).where(col(Due.kind) == kind, col(Due.subject) == subject)
    )


def subjects(session: Session, kind: DueKind) -> list[str]:
    """All that is planned or under way, the next first."""
    return list(
        session.scalars(
            select(col(Due.subject))
            .where(col(Due.kind) == kind)
            .order_by(col(Due.due_at), col(Due.subject))
        )
    )


def overdue(session: Session, kind: DueKind, before: datetime) -> int:
    """How many have waited since before then."""
    return session.scalars(
        select(func.count()).where(col(Due.kind) == kind, col(Due.due_at) < before)
    ).one()


def failing(session: Session) -> dict[DueKind, int]:
    """How many of a kind could not be done when they were last tried, and wait to be tried
    again."""
    rows = session.execute(
        select(col(Due.kind), func.count()).where(FAILING).group_by(col(Due.kind))
    )
    return {DueKind(kind): count for kind, count in rows}


def _still_ours(session: Session, claimed: Sequence[ClaimedDue]) -> list[ClaimedDue]:
    leases: defaultdict[tuple[DueKind, str, datetime], dict[str, ClaimedDue]] = defaultdict(dict)
    for one in claimed:
        leases[one.kind, one.owner, one.token][one.subject] = one
    ours: list[ClaimedDue] = []
    for (kind, owner, token), of_subject in sorted(leases.items()):
        for batch in in_batches(sorted(of_subject)):
            held = _STILL_HELD.execute(
                session, of_kind=kind.value, subjects=batch, of_owner=owner, token=token
            )
            ours.extend(of_subject[subject] for (subject,) in held)
    return ours


def _delete(session: Session, kind: DueKind, subjects: Sequence[str]) -> None:
    for batch in in_batches(subjects):
        _DELETE.execute(session, of_kind=kind.value, subjects=batch)
