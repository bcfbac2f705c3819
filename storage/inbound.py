"""What Slack handed over and was begun: it hands things over again."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel, col

from storage.statements import upsert
from storage.tables import Inbound

FORGOTTEN_AT_ONCE = 100  # more than come in between

_TABLE = SQLModel.metadata.tables[str(Inbound.__tablename__)]


def begin(session: Session, key: str, now: datetime) -> bool:
    """False where it was begun before; it is begun if this transaction commits. Whoever begins
    the same meanwhile waits until that is known."""
    insert = upsert(session, _TABLE).values({"key": key, "received_at": now})
    new = insert.on_conflict_do_nothing(index_elements=["key"]).returning(_TABLE.c.key)
    return session.execute(new).first() is not None


def was_begun(session: Session, key: str) -> bool:
    return session.get(Inbound, key) is not None


def forget(session: Session, before: datetime) -> None:
    """What came in before then, the oldest first; of very many, some are left for the next time."""
    oldest = (
        select(col(Inbound.key))
        .where(col(Inbound.received_at) < before)
        .order_by(col(Inbound.received_at))
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(_TABLE).where(_TABLE.c.key.in_(oldest)))
