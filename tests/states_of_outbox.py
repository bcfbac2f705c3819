"""How many rows of the outbox are in each state."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.tables import OutboxMessage
from storage.vocabulary import OutboxState


def states_of_outbox(session: Session) -> dict[OutboxState, int]:
    rows = session.execute(
        select(col(OutboxMessage.state), func.count()).group_by(col(OutboxMessage.state))
    )
    return {OutboxState(state): count for state, count in rows}
