"""Which cases wait for somebody to take them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from storage.statements import in_batches
from storage.tables import AlertCase, Case
from storage.vocabulary import CaseState


def untaken(session: Session, alert_ids: Collection[int]) -> Mapping[int, Sequence[Case]]:
    """By alert, those of its cases that nobody has and whose condition holds. One that is told in
    several places is looked for in the first of them alone."""
    found: defaultdict[int, list[Case]] = defaultdict(list)
    for batch in in_batches(sorted(alert_ids)):
        for alert_id, case in session.execute(
            select(col(AlertCase.alert_id), Case)
            .join(Case, col(Case.id) == col(AlertCase.case_id))
            .where(
                col(AlertCase.alert_id).in_(batch),
                col(Case.alert_id) == col(AlertCase.alert_id),
                col(Case.state) == CaseState.OPEN,
                col(Case.clear_since).is_(None),
            )
            .order_by(col(Case.id))
        ):
            found[alert_id].append(case)
    return found
