"""What becomes of a case while its condition comes, goes, worsens, and is worked on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases import acting
from bot.cases.changes import CaseChange
from bot.cases.states import Refused
from storage.database import Database
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseKind, CaseState, Reason, Severity, Status
from tests.integration.cases.pipeline import DAY, HOUR, START, Pipeline, book_of

ETA = CaseKind.ETA_PAST_PROMISE
LATE = CaseKind.PROMISE_PASSED


@pytest.fixture
def pipeline(sqlite_database: Database) -> Pipeline:
    return Pipeline(sqlite_database, book_of())


def _slips(pipeline: Pipeline) -> None:
    """The carrier expects it a day after the promise."""
    promised_at = pipeline.shipment().promised_at
    assert promised_at is not None
    late = promised_at + DAY - pipeline.clock()
    pipeline.hears(checkpoints=[pipeline.scan(eta=late)])


def _catches_up(pipeline: Pipeline) -> None:
    promised_at = pipeline.shipment().promised_at
    assert promised_at is not None
    pipeline.hears(checkpoints=[pipeline.scan(eta=promised_at - HOUR - pipeline.clock())])


def _is_slipping(pipeline: Pipeline) -> Case:
    pipeline.hears(pipeline.order(promised=10 * DAY))
    pipeline.passes(HOUR)
    _slips(pipeline)
    return pipeline.case(ETA)


# -- it looks over -------------------------------------------------------------------


def test_what_looks_over_stays_open_for_its_hold_time_and_says_so(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.passes(HOUR)
    _catches_up(pipeline)  # at 10:00 UTC, noon in Berlin

    assert pipeline.case(ETA).state == CaseState.OPEN
    assert "looks over since 12:00; resolves at 14:00 if it stays so" in pipeline.shown(case)

    pipeline.passes(2 * HOUR - timedelta(seconds=1))
    assert pipeline.case(ETA).state == CaseState.OPEN
    pipeline.passes(timedelta(seconds=1))
    assert pipeline.case(ETA).state == CaseState.RESOLVED
    assert pipeline.history(case) == [(CaseAction.OPENED, None), (CaseAction.RESOLVED, None)]


def test_what_comes_back_meanwhile_was_never_over(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.passes(HOUR)
    _catches_up(pipeline)
    pipeline.passes(HOUR)
    _slips(pipeline)
    pipeline.passes(5 * HOUR)

    assert pipeline.case(ETA).state == CaseState.OPEN
    assert "looks over" not in pipeline.shown(case)
    assert pipeline.history(case) == [(CaseAction.OPENED, None)]


def test_an_arrival_needs_no_hold_time(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.hears(checkpoints=[pipeline.scan(status=Status.DELIVERED)])
    assert pipeline.case(ETA).state == CaseState.RESOLVED
    assert "delivered" in pipeline.shown(case)


# -- it comes back ---------------------------------------------------------------------


def test_what_is_back_within_three_days_is_the_same_case_in_the_same_thread(
    pipeline: Pipeline,
) -> None:
    case = _is_slipping(pipeline)
    pipeline.do(acting.acknowledge, case)
    pipeline.passes(HOUR)
    _catches_up(pipeline)
    pipeline.passes(3 * HOUR)
    assert pipeline.case(ETA).state == CaseState.RESOLVED

    pipeline.passes(2 * DAY)
    _slips(pipeline)

    again = pipeline.case(ETA)
    assert (again.id, again.alert_id) == (case.id, case.alert_id)
    assert again.state == CaseState.OPEN
    assert again.resolved_at is None
    assert [action for action, _ in pipeline.history(again)] == [
        CaseAction.OPENED,
        CaseAction.ACKNOWLEDGED,
        CaseAction.RESOLVED,
        CaseAction.REOPENED,
    ]
    assert "Back again" in pipeline.said(again)[-1]


def test_what_is_back_after_more_than_three_days_is_a_new_case(pipeline: Pipeline) -> None:
    _is_slipping(pipeline)
    pipeline.passes(HOUR)
    _catches_up(pipeline)
    pipeline.passes(2 * HOUR)  # resolved
    pipeline.passes(3 * DAY + timedelta(seconds=1))
    _slips(pipeline)
    first, second = pipeline.cases(ETA)
    assert (first.state, second.state) == (CaseState.RESOLVED, CaseState.OPEN)
    assert first.alert_id != second.alert_id


def test_in_and_out_all_day_becomes_one_steady_case_that_says_so(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    for _ in range(3):
        pipeline.passes(HOUR)
        _catches_up(pipeline)
        pipeline.passes(3 * HOUR)
        _slips(pipeline)
    edits = len(pipeline.history(case))
    assert "On and off, 4 times" in pipeline.shown(case)
    assert "stays away for 24 h" in pipeline.shown(case)

    pipeline.passes(HOUR)
    _catches_up(pipeline)
    pipeline.passes(23 * HOUR)
    assert pipeline.case(ETA).state == CaseState.OPEN
    assert len(pipeline.history(case)) == edits
    pipeline.passes(HOUR)
    assert pipeline.case(ETA).state == CaseState.RESOLVED


def test_what_has_no_hold_time_of_its_own_gets_steady_too(pipeline: Pipeline) -> None:
    pipeline.hears(pipeline.order(promised=30 * DAY))
    for _ in range(4):
        pipeline.passes(2 * HOUR)
        pipeline.hears(checkpoints=[pipeline.scan(status=Status.ATTEMPT_FAILED)])
        pipeline.passes(2 * HOUR)
        pipeline.hears(checkpoints=[pipeline.scan(status=Status.OUT_FOR_DELIVERY)])
    case = pipeline.case(CaseKind.DELIVERY_ATTEMPT_FAILED)
    assert case.state == CaseState.OPEN
    assert "stays away for 24 h" in pipeline.shown(case)
    pipeline.passes(23 * HOUR)
    pipeline.hears(checkpoints=[pipeline.scan()])
    assert pipeline.case(CaseKind.DELIVERY_ATTEMPT_FAILED).state == CaseState.OPEN
    pipeline.passes(HOUR)
    assert pipeline.case(CaseKind.DELIVERY_ATTEMPT_FAILED).state == CaseState.RESOLVED


# -- another explains it -----------------------------------------------------------------


def test_a_symptom_resolves_and_names_the_case_of_its_cause(pipeline: Pipeline) -> None:
    symptom = _is_slipping(pipeline)
    pipeline.passes(HOUR)
    pipeline.hears(checkpoints=[pipeline.scan(status=Status.ON_HOLD, reason=Reason.DOCUMENTS)])
    cause = pipeline.case(CaseKind.CUSTOMS_HOLD)

    assert pipeline.open_kinds() == [CaseKind.CUSTOMS_HOLD]
    covered = f"covered by T-{cause.id}: held at customs"
    assert covered in pipeline.shown(symptom)
    assert covered in pipeline.said(symptom)[-1]


def test_a_symptom_is_back_when_its_cause_is_gone(pipeline: Pipeline) -> None:
    symptom = _is_slipping(pipeline)
    pipeline.hears(checkpoints=[pipeline.scan(status=Status.ON_HOLD, reason=Reason.DOCUMENTS)])
    pipeline.passes(DAY)
    _slips(pipeline)
    assert pipeline.case(ETA).id == symptom.id
    assert pipeline.case(ETA).state == CaseState.OPEN
    pipeline.passes(4 * HOUR)
    assert pipeline.open_kinds() == [ETA]


# -- resolved by hand ----------------------------------------------------------------------


def _is_late(pipeline: Pipeline) -> Case:
    pipeline.hears(pipeline.order(promised=HOUR))
    pipeline.passes(2 * HOUR)
    return pipeline.case(LATE)


def test_what_was_resolved_by_hand_stays_so_until_it_is_worse(pipeline: Pipeline) -> None:
    case = _is_late(pipeline)
    pipeline.do(acting.resolve, case, "The customer has agreed to wait")
    pipeline.passes(22 * HOUR)
    assert pipeline.case(LATE).state == CaseState.RESOLVED

    pipeline.passes(HOUR)  # a day after the promise it is critical
    again = pipeline.case(LATE)
    assert (again.state, again.severity) == (CaseState.OPEN, Severity.CRITICAL)
    assert pipeline.history(case)[-1] == (CaseAction.REOPENED, "warning to critical")
    assert "now critical" in pipeline.said(case)[-1]


def test_what_was_resolved_by_hand_stays_so_through_another_that_explains_it(
    pipeline: Pipeline,
) -> None:
    case = _is_late(pipeline)
    pipeline.passes(DAY)
    pipeline.do(acting.resolve, case, "The customer has agreed to wait")
    pipeline.hears(checkpoints=[pipeline.scan(status=Status.LOST)])
    assert pipeline.open_kinds() == [CaseKind.LOST]
    pipeline.passes(HOUR)
    pipeline.hears(checkpoints=[pipeline.scan()])  # found again
    assert pipeline.open_kinds() == []


def test_what_was_resolved_by_hand_and_is_gone_may_come_back(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.do(acting.resolve, case, "A mistake of theirs")
    pipeline.passes(HOUR)
    _catches_up(pipeline)
    pipeline.passes(HOUR)
    _slips(pipeline)
    assert pipeline.case(ETA).state == CaseState.OPEN


# -- worse -----------------------------------------------------------------------------------


def _snooze_for_two_days(pipeline: Pipeline, case: Case) -> None:
    pipeline.do(acting.snooze, case, pipeline.clock() + 2 * DAY)


def _acknowledge(pipeline: Pipeline, case: Case) -> None:
    pipeline.do(acting.acknowledge, case)


@pytest.mark.parametrize("calmly", [_acknowledge, _snooze_for_two_days])
def test_what_somebody_took_calmly_is_open_again_when_it_is_worse_and_says_why(
    pipeline: Pipeline, calmly: Callable[[Pipeline, Case], None]
) -> None:
    case = _is_late(pipeline)
    calmly(pipeline, case)
    pipeline.passes(23 * HOUR)

    worse = pipeline.case(LATE)
    assert (worse.state, worse.severity) == (CaseState.OPEN, Severity.CRITICAL)
    assert worse.snoozed_until is None
    said = pipeline.said(case)[-1]
    assert said.startswith("Now critical: ")
    assert "1 day" in said
    pipeline.passes(2 * DAY)  # the end of the snooze that was: nothing more is said of it
    assert CaseAction.SNOOZE_ENDED not in [action for action, _ in pipeline.history(case)]


def test_what_is_escalated_stays_escalated_when_it_is_worse(pipeline: Pipeline) -> None:
    case = _is_late(pipeline)
    pipeline.do(acting.escalate, case, "The customer calls every hour")
    pipeline.passes(23 * HOUR)
    assert pipeline.case(LATE).state == CaseState.ESCALATED
    assert pipeline.case(LATE).severity == Severity.CRITICAL


def test_a_customer_who_matters_more_now_makes_it_worse_and_the_thread_says_so(
    pipeline: Pipeline,
) -> None:
    case = _is_late(pipeline)
    pipeline.passes(HOUR)
    pipeline.hears(pipeline.order(promised=-2 * HOUR, priority="high"))
    assert pipeline.case(LATE).severity == Severity.CRITICAL
    assert "the customer has a high priority" in pipeline.said(case)[-1]


# -- snoozed ------------------------------------------------------------------------------------


def test_a_snooze_pauses_no_detection(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.do(acting.snooze, case, pipeline.clock() + 2 * DAY)
    pipeline.hears(checkpoints=[pipeline.scan(status=Status.DELIVERED)])
    assert pipeline.case(ETA).state == CaseState.RESOLVED
    pipeline.passes(3 * DAY)
    assert pipeline.case(ETA).state == CaseState.RESOLVED


def test_a_snooze_for_the_next_checkpoint_ends_with_it(pipeline: Pipeline) -> None:
    case = _is_late(pipeline)
    pipeline.do(acting.snooze_until_checkpoint, case)
    pipeline.passes(10 * HOUR)
    assert pipeline.case(LATE).state == CaseState.SNOOZED
    pipeline.hears(checkpoints=[pipeline.scan()])
    assert pipeline.case(LATE).state == CaseState.OPEN
    assert pipeline.history(case)[-1] == (CaseAction.SNOOZE_ENDED, "a new checkpoint")


def test_an_old_checkpoint_that_arrives_late_is_not_the_next_one(pipeline: Pipeline) -> None:
    case = _is_late(pipeline)
    old = pipeline.scan()
    pipeline.passes(HOUR)
    pipeline.hears(checkpoints=[pipeline.scan()])
    pipeline.do(acting.snooze_until_checkpoint, case)
    pipeline.hears(checkpoints=[old])
    assert pipeline.case(LATE).state == CaseState.SNOOZED


def test_what_a_person_asked_for_wakes_with_the_next_checkpoint_too(pipeline: Pipeline) -> None:
    pipeline.hears(pipeline.order())
    case = pipeline.asks_where_it_is()
    pipeline.do(acting.acknowledge, case)
    pipeline.do(acting.snooze_until_checkpoint, case)
    pipeline.passes(HOUR)
    pipeline.hears(checkpoints=[pipeline.scan()])
    assert pipeline.case(CaseKind.ESCALATION).state == CaseState.OPEN
    assert pipeline.history(case)[-1] == (CaseAction.SNOOZE_ENDED, "a new checkpoint")


def test_a_snooze_until_the_promise_goes_with_the_promise(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.do(acting.snooze_until_promise, case)
    promised_at = pipeline.shipment().promised_at
    assert promised_at is not None
    assert pipeline.case(ETA).snoozed_until == promised_at

    sooner = promised_at - 4 * DAY
    pipeline.hears(pipeline.order(promised=sooner - pipeline.clock()))
    assert pipeline.case(ETA).snoozed_until == sooner
    assert "until the promise, Sun 21 Jun 10:00" in pipeline.shown(case)


def test_the_promise_comes_and_the_snooze_is_over(pipeline: Pipeline) -> None:
    pipeline.hears(pipeline.order(promised=6 * HOUR))
    pipeline.hears(checkpoints=[pipeline.scan(status=Status.ATTEMPT_FAILED)])
    case = pipeline.case(CaseKind.DELIVERY_ATTEMPT_FAILED)
    pipeline.do(acting.snooze_until_promise, case)
    pipeline.passes(HOUR)
    pipeline.hears(pipeline.order(promised=2 * HOUR, status=None))  # three hours sooner
    pipeline.passes(2 * HOUR - timedelta(seconds=1))
    assert pipeline.case(CaseKind.DELIVERY_ATTEMPT_FAILED).state == CaseState.SNOOZED
    pipeline.passes(timedelta(seconds=1))
    assert pipeline.case(CaseKind.DELIVERY_ATTEMPT_FAILED).state == CaseState.OPEN


@pytest.mark.parametrize(
    ("snooze", "reason"),
    [
        (
            lambda session, case_id, viewer, now: acting.snooze(session, case_id, viewer, now, now),
            "has passed",
        ),
        (acting.snooze_until_promise, "Its promise has passed"),
    ],
)
def test_a_snooze_into_the_past_is_refused(
    pipeline: Pipeline, snooze: Callable[..., CaseChange], reason: str
) -> None:
    case = _is_late(pipeline)
    with pytest.raises(Refused, match=reason):
        pipeline.do(snooze, case)
    assert pipeline.case(LATE).state == CaseState.OPEN


# -- the words ------------------------------------------------------------------------------------


def test_where_the_clock_stands_still_the_last_news_is_what_is_shown(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    for days in (2, 3):
        said = replace(
            pipeline.order(promised=10 * DAY - HOUR),
            estimated=START + (10 + days) * DAY,
            as_of=pipeline.clock() + timedelta(seconds=days),
        )
        pipeline.hears(said)
    assert "Expected 3 days late" in pipeline.shown(case)


def test_nobody_is_told_twice(pipeline: Pipeline) -> None:
    case = _is_late(pipeline)
    told = pipeline.said(case)
    for _ in range(3):
        pipeline.hears(pipeline.order(promised=-HOUR))
        pipeline.tick()
    assert len(pipeline.cases()) == 1
    assert pipeline.said(case) == told


def test_a_snooze_for_the_next_checkpoint_ends_though_that_makes_it_milder(
    pipeline: Pipeline,
) -> None:
    pipeline.hears(pipeline.order(promised=10 * DAY))
    pipeline.hears(checkpoints=[pipeline.scan(reason=Reason.DELAY)])
    case = pipeline.case(CaseKind.CARRIER_DELAY)
    assert case.severity == Severity.WARNING
    pipeline.do(acting.snooze_until_checkpoint, case)
    pipeline.passes(HOUR)
    pipeline.hears(checkpoints=[pipeline.scan(reason=Reason.DELAY, eta=5 * DAY)])
    assert pipeline.case(CaseKind.CARRIER_DELAY).severity == Severity.INFO
    assert pipeline.case(CaseKind.CARRIER_DELAY).state == CaseState.OPEN


def test_what_was_resolved_by_hand_when_it_looked_over_may_come_back(pipeline: Pipeline) -> None:
    case = _is_slipping(pipeline)
    pipeline.passes(HOUR)
    _catches_up(pipeline)
    assert pipeline.case(ETA).clear_since is not None
    pipeline.do(acting.resolve, case, "they caught up")
    pipeline.passes(HOUR)
    _slips(pipeline)
    assert pipeline.case(ETA).state == CaseState.OPEN
    assert [action for action, _ in pipeline.history(case)][-2:] == [
        CaseAction.RESOLVED,
        CaseAction.REOPENED,
    ]
