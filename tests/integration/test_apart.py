"""One that nothing can be done to keeps nobody else waiting, and is seen."""

from datetime import date, timedelta

import pytest
import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from bot.apart import TRIED_AGAIN_AFTER, do_apart
from bot.book.models import Book, ContractEntry, TermEntry
from bot.book.telling import GroupingEntry
from bot.judging.judge import Judging
from bot.lookups import health
from bot.sources.reports import MeasurementReport
from bot.viewer import Viewer
from storage.database import Database
from storage.tables import Case, Checkpoint, Shipment
from storage.vocabulary import CaseKind, DueKind, Status
from tests.integration.cases.pipeline import DAY, HOUR, OWNER, Pipeline, book_of, partner

OLIVIA = Viewer("U0OLIVIA", None, is_internal=True)
MINUTE = timedelta(minutes=1)
FROM_A_NEWER_VERSION = "teleported"


def _two_on_their_way(pipeline: Pipeline) -> None:
    pipeline.hears(
        pipeline.order("KP-1", promised=HOUR),
        pipeline.order("KP-2", promised=HOUR),
        checkpoints=[pipeline.scan("KP-1"), pipeline.scan("KP-2")],
    )


def _status_of_scan(pipeline: Pipeline, number: str, status: str) -> None:
    with pipeline.database.transaction() as session:
        of_number = select(col(Shipment.id)).where(col(Shipment.tracking_number) == number)
        session.execute(
            update(Checkpoint)
            .where(col(Checkpoint.shipment_id).in_(of_number.scalar_subquery()))
            .values(status=status)
        )


def _late(pipeline: Pipeline) -> set[int | None]:
    return {case.shipment_id for case in pipeline.cases(CaseKind.PROMISE_PASSED)}


def _health(pipeline: Pipeline) -> str:
    with pipeline.database.snapshot() as session:
        return str(health.answer(session, pipeline.book, OLIVIA, None, pipeline.clock()).blocks)


async def _judged_after(pipeline: Pipeline, step: timedelta) -> None:
    pipeline.clock.advance(step)
    pipeline.read_sources()
    await Judging(pipeline.database, pipeline.book, pipeline.clock, OWNER).judge_due()


async def test_a_shipment_that_no_rule_understands_waits_and_the_others_are_judged(
    database: Database,
) -> None:
    pipeline = Pipeline(database, book_of(promise_grace_minutes=0))
    _two_on_their_way(pipeline)
    _status_of_scan(pipeline, "KP-1", FROM_A_NEWER_VERSION)
    with structlog.testing.capture_logs() as log:
        await _judged_after(pipeline, HOUR + MINUTE)
    assert _late(pipeline) == pipeline.shipment_ids("KP-2")
    (told,) = [each for each in log if each["log_level"] == "error"]
    (failing,) = pipeline.shipment_ids("KP-1")
    assert told["subject"] == f"shipment:{failing}"
    assert "1 shipment can't be judged" in _health(pipeline)

    _status_of_scan(pipeline, "KP-1", Status.IN_TRANSIT)
    await _judged_after(pipeline, TRIED_AGAIN_AFTER)
    assert _late(pipeline) == pipeline.shipment_ids("KP-1") | pipeline.shipment_ids("KP-2")
    assert "can't be" not in _health(pipeline)


def test_a_message_that_cannot_be_worded_keeps_no_other_from_being_said(
    database: Database,
) -> None:
    wait = GroupingEntry(wait_seconds=60, redraw_seconds=0, group_from_cases=1_000_000)
    book = book_of(partner(), partner("heron"), promise_grace_minutes=0)
    pipeline = Pipeline(database, book.model_copy(update={"grouping": wait}))
    pipeline.hears(
        pipeline.order("KP-1", promised=HOUR), pipeline.order("HE-1", to="heron", promised=HOUR)
    )
    pipeline.passes(HOUR + MINUTE / 2)
    wrong, right = pipeline.cases(CaseKind.PROMISE_PASSED)
    assert len(pipeline.without_words()) == 4  # no message, and no word of their history
    _kind_of_case(pipeline, wrong, FROM_A_NEWER_VERSION)
    pipeline.passes(timedelta(minutes=2))
    assert pipeline.shown(right)
    assert f"case {wrong.id} has no message" in pipeline.without_words()
    assert not any(f"case {right.id}" in each for each in pipeline.without_words())
    assert "1 message can't be put into words" in _health(pipeline)

    _kind_of_case(pipeline, wrong, CaseKind.PROMISE_PASSED)
    pipeline.passes(TRIED_AGAIN_AFTER)
    assert pipeline.shown(wrong)
    assert pipeline.without_words() == []


def _kind_of_case(pipeline: Pipeline, case: Case, kind: str) -> None:
    with pipeline.database.transaction() as session:
        session.execute(update(Case).where(col(Case.id) == case.id).values(kind=kind))


def _damages_of_may(partner_key: str) -> MeasurementReport:
    may = date(2026, 5, 1), date(2026, 5, 31)
    return MeasurementReport(partner_key, "damage_rate", *may, 20, 200)


def test_a_term_that_cannot_be_judged_spares_the_others(database: Database) -> None:
    damage = TermEntry(metric="damage_rate", target=0.01)
    contract = ContractEntry(terms=(damage,))
    book: Book = book_of(partner(contract=contract), partner("heron", contract=contract))
    pipeline = Pipeline(database, book, feeds=[DueKind.JUDGE_TERM])
    pipeline.hears(measurements=[_damages_of_may("kestrel")])
    breach = pipeline.case(CaseKind.TERM_BREACHED)
    with pipeline.database.transaction() as session:
        stored = session.get_one(Case, breach.id)
        stored.facts = {**stored.facts, "period_start": "the fifth month"}

    pipeline.hears(measurements=[_damages_of_may("heron")])
    pipeline.passes(DAY)
    assert {case.partner_key for case in pipeline.cases(CaseKind.TERM_BREACHED)} == {
        "kestrel",
        "heron",
    }
    assert "1 term can't be judged" in _health(pipeline)


def test_of_what_fails_nothing_is_stored(database: Database) -> None:
    pipeline = Pipeline(database, book_of())
    _two_on_their_way(pipeline)

    def forget(session: Session, numbers: list[str]) -> None:
        for number in numbers:
            session.execute(
                update(Shipment)
                .where(col(Shipment.tracking_number) == number)
                .values(service="gone")
            )
            if number == "KP-1":
                raise ValueError(number)

    with database.transaction() as session:
        failed = do_apart(
            session, ["KP-1", "KP-2"], lambda some: forget(session, list(some)), lambda one: one
        )
    assert failed == ["KP-1"]
    assert [pipeline.shipment(number).service for number in ("KP-1", "KP-2")] == [None, "gone"]


def test_what_the_database_refuses_concerns_all(database: Database) -> None:
    def wrong(session: Session) -> None:
        session.execute(delete(Shipment).where(col(Shipment.id) == select(1).scalar_subquery()))
        session.connection().exec_driver_sql("SELECT nothing FROM nowhere")

    with pytest.raises(DBAPIError), database.transaction() as session:
        do_apart(session, ["one", "two"], lambda _some: wrong(session), lambda one: one)
