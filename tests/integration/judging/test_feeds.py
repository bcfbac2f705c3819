"""What is wrong with the feeds themselves, from the rows to the cases and back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.app import prepare
from bot.book.models import ContractEntry, PartnerEntry, TermEntry
from bot.sources.reports import CheckpointReport, MeasurementReport, ShipmentReport
from storage import due, sources
from storage.database import Database
from storage.vocabulary import CaseKind, CaseState, DueKind, Severity, Status
from tests.integration.cases.pipeline import (
    DAY,
    FEEDS,
    HOUR,
    START,
    Pipeline,
    book_of,
    partner,
)

DAMAGE = TermEntry(metric="damage_rate", target=0.01)


def _measured_by(*terms: TermEntry) -> PartnerEntry:
    return partner(contract=ContractEntry(terms=terms))


@pytest.fixture
def pipeline(database: Database) -> Pipeline:
    return Pipeline(database, book_of(_measured_by(DAMAGE)), feeds=tuple(FEEDS))


def _fails(pipeline: Pipeline) -> None:
    pipeline.silent.add("orders")
    with pipeline.database.transaction() as session:
        sources.record_failure(session, "orders", pipeline.clock(), "no such folder")
        due.schedule(session, DueKind.JUDGE_SOURCE, "orders", pipeline.clock())
    pipeline.tick()


def _subjects(pipeline: Pipeline, kind: DueKind) -> list[str]:
    with pipeline.database.snapshot() as session:
        return due.subjects(session, kind)


@pytest.fixture
def monthly(database: Database) -> Pipeline:
    """Only what is measured is judged: once a day."""
    return Pipeline(database, book_of(_measured_by(DAMAGE)), feeds=[DueKind.JUDGE_MEASURED])


# -- sources -------------------------------------------------------------------------


def test_a_source_that_fails_is_one_case_and_over_when_it_answers(pipeline: Pipeline) -> None:
    pipeline.tick()
    for _ in range(5):
        pipeline.passes(15 * timedelta(minutes=1))
        _fails(pipeline)
    case = pipeline.case(CaseKind.SOURCE_FAILING)
    assert case.state == CaseState.OPEN
    assert case.partner_key is None
    pipeline.passes(6 * HOUR)
    assert pipeline.case(CaseKind.SOURCE_FAILING).severity == Severity.CRITICAL

    pipeline.silent.clear()
    pipeline.passes(HOUR)
    assert pipeline.history(pipeline.case(CaseKind.SOURCE_FAILING))[-1] == ("resolved", None)
    assert pipeline.without_words() == []


def test_a_source_that_is_not_read_is_stale_and_its_case_ends_with_the_next_reading(
    pipeline: Pipeline,
) -> None:
    pipeline.tick()
    pipeline.silent.add("orders")
    pipeline.passes(2 * HOUR)
    assert pipeline.case(CaseKind.SOURCE_STALE).state == CaseState.OPEN
    pipeline.silent.clear()
    pipeline.passes(6 * HOUR)
    assert pipeline.case(CaseKind.SOURCE_STALE).state == CaseState.RESOLVED


def test_while_nobody_was_there_to_read_it_no_source_was_stale(pipeline: Pipeline) -> None:
    pipeline.tick()
    pipeline.clock.advance(3 * DAY)  # the assistant was not running
    pipeline.silent.add("orders")  # and has not read it again yet
    with pipeline.database.transaction() as session:
        prepare(session, pipeline.book, pipeline.clock)
    pipeline.tick()
    assert pipeline.cases() == []
    pipeline.passes(2 * HOUR)
    assert pipeline.case(CaseKind.SOURCE_STALE).state == CaseState.OPEN


def test_a_source_that_is_gone_from_the_book_takes_its_case_along(
    pipeline: Pipeline, database: Database
) -> None:
    for _ in range(3):
        _fails(pipeline)
    assert pipeline.case(CaseKind.SOURCE_FAILING).state == CaseState.OPEN
    other = pipeline.book.sources[0].model_copy(update={"key": "other"})
    after = Pipeline(
        database, book_of(sources=[other]), pipeline.clock, feeds=[DueKind.JUDGE_SOURCE]
    )
    after.passes(7 * HOUR)
    assert after.case(CaseKind.SOURCE_FAILING).state == CaseState.RESOLVED
    assert _subjects(after, DueKind.JUDGE_SOURCE) == ["other"]


# -- KPI feeds -------------------------------------------------------------------------


def _damages(month: int, broken: float = 1, of: float = 200) -> MeasurementReport:
    first = date(2026, month, 1)
    last = date(2026, month + 1, 1) - timedelta(days=1)
    return MeasurementReport("kestrel", "damage_rate", first, last, broken, of)


def test_a_month_without_its_figure_is_missing_until_it_comes(monthly: Pipeline) -> None:
    monthly.hears(measurements=[_damages(4), _damages(5)])
    monthly.pass_until(datetime(2026, 7, 7, tzinfo=UTC))
    assert monthly.cases(CaseKind.MEASUREMENT_MISSING) == []
    monthly.pass_until(datetime(2026, 7, 20, tzinfo=UTC))
    case = monthly.case(CaseKind.MEASUREMENT_MISSING)
    assert case.subject == "measurement:kestrel:damage_rate:2026-06"
    assert case.state == CaseState.OPEN

    monthly.hears(measurements=[_damages(6)])
    monthly.passes(DAY)
    assert monthly.case(CaseKind.MEASUREMENT_MISSING).state == CaseState.RESOLVED


def test_a_month_goes_on_missing_when_the_next_one_is_over(monthly: Pipeline) -> None:
    monthly.hears(measurements=[_damages(5)])
    monthly.pass_until(datetime(2026, 8, 3, tzinfo=UTC))
    monthly.hears(measurements=[_damages(7)])
    monthly.pass_until(datetime(2026, 8, 25, tzinfo=UTC))
    case = monthly.case(CaseKind.MEASUREMENT_MISSING)
    assert case.subject.endswith(":2026-06")
    assert case.state == CaseState.OPEN


def test_no_figure_is_missing_while_its_source_is_not_heard(monthly: Pipeline) -> None:
    monthly.hears(measurements=[_damages(5)])
    monthly.silent.add("orders")
    monthly.pass_until(datetime(2026, 7, 25, tzinfo=UTC))
    assert monthly.cases() == []


def test_a_figure_that_cannot_be_is_a_case_until_it_is_corrected(monthly: Pipeline) -> None:
    monthly.hears(measurements=[_damages(5, broken=300)])
    monthly.passes(DAY)
    case = monthly.case(CaseKind.MEASUREMENT_IMPOSSIBLE)
    assert (case.state, case.partner_key) == (CaseState.OPEN, "kestrel")
    monthly.hears(measurements=[_damages(5, broken=3)])
    monthly.passes(DAY)
    assert monthly.case(CaseKind.MEASUREMENT_IMPOSSIBLE).state == CaseState.RESOLVED


def test_terms_that_are_gone_from_the_book_are_judged_no_more(
    pipeline: Pipeline, database: Database
) -> None:
    pipeline.tick()
    assert _subjects(pipeline, DueKind.JUDGE_TERM) == ["kestrel:damage_rate"]
    assert _subjects(pipeline, DueKind.JUDGE_MEASURED) == ["kestrel:damage_rate"]
    after = Pipeline(database, book_of(partner("other")), pipeline.clock, feeds=tuple(FEEDS))
    after.passes(2 * DAY)
    assert _subjects(after, DueKind.JUDGE_TERM) == []
    assert _subjects(after, DueKind.JUDGE_MEASURED) == []
    assert _subjects(after, DueKind.JUDGE_RETURNS) == ["other"]


# -- returns ------------------------------------------------------------------------------


def _returns(pipeline: Pipeline, count: int, account: str, days_ago: int) -> list[ShipmentReport]:
    at = pipeline.clock() - days_ago * DAY
    return [
        ShipmentReport(
            tracking_number=f"RT-{account}-{days_ago}-{one}",
            partner="kestrel",
            announced_at=at,
            is_return=True,
            account=account,
            as_of=at,
        )
        for one in range(count)
    ]


def test_an_account_that_sends_back_far_more_than_it_did_is_a_case_for_its_days(
    database: Database,
) -> None:
    pipeline = Pipeline(database, book_of(), feeds=[DueKind.JUDGE_RETURNS])
    pipeline.hears(
        *(each for week in range(2, 12) for each in _returns(pipeline, 1, "loyal", 7 * week)),
        *(each for week in range(1, 12) for each in _returns(pipeline, 2, "steady", 7 * week)),
        *_returns(pipeline, 14, "loyal", 2),
    )
    pipeline.passes(DAY)
    case = pipeline.case(CaseKind.RETURNS_ABOVE_NORMAL)
    assert case.subject == "returns:kestrel:account:loyal"
    assert case.state == CaseState.OPEN
    assert "14" in pipeline.shown(case)

    pipeline.passes(7 * DAY)
    assert pipeline.case(CaseKind.RETURNS_ABOVE_NORMAL).state == CaseState.RESOLVED
    assert pipeline.without_words() == []


# -- one cause, and not its symptoms --------------------------------------------------------


@pytest.fixture
def night(sqlite_database: Database) -> Pipeline:
    """Evening, and twenty parcels promised for the night, from a source that then goes down."""
    pipeline = Pipeline(
        sqlite_database,
        book_of(no_scan_after_working_hours=0.5, promise_grace_minutes=0),
        feeds=[DueKind.JUDGE_SOURCE],
    )
    pipeline.clock.now = START + 8 * HOUR
    pipeline.hears(*(pipeline.order(f"KP-{n}", promised=2 * HOUR) for n in range(20)))
    pipeline.passes(timedelta(minutes=5))
    pipeline.silent.add("orders")
    pipeline.passes(10 * HOUR)
    return pipeline


def test_a_source_that_is_down_over_night_is_one_case_and_no_shipment_is(night: Pipeline) -> None:
    assert night.open_kinds() == [CaseKind.SOURCE_STALE]
    assert len(night.cases()) == 1


def test_when_it_is_back_what_was_delivered_never_alerts_and_what_is_late_does_at_once(
    night: Pipeline,
) -> None:
    night.passes(timedelta(minutes=7))
    night.silent.clear()
    night.hears(
        checkpoints=[
            CheckpointReport(f"KP-{n}", START + 9 * HOUR, Status.DELIVERED, partner="kestrel")
            for n in range(15)
        ]
    )
    late = night.cases(CaseKind.PROMISE_PASSED)
    assert len(late) == 5
    assert {case.opened_at for case in late} == {night.clock()}
    night.passes(HOUR)
    assert night.case(CaseKind.SOURCE_STALE).state == CaseState.RESOLVED
    assert len(night.cases(CaseKind.PROMISE_PASSED)) == 5
