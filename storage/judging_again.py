"""Makes all shipments of a partner due to be judged: by what changed for all of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, literal, select, update
from sqlmodel import Session, SQLModel, col

from storage.statements import change, upsert
from storage.tables import Due, Shipment
from storage.vocabulary import DueKind, Status

_DUE = SQLModel.metadata.tables["due"]
_FINAL = [status.value for status in Status if status.is_final]


def judge_again(session: Session, partner_keys: Sequence[str], now: datetime) -> None:
    """What waits for its next moment is due now, and so is what is under way and waits for none."""
    subject = cast(col(Shipment.id), String)
    of_partners = select(subject).where(col(Shipment.partner_key).in_(partner_keys))
    change(
        session,
        update(Due)
        .where(
            col(Due.kind) == DueKind.JUDGE_SHIPMENT,
            col(Due.due_at) > now,
            col(Due.subject).in_(of_partners),
        )
        .values(due_at=now, owner=None, attempt=0),
    )
    under_way = select(
        literal(DueKind.JUDGE_SHIPMENT.value), subject, literal(now, _DUE.c.due_at.type), literal(0)
    ).where(col(Shipment.partner_key).in_(partner_keys), col(Shipment.status).not_in(_FINAL))
    change(
        session,
        upsert(session, _DUE)
        .from_select(["kind", "subject", "due_at", "attempt"], under_way)
        .on_conflict_do_nothing(index_elements=["kind", "subject"]),
    )
