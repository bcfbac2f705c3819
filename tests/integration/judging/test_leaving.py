"""What is no longer in the book leaves no case behind that nobody would ever end."""

from datetime import date, timedelta

import pytest

from bot.book.models import Book, ContractEntry, TermEntry
from bot.cases import acting
from bot.judging.leaving import NO_LONGER_IN_THE_BOOK
from bot.sources.reports import CheckpointReport, MeasurementReport
from storage import due, sources
from storage.database import Database
from storage.vocabulary import CaseAction, CaseKind, CaseState, DueKind, Status
from tests.integration.cases.pipeline import DAY, FEEDS, HOUR, Pipeline, book_of, partner

DAMAGE = TermEntry(metric="damage_rate", target=0.01)
LEFT = (CaseAction.RESOLVED, NO_LONGER_IN_THE_BOOK)


def _book_with(*terms: TermEntry) -> Book:
    contract = ContractEntry(terms=terms)
    return book_of(partner(contract=contract), partner("heron"), promise_grace_minutes=0)


@pytest.fixture
def pipeline(database: Database) -> Pipeline:
    return Pipeline(database, _book_with(DAMAGE), feeds=tuple(FEEDS))


def _starts_again(before: Pipeline, book: Book) -> Pipeline:
    after = Pipeline(before.database, book, before.clock, feeds=tuple(FEEDS))
    after.tick()
    return after


def test_a_partner_that_is_gone_takes_its_cases_along_and_nobody_elses(
    pipeline: Pipeline,
) -> None:
    pipeline.hears(pipeline.order("KP-1", promised=HOUR), pipeline.order("HE-1", to="heron"))
    pipeline.passes(2 * HOUR)
    late = pipeline.case(CaseKind.PROMISE_PASSED)
    pipeline.do(acting.acknowledge, late)
    asked = pipeline.asks_where_it_is("KP-1")
    pipeline.hears(pipeline.order("HE-2", to="heron", promised=HOUR))
    pipeline.passes(2 * HOUR)

    after = _starts_again(pipeline, book_of(partner("heron")))
    assert after.history(late)[-1] == LEFT
    assert after.history(asked)[-1] == LEFT
    assert "no longer in the book" in after.shown(late)
    still_open = [case for case in after.cases() if case.state != CaseState.RESOLVED]
    assert {case.partner_key for case in still_open} == {"heron"}
    assert after.without_words() == []


def test_what_is_heard_of_a_partner_that_came_back_is_judged_as_before(pipeline: Pipeline) -> None:
    pipeline.hears(pipeline.order(promised=HOUR))
    pipeline.passes(2 * HOUR)
    gone = _starts_again(pipeline, book_of(partner("heron")))
    gone.passes(5 * DAY)
    back = _starts_again(gone, _book_with(DAMAGE))
    back.hears(checkpoints=[back.scan()])
    late = [case for case in back.cases(CaseKind.PROMISE_PASSED) if case.partner_key == "kestrel"]
    assert [case.state for case in late] == [CaseState.RESOLVED, CaseState.OPEN]
    back.hears(
        checkpoints=[
            CheckpointReport("KP-1", back.clock(), Status.DELIVERED, partner="kestrel"),
        ]
    )
    assert CaseKind.PROMISE_PASSED not in back.open_kinds()


def test_a_term_that_is_gone_takes_its_breach_and_its_figures_along(pipeline: Pipeline) -> None:
    may = date(2026, 5, 1), date(2026, 5, 31)
    april = date(2026, 4, 1), date(2026, 4, 30)
    pipeline.hears(
        measurements=[
            MeasurementReport("kestrel", "damage_rate", *may, 20, 200),
            MeasurementReport("kestrel", "damage_rate", *april, 300, 200),
        ]
    )
    assert pipeline.open_kinds() == [CaseKind.MEASUREMENT_IMPOSSIBLE, CaseKind.TERM_BREACHED]
    after = _starts_again(pipeline, _book_with(TermEntry(metric="on_time_delivery", target=0.9)))
    assert after.open_kinds() == []
    for case in after.cases():
        assert after.history(case)[-1] == LEFT
    after.passes(3 * DAY)
    assert after.open_kinds() == []


def test_a_source_that_is_gone_takes_its_case_along_at_once(pipeline: Pipeline) -> None:
    pipeline.silent.add("orders")
    for _ in range(3):
        with pipeline.database.transaction() as session:
            sources.record_failure(session, "orders", pipeline.clock(), "no such folder")
            due.schedule(session, DueKind.JUDGE_SOURCE, "orders", pipeline.clock())
        pipeline.tick()
    failing = pipeline.case(CaseKind.SOURCE_FAILING)
    assert failing.state == CaseState.OPEN

    other = pipeline.book.sources[0].model_copy(update={"key": "other"})
    after = _starts_again(pipeline, book_of(sources=[other]))
    assert after.history(failing)[-1] == LEFT
    after.passes(timedelta(days=1))
    assert after.case(CaseKind.SOURCE_FAILING).state == CaseState.RESOLVED


def test_a_start_with_the_same_book_ends_nothing(pipeline: Pipeline) -> None:
    pipeline.hears(pipeline.order(promised=HOUR))
    pipeline.passes(2 * HOUR)
    after = _starts_again(pipeline, _book_with(DAMAGE))
    assert after.open_kinds() == [CaseKind.PROMISE_PASSED]
    assert after.history(after.case(CaseKind.PROMISE_PASSED)) == [(CaseAction.OPENED, None)]
