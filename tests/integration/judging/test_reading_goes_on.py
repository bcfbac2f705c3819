"""What a source tells on an early page is not judged by what a later page has still to tell."""

from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from storage.vocabulary import CaseKind, Status
from tests.integration.cases.pipeline import DAY, HOUR, Pipeline, book_of

LONG_PASSED = -2 * DAY
MINUTE = timedelta(minutes=1)


def _read_an_hour_ago(database: Database) -> Pipeline:
    """Its source is being read again now."""
    pipeline = Pipeline(database, book_of())
    pipeline.hears(pipeline.order("KP-0"))
    pipeline.silent.add("orders")
    pipeline.clock.advance(HOUR)
    return pipeline


def test_a_delivery_that_stands_on_a_later_page_was_never_missed(database: Database) -> None:
    pipeline = _read_an_hour_ago(database)
    pipeline.hears(pipeline.order("KP-1", promised=LONG_PASSED))
    assert pipeline.cases() == []
    pipeline.clock.advance(MINUTE)
    delivered_at = pipeline.clock() - 3 * DAY
    pipeline.hears(
        checkpoints=[replace(pipeline.scan("KP-1", Status.DELIVERED), occurred_at=delivered_at)]
    )
    pipeline.silent.clear()
    pipeline.tick()
    assert pipeline.cases() == []


def test_what_no_page_tells_is_missed_as_soon_as_the_last_one_is_read(database: Database) -> None:
    pipeline = _read_an_hour_ago(database)
    pipeline.hears(pipeline.order("KP-1", promised=LONG_PASSED))
    pipeline.clock.advance(MINUTE)
    pipeline.silent.clear()
    pipeline.tick()
    assert [case.kind for case in pipeline.cases()] == [CaseKind.PROMISE_PASSED]


def test_what_is_told_in_words_waits_for_no_page(database: Database) -> None:
    pipeline = _read_an_hour_ago(database)
    lost = pipeline.order("KP-1", promised=LONG_PASSED, status=Status.LOST)
    pipeline.hears(lost)
    (case,) = pipeline.cases()
    assert case.kind == CaseKind.LOST
    assert case.since == pipeline.clock()
