"""What waited for its source is judged when that source is heard, and nothing else is."""

from datetime import datetime, timedelta

from bot.judging.catching_up import shipments_were_asked_for, source_was_read
from storage import due
from storage.database import Database
from storage.vocabulary import DueKind
from tests.integration.cases.pipeline import HOUR, START, Pipeline, book_of

MINUTE = timedelta(minutes=1)


def _planned(database: Database, at: dict[str, datetime]) -> None:
    with database.transaction() as session:
        due.schedule_many(session, DueKind.JUDGE_SHIPMENT, at)


def _due(database: Database, subjects: list[str]) -> list[datetime]:
    with database.snapshot() as session:
        found = due.due_at_of(session, DueKind.JUDGE_SHIPMENT, subjects)
    return [found[each] for each in subjects]


def test_only_what_waits_for_this_source_is_judged_now(database: Database) -> None:
    pipeline = Pipeline(database, book_of())
    pipeline.hears(pipeline.order("KP-1"), pipeline.order("KP-2"))
    pipeline.hears(pipeline.order("KP-3"), source="another")
    waits, rests, others = (
        str(pipeline.shipment(number).id) for number in ("KP-1", "KP-2", "KP-3")
    )
    soon, far = START + 20 * MINUTE, START + 5 * HOUR
    _planned(database, {waits: soon, rests: far, others: soon})
    with database.transaction() as session:
        source_was_read(session, "orders", START - 8 * HOUR, START)
    assert _due(database, [waits, rests, others]) == [START, far, soon]


def test_a_source_that_is_read_all_the_time_brings_each_shipment_forward_once(
    database: Database,
) -> None:
    pipeline = Pipeline(database, book_of())
    pipeline.hears(pipeline.order("KP-1"))
    subject = str(pipeline.shipment("KP-1").id)
    planned = START + 20 * MINUTE  # from before the last reading: it cannot be waiting for this one
    _planned(database, {subject: planned})
    with database.transaction() as session:
        source_was_read(session, "orders", START - MINUTE, START)
    assert _due(database, [subject]) == [planned]
    _planned(database, {subject: START + 30 * MINUTE - timedelta(seconds=10)})
    with database.transaction() as session:
        source_was_read(session, "orders", START - MINUTE, START)
    assert _due(database, [subject]) == [START]


def test_what_was_just_asked_for_is_judged_by_what_was_said(database: Database) -> None:
    pipeline = Pipeline(database, book_of())
    pipeline.hears(pipeline.order("KP-1"), pipeline.order("KP-2"))
    one, two = (str(pipeline.shipment(number).id) for number in ("KP-1", "KP-2"))
    far = START + 5 * HOUR
    _planned(database, {one: START + 10 * MINUTE, two: far})
    with database.transaction() as session:
        shipments_were_asked_for(session, [one, two], START)
    assert _due(database, [one, two]) == [START, far]
