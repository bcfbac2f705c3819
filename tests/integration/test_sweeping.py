"""What was said long ago is forgotten, and nothing that is not over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.clock import MovableClock
from bot.sweeping import EVERY, KEPT_FOR, Sweeping, schedule_sweeping
from storage import alerts, due, outbox
from storage.database import Database
from storage.outbox.sweeping import SWEPT_AT_ONCE
from storage.vocabulary import DueKind, OutboxMethod, OutboxState
from tests.states_of_outbox import states_of_outbox

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWNER = "this test"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def sweeping(database: Database, clock: MovableClock) -> Sweeping:
    with database.transaction() as session:
        schedule_sweeping(session, clock())
    return Sweeping(database, clock, OWNER)


def _owe(session: Session, key: str, alert_id: int | None = None) -> int:
    return outbox.put(
        session,
        key=key,
        method=OutboxMethod.POST,
        channel=f"C0{key.upper()}",
        payload={"text": key},
        urgency=2,
        now=NOON,
        alert_id=alert_id,
    )


def _say_all(session: Session) -> None:
    limits = dict.fromkeys(OutboxMethod, 10_000)
    for message, _ in outbox.claim(session, NOON, OWNER, HOUR, limits=limits):
        outbox.mark_sent(session, message.id or 0, OWNER, f"{message.id}.1", NOON)


def _told(session: Session, key: str, resolved_at: datetime | None) -> None:
    alert = alerts.add(session, "kestrel", f"C0{key.upper()}", NOON)
    alert.resolved_at = resolved_at
    _owe(session, key, alert.id)


async def test_what_was_said_a_month_ago_and_is_over_is_forgotten(
    database: Database, clock: MovableClock, sweeping: Sweeping
) -> None:
    with database.transaction() as session:
        _owe(session, "digest")
        _told(session, "over", resolved_at=NOON)
        _told(session, "open", resolved_at=None)
        _say_all(session)
        (dead,) = [_owe(session, "dead")]
        outbox.claim(session, NOON, OWNER, HOUR, limits={OutboxMethod.POST: 1})
        outbox.mark_dead(session, dead, OWNER, "channel_not_found")
        _owe(session, "waiting")

    clock.advance(KEPT_FOR)
    await sweeping.sweep()
    with database.snapshot() as session:
        everything = {OutboxState.SENT: 3, OutboxState.DEAD: 1, OutboxState.PENDING: 1}
        assert states_of_outbox(session) == everything

    clock.advance(EVERY)
    await sweeping.sweep()
    with database.snapshot() as session:
        assert states_of_outbox(session) == everything | {OutboxState.SENT: 1}
        assert due.due_at(session, DueKind.SWEEP, "outbox") == clock() + EVERY


async def test_all_of_a_great_many_is_forgotten_in_one_go(
    database: Database, clock: MovableClock, sweeping: Sweeping
) -> None:
    with database.transaction() as session:
        for number in range(SWEPT_AT_ONCE + 1):
            _owe(session, f"digest{number}")
        _say_all(session)
    clock.advance(KEPT_FOR + EVERY)
    await sweeping.sweep()
    with database.snapshot() as session:
        assert states_of_outbox(session) == {}
