"""Whatever comes up, and whenever, each case is in one message of its channel, and that is true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import SQLModel

from bot.cases import acting
from bot.cases.states import Refused
from storage import alert_cases
from storage.database import Database
from storage.vocabulary import CaseState
from tests.integration.cases.office import NIGHT, Office, together
from tests.integration.cases.pipeline import DAY

TOWNS = ("Lagos", "Accra", "Lome", "Dakar", "Tunis")
NUMBERS = tuple(f"KP-{number}." for number in range(8))  # none is within another


@dataclass(frozen=True, slots=True)
class Late:
    numbers: tuple[str, ...]
    to: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    number: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    position: int


@dataclass(frozen=True, slots=True)
class Passed:
    time: timedelta


Step = Late | Arrived | Acknowledged | Passed
steps = st.one_of(
    st.builds(
        Late,
        numbers=st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True).map(tuple),
        to=st.sampled_from(TOWNS),
        is_critical=st.booleans(),
    ),
    st.builds(Arrived, st.sampled_from(NUMBERS)),
    st.builds(Acknowledged, st.integers(0, 7)),
    st.builds(
        Passed,
        st.sampled_from(
            [timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=3), timedelta(hours=11)]
        ),
    ),
)


@pytest.fixture
def lived_through(sqlite_database: Database) -> Callable[[Sequence[Step]], Office]:
    """The office after all that, and some days to say it."""

    def live(story: Sequence[Step]) -> Office:
        with sqlite_database.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.execute(delete(table))
        office = Office(sqlite_database, together(quiet_hours=NIGHT))
        for step in story:
            _take(office, step)
        office.passes(4 * DAY)
        return office

    return live


def _take(office: Office, step: Step) -> None:
    match step:
        case Late(numbers, to, is_critical):
            office.is_late(*numbers, to=to, **({"priority": "high"} if is_critical else {}))
        case Arrived(number):
            office.arrives(number)
        case Acknowledged(position):
            cases = office.cases()
            if cases:
                try:
                    office.do(acting.acknowledge, cases[position % len(cases)])
                except Refused:
                    return
        case Passed(time):
            office.passes(time)
            office.delivers()


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=2, max_size=12))
def test_each_case_is_in_one_message_and_that_is_true(
    lived_through: Callable[[Sequence[Step]], Office], story: Sequence[Step]
) -> None:
    office = lived_through(story)
    assert office.without_words() == []
    shown = {alert.id: office.shown_of(alert) for alert in office.alerts()}
    with office.database.snapshot() as session:
        told_in = alert_cases.of_cases(session, [case.id or 0 for case in office.cases()])
    for case in office.cases():
        (alert,) = told_in[case.id or 0]
        assert alert.id == case.alert_id
        if case.state != CaseState.RESOLVED:
            assert office.number_of(case) in shown[alert.id]
    for alert in office.alerts():
        states = {case.state for case in office.members(alert)}
        assert (states == {CaseState.RESOLVED}) == (alert.resolved_at is not None)
        asks_somebody = "'type': 'actions'" in shown[alert.id]
        assert asks_somebody == (states != {CaseState.RESOLVED})


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=2, max_size=8))
def test_nothing_is_posted_twice(
    lived_through: Callable[[Sequence[Step]], Office], story: Sequence[Step]
) -> None:
    office = lived_through(story)
    keys = [message.key for message in office.owed()]
    assert len(keys) == len(set(keys))
    posted = [message.alert_id for message in office.owed() if message.method == "post"]
    assert len(posted) == len(set(posted)) == len(office.alerts())
