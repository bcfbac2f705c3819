"""What the book says anew is judged by when it is read again, and not at some later moment."""

from datetime import datetime

import pytest

from bot.book.models import Book, ContractEntry, TermEntry
from bot.sources.reports import MeasurementReport
from storage import due
from storage.database import Database
from storage.vocabulary import CaseKind, DueKind, Status
from tests.integration.cases.pipeline import DAY, FEEDS, HOUR, Pipeline, book_of, partner


def _book(**thresholds: object) -> Book:
    return book_of(partner(), partner("heron", thresholds=thresholds))


@pytest.fixture
def pipeline(database: Database) -> Pipeline:
    """Kestrel and Heron each carry one that was promised for an hour ago."""
    pipeline = Pipeline(database, _book(promise_grace_minutes=600))
    pipeline.hears(
        pipeline.order("KP-1", promised=5 * DAY), pipeline.order("HE-1", to="heron", promised=HOUR)
    )
    pipeline.passes(2 * HOUR)
    assert pipeline.cases() == []
    return pipeline


def _starts_again(before: Pipeline, book: Book) -> Pipeline:
    after = Pipeline(before.database, book, before.clock, feeds=before.feeds)
    after.tick()
    return after


def _planned(pipeline: Pipeline) -> dict[str, datetime]:
    with pipeline.database.snapshot() as session:
        subjects = due.subjects(session, DueKind.JUDGE_SHIPMENT)
        return due.due_at_of(session, DueKind.JUDGE_SHIPMENT, subjects)


def test_a_shorter_grace_is_over_at_once_for_what_waited_for_its_end(pipeline: Pipeline) -> None:
    after = _starts_again(pipeline, _book(promise_grace_minutes=0))
    late = after.case(CaseKind.PROMISE_PASSED)
    assert late.partner_key == "heron"


def test_a_longer_grace_takes_back_what_was_said_too_early(pipeline: Pipeline) -> None:
    early = _starts_again(pipeline, _book(promise_grace_minutes=0))
    assert early.open_kinds() == [CaseKind.PROMISE_PASSED]
    assert _starts_again(early, _book(promise_grace_minutes=600)).open_kinds() == []


def test_those_of_whom_it_says_the_same_wait_on(pipeline: Pipeline) -> None:
    before = _planned(pipeline)
    same = Pipeline(pipeline.database, pipeline.book, pipeline.clock)
    assert _planned(same) == before

    changed = Pipeline(pipeline.database, _book(promise_grace_minutes=300), pipeline.clock)
    herons = str(pipeline.shipment("HE-1").id)
    assert _planned(changed) == before | {herons: pipeline.clock()}


def test_a_partner_that_comes_back_is_judged_without_waiting_for_news(pipeline: Pipeline) -> None:
    gone = _starts_again(pipeline, book_of(partner()))
    gone.passes(DAY)
    assert gone.cases() == []
    back = _starts_again(gone, pipeline.book)
    assert back.case(CaseKind.PROMISE_PASSED).partner_key == "heron"


def test_what_has_arrived_rests_on(pipeline: Pipeline) -> None:
    pipeline.hears(checkpoints=[pipeline.scan("HE-1", Status.DELIVERED, to="heron")])
    resting = _planned(pipeline)
    after = _starts_again(pipeline, _book(promise_grace_minutes=0))
    assert _planned(after) == resting
    assert after.cases() == []


def test_a_stricter_target_finds_the_breach_of_last_month(database: Database) -> None:
    def promises(target: float) -> Book:
        terms = (TermEntry(metric="damage_rate", target=target),)
        return book_of(partner(contract=ContractEntry(terms=terms)))

    pipeline = Pipeline(database, promises(0.5), feeds=tuple(FEEDS))
    month = pipeline.clock().date().replace(month=5, day=1)
    pipeline.hears(
        measurements=[
            MeasurementReport("kestrel", "damage_rate", month, month.replace(day=31), 30, 200)
        ]
    )
    assert pipeline.cases(CaseKind.TERM_BREACHED) == []
    after = _starts_again(pipeline, promises(0.01))
    assert len(after.cases(CaseKind.TERM_BREACHED)) == 1
