"""Slack takes few edits a minute: what is over goes before what has merely become later."""

from storage.database import Database
from storage.vocabulary import OutboxMethod
from tests.integration.cases.office import A_WAIT, Office, together
from tests.integration.cases.pipeline import DAY


def test_that_it_is_over_is_said_before_that_others_are_later_still(database: Database) -> None:
    office = Office(database, together())
    office.is_late("KP-1")
    office.passes(A_WAIT)
    office.is_late("KP-2", to="Berlin")
    office.passes(A_WAIT)
    office.passes(2 * DAY)
    office.delivers()
    office.passes(DAY)
    later_still = next(e for e in office.owed(OutboxMethod.EDIT) if "3 days" in str(e.payload))
    office.delivers()
    office.arrives("KP-2")
    office.passes(A_WAIT)
    is_over = office.owed(OutboxMethod.EDIT)[-1]
    assert "✅" in str(is_over.payload)
    assert is_over.urgency < later_still.urgency


def test_that_it_has_become_critical_is_said_before_that_another_is_over(
    database: Database,
) -> None:
    office = Office(database, together())
    office.is_late("KP-1")
    office.passes(A_WAIT)
    office.is_late("KP-2", to="Berlin")
    office.passes(A_WAIT)
    office.delivers()
    office.arrives("KP-2")
    office.passes(DAY)
    is_over, critical = office.owed(OutboxMethod.EDIT)
    assert "✅" in str(is_over.payload)
    assert "🔴" in str(critical.payload)
    assert critical.urgency < is_over.urgency
