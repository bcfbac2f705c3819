"""Mutes, as rows. What they cover is decided in bot.mutes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session, col

from storage.statements import is_among
from storage.tables import Case, Mute

_ACTIVE_FOR = (
    select(Mute)
    .where(
        col(Mute.ended_at).is_(None),
        col(Mute.ends_at) > bindparam("now"),
        or_(col(Mute.partner_key).is_(None), is_among(col(Mute.partner_key), "partners")),
    )
    .order_by(col(Mute.id))
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


def add(session: Session, new: Mute) -> int:
    """Gives it its id, and returns it."""
    session.add(new)
    session.flush()
    if new.id is None:
        raise LookupError("a mute has no id after it was stored")
    return new.id


def get(session: Session, mute_id: int) -> Mute | None:
    return session.get(Mute, mute_id)


def by_ids(session: Session, mute_ids: Collection[int]) -> dict[int, Mute]:
    """Unknown ids are left out."""
    found = session.scalars(select(Mute).where(col(Mute.id).in_(sorted(mute_ids))))
    return {mute.id: mute for mute in found if mute.id is not None}


def lock(session: Session, mute_id: int) -> Mute | None:
    """The mute as it is now; nobody else ends it, or holds anything back under it, before this
    transaction ends."""
    return session.get(Mute, mute_id, with_for_update=True, populate_existing=True)


def active_for(
    session: Session, partner_keys: Collection[str | None], now: datetime
) -> Sequence[Mute]:
    """Those of these partners and of all partners that hold now, in their order. None of them
    ends before this transaction does."""
    named = sorted(key for key in partner_keys if key is not None)
    return session.scalars(_ACTIVE_FOR, {"now": now, "partners": named}).all()


def list_active(session: Session, partner_key: str | None) -> Sequence[Mute]:
    """Not ended, the next to end first. None: of all partners, and of none."""
    statement = select(Mute).where(col(Mute.ended_at).is_(None))
    if partner_key is not None:
        statement = statement.where(col(Mute.partner_key) == partner_key)
    return session.scalars(statement.order_by(col(Mute.ends_at), col(Mute.id))).all()


def count_active(session: Session) -> int:
    return session.scalars(
        select(func.count()).select_from(Mute).where(col(Mute.ended_at).is_(None))
    ).one()


def count_held_back(session: Session, mute_ids: Collection[int]) -> dict[int, int]:
    """How many cases each holds back or held back; those that hold none are left out."""
    rows = session.execute(
        select(col(Case.muted_by), func.count())
        .where(col(Case.muted_by).in_(sorted(mute_ids)))
        .group_by(col(Case.muted_by))
    )
    return {mute_id: count for mute_id, count in rows if mute_id is not None}


def cases_held_back(session: Session, mute_id: int) -> Sequence[Case]:
    """All that it ever held back, in the order in which they opened, said meanwhile or not;
    locked against others until the transaction ends."""
    return session.scalars(
        select(Case)
        .where(col(Case.muted_by) == mute_id)
        .order_by(col(Case.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
