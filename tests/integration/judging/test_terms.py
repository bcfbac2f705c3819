"""A term that was missed: when it is noticed, and what becomes of its case as time goes by."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.book.models import ContractEntry, TermEntry
from bot.cases import acting
from bot.judging.terms import LEFT_ALONE
from bot.rules.terms import LEFT_ALONE_FOR
from bot.sources.reports import MeasurementReport
from storage import due
from storage.database import Database
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseKind, CaseState, DueKind
from tests.integration.cases.pipeline import DAY, HOUR, Pipeline, book_of, partner

DAMAGE = TermEntry(metric="damage_rate", target=0.01)
ACCURACY = TermEntry(metric="order_accuracy", target=0.99)


@pytest.fixture
def pipeline(database: Database) -> Pipeline:
    """It is Monday, 15 June: the last month that is over is May."""
    contract = ContractEntry(terms=(DAMAGE, ACCURACY))
    book = book_of(partner(contract=contract), partner("heron", contract=contract))
    pipeline = Pipeline(database, book, feeds=[DueKind.JUDGE_TERM, DueKind.JUDGE_MEASURED])
    pipeline.tick()
    return pipeline


def _damages(month: int, broken: float, of: float = 200) -> MeasurementReport:
    first = date(2026, month, 1)
    last = date(2026, month + 1, 1) - timedelta(days=1)
    return MeasurementReport("kestrel", "damage_rate", first, last, broken, of)


def _breach(pipeline: Pipeline, month: int) -> Case:
    (found,) = [
        case
        for case in pipeline.cases(CaseKind.TERM_BREACHED)
        if case.subject == f"term:kestrel:damage_rate:2026-{month:02}"
    ]
    return found


# -- a figure that arrives -------------------------------------------------------------


def test_a_figure_that_misses_its_target_is_told_when_it_arrives(pipeline: Pipeline) -> None:
    pipeline.hears(measurements=[_damages(5, broken=20)])
    breach = _breach(pipeline, 5)
    assert (breach.state, breach.opened_at) == (CaseState.OPEN, pipeline.clock())


def test_a_correction_that_meets_it_ends_that_at_once(pipeline: Pipeline) -> None:
    pipeline.hears(measurements=[_damages(5, broken=20)])
    pipeline.passes(HOUR)
    pipeline.hears(measurements=[_damages(5, broken=1)])
    breach = _breach(pipeline, 5)
    assert (breach.state, breach.resolved_at) == (CaseState.RESOLVED, pipeline.clock())


def test_a_figure_that_cannot_be_is_told_when_it_arrives(pipeline: Pipeline) -> None:
    pipeline.hears(measurements=[_damages(4, broken=300)])
    assert pipeline.case(CaseKind.MEASUREMENT_IMPOSSIBLE).opened_at == pipeline.clock()


def test_only_what_the_figure_counts_for_is_judged_again(pipeline: Pipeline) -> None:
    def planned(kind: DueKind) -> dict[str, datetime]:
        terms = [
            f"{who}:{term.metric}" for who in ("kestrel", "heron") for term in (DAMAGE, ACCURACY)
        ]
        with pipeline.database.snapshot() as session:
            return due.due_at_of(session, kind, terms)

    def hears_without_judging(*reports: MeasurementReport) -> None:
        feeds, pipeline.feeds = pipeline.feeds, ()
        pipeline.hears(measurements=reports)
        pipeline.feeds = feeds

    before = {kind: planned(kind) for kind in pipeline.feeds}
    hears_without_judging(
        _damages(5, broken=1),
        MeasurementReport("heron", "otif", date(2026, 5, 1), date(2026, 5, 31), 9, 10),
    )
    for kind in pipeline.feeds:
        after = planned(kind)
        moved = {subject for subject, at in after.items() if at != before[kind][subject]}
        assert moved == {"kestrel:damage_rate"}
        assert after["kestrel:damage_rate"] == pipeline.clock()

    pipeline.tick()
    before = {kind: planned(kind) for kind in pipeline.feeds}
    hears_without_judging(_damages(5, broken=1))  # the same again is no news
    assert {kind: planned(kind) for kind in pipeline.feeds} == before


# -- a month that is past ----------------------------------------------------------------


def test_when_the_next_month_is_over_the_breach_is_still_a_case_and_a_correction_ends_it(
    pipeline: Pipeline,
) -> None:
    pipeline.hears(measurements=[_damages(5, broken=20)])
    pipeline.pass_until(datetime(2026, 7, 10, tzinfo=UTC))
    assert _breach(pipeline, 5).state == CaseState.OPEN
    pipeline.hears(measurements=[_damages(6, broken=1), _damages(5, broken=2)])
    assert _breach(pipeline, 5).state == CaseState.RESOLVED
    assert len(pipeline.cases(CaseKind.TERM_BREACHED)) == 1


def test_two_months_that_were_missed_are_two_cases(pipeline: Pipeline) -> None:
    pipeline.hears(measurements=[_damages(5, broken=20)])
    pipeline.pass_until(datetime(2026, 7, 5, tzinfo=UTC))
    pipeline.hears(measurements=[_damages(6, broken=30)])
    assert _breach(pipeline, 5).state == CaseState.OPEN
    assert _breach(pipeline, 6).state == CaseState.OPEN


def test_a_breach_that_is_left_alone_rests_after_five_weeks_and_stays_so(
    pipeline: Pipeline,
) -> None:
    pipeline.hears(measurements=[_damages(5, broken=20)])
    opened_at = _breach(pipeline, 5).opened_at
    pipeline.pass_until(opened_at + LEFT_ALONE_FOR - timedelta(minutes=1))
    assert _breach(pipeline, 5).state == CaseState.OPEN
    pipeline.passes(DAY)
    breach = _breach(pipeline, 5)
    assert breach.state == CaseState.RESOLVED
    assert pipeline.history(breach)[-1] == (CaseAction.RESOLVED, LEFT_ALONE)
    pipeline.passes(10 * DAY)
    assert len(pipeline.history(breach)) == 2
    assert pipeline.without_words() == []


def test_one_that_somebody_has_taken_up_counts_from_then(pipeline: Pipeline) -> None:
    pipeline.hears(measurements=[_damages(5, broken=20)])
    pipeline.passes(30 * DAY)
    pipeline.do(acting.escalate, _breach(pipeline, 5), "Ask for the credit.")
    pipeline.passes(LEFT_ALONE_FOR - DAY)
    assert _breach(pipeline, 5).state == CaseState.ESCALATED
    pipeline.passes(2 * DAY)
    assert _breach(pipeline, 5).state == CaseState.RESOLVED
