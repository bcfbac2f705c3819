"""What became of a shipment, and whether what was said of it was right."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.backtest.hindsight import (
    FORETELL_LATENESS,
    STATE_FACTS,
    Outcome,
    Told,
    Verdict,
    outcome_of,
)
from storage.vocabulary import CaseKind, Status

PROMISE = datetime(2026, 3, 6, 18, tzinfo=UTC)
END = PROMISE + timedelta(days=30)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("delivered_at", "status", "expected"),
    [
        (PROMISE, Status.DELIVERED, Outcome.IN_TIME),
        (PROMISE + timedelta(seconds=1), Status.DELIVERED, Outcome.LATE),
        (None, Status.LOST, Outcome.LATE),
        (None, Status.RETURNED, Outcome.LATE),
        (None, Status.CANCELLED, Outcome.OPEN),
    ],
)
def test_an_outcome_is_what_was_known_at_the_end(
    delivered_at: datetime | None, status: Status, expected: Outcome
) -> None:
    assert outcome_of(PROMISE, delivered_at, status, END) is expected


def test_what_is_not_due_by_the_end_is_neither_late_nor_in_time() -> None:
    assert outcome_of(PROMISE, None, Status.IN_TRANSIT, PROMISE) is Outcome.OPEN
    assert outcome_of(None, None, Status.IN_TRANSIT, END) is Outcome.OPEN


def test_every_kind_is_either_judged_by_the_delivery_or_not() -> None:
    judged = FORETELL_LATENESS | {CaseKind.PROMISE_PASSED}
    assert judged | STATE_FACTS == set(CaseKind)
    assert not judged & STATE_FACTS


def test_a_foretold_delay_that_did_not_come_was_wrong() -> None:
    told = Told(CaseKind.NO_SCAN, PROMISE - DAY, None, PROMISE, Outcome.IN_TIME)
    assert told.verdict is Verdict.WRONG
    assert told.is_announcement


def test_damage_is_not_made_wrong_by_a_delivery_in_time() -> None:
    told = Told(CaseKind.DAMAGED, PROMISE - DAY, None, PROMISE, Outcome.IN_TIME)
    assert told.verdict is Verdict.UNDECIDED
    assert not told.is_announcement


def test_what_is_said_after_the_promise_announces_nothing() -> None:
    told = Told(CaseKind.NO_SCAN, PROMISE, None, PROMISE, Outcome.LATE)
    assert told.verdict is Verdict.RIGHT
    assert not told.is_announcement
