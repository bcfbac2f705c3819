"""Whatever the order in which the news arrive, the same cases are open when all have arrived."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import SQLModel

from bot.sources.reports import CheckpointReport, Promise, ShipmentReport
from storage.database import Database
from storage.vocabulary import CaseState, PromiseBasis, Reason, Status
from tests.integration.cases.pipeline import DAY, HOUR, START, Pipeline, book_of

NUMBERS = ("KP-1", "KP-2")
ARRIVED = START + 6 * DAY  # all news have, by then
SETTLED = ARRIVED + 5 * DAY  # every hold time is over, even of what came and went

News = ShipmentReport | CheckpointReport
OpenCases = Counter[tuple[str, str, str]]
"""Kind, number and severity."""

LIKELY = (
    Status.LABEL_CREATED,
    Status.IN_TRANSIT,
    Status.IN_TRANSIT,
    Status.OUT_FOR_DELIVERY,
    Status.ATTEMPT_FAILED,
    Status.ON_HOLD,
    Status.AVAILABLE_FOR_PICKUP,
    Status.RETURNING,
    Status.LOST,
    Status.DELIVERED,
)
REASONS = (None, None, Reason.DELAY, Reason.DOCUMENTS, Reason.NOT_HOME, Reason.DAMAGED)


@dataclass(frozen=True, slots=True)
class Heard:
    news: News
    at: datetime


@st.composite
def shipment_reports(draw: st.DrawFn) -> ShipmentReport:
    promised = draw(st.none() | st.integers(24, 150))
    return ShipmentReport(
        tracking_number=draw(st.sampled_from(NUMBERS)),
        partner="kestrel",
        as_of=START + draw(st.integers(0, 3)) * HOUR,
        announced_at=START - draw(st.integers(1, 3)) * HOUR,
        promise=None if promised is None else _promised(promised),
        priority=draw(st.sampled_from([None, "high"])),
    )


def _promised(hours: int) -> Promise:
    return Promise(START + hours * HOUR, PromiseBasis.ORDER)


@st.composite
def checkpoint_reports(draw: st.DrawFn) -> CheckpointReport:
    occurred_at = START + draw(st.integers(0, 72)) * HOUR
    eta = draw(st.none() | st.integers(1, 96))
    return CheckpointReport(
        tracking_number=draw(st.sampled_from(NUMBERS)),
        occurred_at=occurred_at,
        recorded_at=occurred_at,
        status=draw(st.sampled_from(LIKELY)),
        reason=draw(st.sampled_from(REASONS)),
        location=draw(st.sampled_from([None, "Hamburg", "Kassel"])),
        estimated_at=None if eta is None else occurred_at + eta * HOUR,
        partner="kestrel",
    )


@st.composite
def told_twice_over(draw: st.DrawFn) -> tuple[list[Heard], list[Heard]]:
    """The same news: each as it happens, and late, twice and in another order."""
    news: list[News] = [
        *draw(st.lists(shipment_reports(), min_size=1, max_size=2)),
        *draw(st.lists(checkpoint_reports(), min_size=1, max_size=7)),
    ]
    in_time = [Heard(one, _when(one)) for one in news]
    delays = st.integers(0, 70).map(lambda hours: hours * HOUR)
    late = [Heard(one, _when(one) + draw(delays)) for one in news]
    again = [Heard(one, _when(one) + draw(delays)) for one in draw(st.lists(st.sampled_from(news)))]
    return in_time, draw(st.permutations([*late, *again]))


def _when(news: News) -> datetime:
    happened_at = news.occurred_at if isinstance(news, CheckpointReport) else news.as_of
    assert happened_at is not None
    return happened_at


@pytest.fixture
def replay(sqlite_database: Database) -> Callable[[Sequence[Heard]], Pipeline]:
    """The assistant after it has heard all that, from the first, and time has passed."""

    def play(heard: Sequence[Heard]) -> Pipeline:
        with sqlite_database.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.execute(delete(table))
        pipeline = Pipeline(sqlite_database, book_of())
        for one in sorted(heard, key=lambda one: one.at):
            pipeline.pass_until(one.at)
            if isinstance(one.news, CheckpointReport):
                pipeline.hears(checkpoints=[one.news])
            else:
                pipeline.hears(one.news)
        pipeline.pass_until(SETTLED)
        return pipeline

    return play


def _open_cases(pipeline: Pipeline) -> OpenCases:
    numbers = {number: pipeline.shipment_ids(number) for number in NUMBERS}
    return Counter(
        (case.kind, number, case.severity)
        for case in pipeline.cases()
        for number, ids in numbers.items()
        if case.state != CaseState.RESOLVED and case.shipment_id in ids
    )


lawful = settings(
    max_examples=max(10, settings().max_examples // 20),  # each is a week of a whole pipeline
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@lawful
@given(told_twice_over())
def test_late_twice_or_in_another_order_the_same_cases_are_open(
    replay: Callable[[Sequence[Heard]], Pipeline], told: tuple[list[Heard], list[Heard]]
) -> None:
    in_time, otherwise = told
    assert _open_cases(replay(otherwise)) == _open_cases(replay(in_time))


@lawful
@given(told_twice_over())
def test_no_case_is_without_its_message_and_no_change_without_its_word(
    replay: Callable[[Sequence[Heard]], Pipeline], told: tuple[list[Heard], list[Heard]]
) -> None:
    pipeline = replay(told[1])
    assert pipeline.without_words() == []


@lawful
@given(told_twice_over())
def test_there_is_one_open_case_for_each_subject_and_kind(
    replay: Callable[[Sequence[Heard]], Pipeline], told: tuple[list[Heard], list[Heard]]
) -> None:
    pipeline = replay(told[1])
    assert all(count == 1 for count in _open_cases(pipeline).values())
    for case in pipeline.cases():
        assert (case.open_key is None) == (case.state == CaseState.RESOLVED)
        assert case.clear_since is None  # every hold time is over


def test_what_was_told_holds_for_a_week(
    replay: Callable[[Sequence[Heard]], Pipeline],
) -> None:
    """The laws above are about something: trouble that stands is open when all is settled."""
    order = ShipmentReport(
        "KP-1",
        partner="kestrel",
        as_of=START,
        announced_at=START,
        promise=Promise(START + DAY, PromiseBasis.ORDER),
    )
    scan = CheckpointReport("KP-1", START + HOUR, Status.LOST, partner="kestrel")
    pipeline = replay([Heard(order, START), Heard(scan, START + timedelta(hours=30))])
    assert _open_cases(pipeline) == {("lost", "KP-1", "critical"): 1}
