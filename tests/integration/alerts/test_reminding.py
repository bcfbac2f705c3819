"""That nobody has a case is said again: in working hours, at growing pauses, until somebody has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.alerts.reminding import Reminding, begin_reminding, first_reminder_at, remind_of_newcomers
from bot.book.models import Book
from bot.book.telling import QuietHoursEntry, RemindersEntry
from bot.clock import MovableClock
from storage import alert_cases, alerts, cases, due, mutes, partners
from storage.database import Database
from storage.partners import BookPartner
from storage.tables import Alert, Case, Mute, OutboxMessage
from storage.vocabulary import (
    CaseAction,
    CaseKind,
    CaseState,
    DueKind,
    OutboxMethod,
    PartnerKind,
    Severity,
)
from tests.integration.cases.pipeline import START, book_of

HOUR = timedelta(hours=1)
NIGHTS = QuietHoursEntry.model_validate({"from": "19:00", "to": "09:30"})


@dataclass
class Desk:
    """Alerts that were said at the clock's time, in a partner's channel in Berlin."""

    database: Database
    book: Book
    clock: MovableClock

    def __post_init__(self) -> None:
        with self.database.transaction() as session:
            kestrel = BookPartner("kestrel", "Kestrel", PartnerKind.CARRIER, "C0KESTREL")
            partners.sync_book(session, [kestrel])

    def was_told(self, *severities: Severity) -> int:
        """Of so many cases at once; gives the alert's id."""
        with self.database.transaction() as session:
            alert = alerts.add(session, "kestrel", "C0KESTREL", self.clock())
            assert alert.id is not None
            alert.said_at, alert.message_ts = self.clock(), "1.000100"
            new = [self._case(alert, severity, n) for n, severity in enumerate(severities)]
            cases.add_many(session, new)
            for case in new:
                assert case.id is not None
                cases.add_event(session, case.id, self.clock(), "rule", CaseAction.OPENED)
            alert_cases.join(session, [(alert.id, case.id or 0) for case in new], self.clock())
            begin_reminding(session, alert, severities[0], self.book, self.clock())
            return alert.id

    def _case(self, alert: Alert, severity: Severity, number: int) -> Case:
        return Case(
            partner_key="kestrel",
            kind=CaseKind.PROMISE_PASSED,
            subject=f"shipment:{alert.id}{number}",
            open_key=f"promise_passed:{alert.id}:{number}",
            severity=severity,
            state=CaseState.OPEN,
            facts={},
            since=self.clock() + timedelta(minutes=number),
            opened_at=self.clock(),
            changed_at=self.clock(),
            alert_id=alert.id,
        )

    def cases_of(self, alert_id: int) -> Sequence[Case]:
        with self.database.snapshot() as session:
            return alert_cases.cases_of(session, [alert_id]).get(alert_id, ())

    def becomes(self, case: Case, state: CaseState, **more: object) -> None:
        with self.database.transaction() as session:
            stored = cases.get(session, case.id or 0)
            assert stored is not None
            stored.state = state
            for name, value in more.items():
                setattr(stored, name, value)

    def reopens(self, alert_id: int) -> None:
        (case,) = self.cases_of(alert_id)
        self.becomes(case, CaseState.OPEN)
        with self.database.transaction() as session:
            cases.add_event(session, case.id or 0, self.clock(), "rule", CaseAction.REOPENED)
            alert = alerts.get(session, alert_id)
            assert alert is not None
            begin_reminding(session, alert, Severity.WARNING, self.book, self.clock())

    def next_look(self, alert_id: int) -> datetime | None:
        with self.database.snapshot() as session:
            return due.due_at(session, DueKind.REMIND_ALERT, str(alert_id))

    async def remind(self, owner: str = "this test") -> None:
        await Reminding(self.database, self.book, self.clock, owner).remind()

    async def pass_until(self, instant: datetime) -> list[datetime]:
        """Each look at its own time; gives when something was said."""
        said: list[datetime] = []
        while True:
            with self.database.snapshot() as session:
                at = due.earliest(session, DueKind.REMIND_ALERT)
            if at is None or at > instant:
                break
            self.clock.now = max(at, self.clock.now)
            before = len(self.said())
            await self.remind()
            said += [self.clock()] * (len(self.said()) - before)
        self.clock.now = instant
        return said

    def owed(self) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            return list(session.scalars(select(OutboxMessage).order_by(col(OutboxMessage.id))))

    def said(self) -> list[str]:
        return [str(message.payload["text"]) for message in self.owed()]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, book_of(), MovableClock(START))


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour - 2, minute, tzinfo=UTC)


MONDAY, TUESDAY, THURSDAY = 15, 16, 18
LATER = berlin(30, 12)


async def test_the_pauses_grow_and_lie_in_working_hours(desk: Desk) -> None:
    desk.was_told(Severity.WARNING)
    said_at = await desk.pass_until(LATER)
    assert said_at == [
        berlin(MONDAY, 14),  # 4 working hours after 10:00
        berlin(TUESDAY, 12),  # 8 more
        berlin(THURSDAY, 8),  # 16 more: not on Wednesday when everybody leaves
        berlin(23, 10),  # 32 more, and no more after it
    ]


async def test_it_is_one_line_in_the_thread_that_the_channel_sees(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    (case,) = desk.cases_of(alert_id)
    await desk.pass_until(LATER)
    first, second = desk.owed()[:2]
    assert first.method == OutboxMethod.REPLY
    assert first.alert_id == alert_id
    assert first.payload["reply_broadcast"] is True
    assert first.payload["text"] == (
        f"Nobody has taken T-{case.id} for 4 working hours: past its promise."
    )
    assert second.payload["text"] == (
        f"Nobody has taken T-{case.id} for 12 working hours: past its promise. "
        "<@U0ANNA>, who takes it?"
    )
    assert len({message.key for message in desk.owed()}) == 4


async def test_a_critical_case_is_called_for_sooner(desk: Desk) -> None:
    desk.was_told(Severity.CRITICAL)
    said_at = await desk.pass_until(berlin(TUESDAY, 12))
    assert said_at == [berlin(MONDAY, 11), berlin(MONDAY, 13), berlin(MONDAY, 17)]


@pytest.mark.parametrize(
    "state",
    [CaseState.ACKNOWLEDGED, CaseState.SNOOZED, CaseState.ESCALATED, CaseState.RESOLVED],
)
async def test_what_somebody_has_is_not_called_for(desk: Desk, state: CaseState) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    desk.becomes(desk.cases_of(alert_id)[0], state)
    assert await desk.pass_until(LATER) == []
    assert desk.next_look(alert_id) is None


async def test_what_looks_over_is_not_called_for(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    desk.becomes(desk.cases_of(alert_id)[0], CaseState.OPEN, clear_since=START + HOUR)
    assert await desk.pass_until(LATER) == []


async def test_what_is_for_information_asks_nobody(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.INFO)
    assert desk.next_look(alert_id) is None


async def test_of_several_it_says_how_many_nobody_has_and_names_the_worst(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING, Severity.CRITICAL, Severity.WARNING)
    first, worst, _ = desk.cases_of(alert_id)
    await desk.pass_until(berlin(MONDAY, 14))
    assert desk.said()[-1].startswith("Nobody has taken any of these 3 cases for 4 working hours; ")
    desk.becomes(first, CaseState.ACKNOWLEDGED)
    await desk.pass_until(berlin(MONDAY, 16))
    assert desk.said()[-1].startswith(
        f"Nobody has taken 2 of these 3 cases for 6 working hours; the worst is T-{worst.id}: "
    )


async def test_a_monday_morning_is_reminded_of_many_messages_in_one_line(desk: Desk) -> None:
    alert_ids = [desk.was_told(Severity.WARNING) for _ in range(11)]
    alert_ids.insert(7, worst := desk.was_told(Severity.CRITICAL))
    (case,) = desk.cases_of(worst)
    begin_together_at = berlin(MONDAY, 14)
    with desk.database.transaction() as session:
        together = dict.fromkeys(map(str, alert_ids), begin_together_at)
        due.schedule_many(session, DueKind.REMIND_ALERT, together)
    assert await desk.pass_until(begin_together_at) == [begin_together_at]
    assert desk.owed()[0].alert_id == worst
    assert desk.said() == [
        f"Nobody has taken T-{case.id} for 4 working hours: past its promise. "
        "11 other messages in this channel wait too: `@Tallyman exceptions` lists all."
    ]
    assert {desk.next_look(each) for each in alert_ids} == {
        berlin(MONDAY, 16),
        berlin(TUESDAY, 12),
    }


async def test_a_few_messages_are_each_reminded_of(desk: Desk) -> None:
    for _ in range(3):
        desk.was_told(Severity.WARNING)
    await desk.pass_until(berlin(MONDAY, 14))
    assert len(desk.said()) == 3
    assert not any("other messages" in said for said in desk.said())


async def test_what_comes_back_is_called_for_anew(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    await desk.pass_until(berlin(TUESDAY, 13))
    desk.becomes(desk.cases_of(alert_id)[0], CaseState.ACKNOWLEDGED)
    await desk.pass_until(berlin(19, 9))
    assert desk.next_look(alert_id) is None
    desk.reopens(alert_id)
    before = len(desk.said())
    assert (await desk.pass_until(LATER))[:1] == [berlin(19, 13)]
    assert " for 4 working hours: " in desk.said()[before]
    assert "<@" not in desk.said()[before]


async def test_one_that_comes_back_does_not_put_off_the_others(desk: Desk) -> None:
    alone = desk.was_told(Severity.WARNING)
    together = desk.was_told(Severity.WARNING, Severity.WARNING)
    desk.clock.advance(HOUR)
    for alert_id in (alone, together):
        with desk.database.transaction() as session:
            alert = alerts.get(session, alert_id)
            assert alert is not None
            begin_reminding(session, alert, Severity.WARNING, desk.book, desk.clock())
    assert desk.next_look(alone) == berlin(MONDAY, 15)
    assert desk.next_look(together) == berlin(MONDAY, 14)


async def test_newcomers_begin_it_where_it_has_ended_and_else_leave_it_alone(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    planned = desk.next_look(alert_id)
    desk.clock.advance(HOUR)

    def others_join() -> None:
        with desk.database.transaction() as session:
            alert = alerts.get(session, alert_id)
            assert alert is not None
            remind_of_newcomers(session, alert, Severity.WARNING, desk.book, desk.clock())

    others_join()
    assert desk.next_look(alert_id) == planned
    await desk.pass_until(berlin(24, 10))
    assert desk.next_look(alert_id) is None
    others_join()
    assert desk.next_look(alert_id) == berlin(24, 14)


async def test_in_quiet_hours_it_waits_and_what_is_critical_does_not(database: Database) -> None:
    book = book_of().model_copy(update={"quiet_hours": NIGHTS})
    desk = Desk(database, book, MovableClock(berlin(MONDAY, 15)))
    desk.was_told(Severity.WARNING)  # 4 working hours end on Tuesday at 9:00
    assert await desk.pass_until(berlin(TUESDAY, 11)) == [berlin(TUESDAY, 9, 30)]
    desk.clock.now = berlin(TUESDAY, 17)
    critical = desk.was_told(Severity.CRITICAL)
    desk.clock.now = berlin(17, 9)
    await desk.remind()
    assert [message.alert_id for message in desk.owed()][-1] == critical


async def test_nobody_is_reminded_of_what_is_not_in_slack_yet(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    with desk.database.transaction() as session:
        alerts.forget_message(session, alert_id)
    assert await desk.pass_until(berlin(MONDAY, 17)) == []
    with desk.database.transaction() as session:
        alerts.set_message_ts(session, alert_id, "1.000200", "C0KESTREL")
    assert await desk.pass_until(berlin(TUESDAY, 8, 30)) == [berlin(TUESDAY, 8)]


async def test_a_book_may_want_none(database: Database) -> None:
    book = book_of().model_copy(update={"reminders": RemindersEntry(at_most=0)})
    assert first_reminder_at(book, "kestrel", Severity.CRITICAL, START) is None
    desk = Desk(database, book_of(), MovableClock(START))
    desk.was_told(Severity.CRITICAL)
    desk.book = book  # as after a restart
    assert await desk.pass_until(LATER) == []


async def test_what_is_muted_is_called_for_when_the_mute_is_over(desk: Desk) -> None:
    desk.was_told(Severity.WARNING)
    with desk.database.transaction() as session:
        mutes.add(
            session,
            Mute(
                partner_key="kestrel",
                reason="strike",
                author="U0OLIVIA",
                created_at=START,
                ends_at=berlin(MONDAY, 17),
            ),
        )
    said_at = await desk.pass_until(LATER)
    assert said_at[0] == berlin(TUESDAY, 8)


async def test_two_processes_say_it_once(desk: Desk) -> None:
    alert_id = desk.was_told(Severity.WARNING)
    desk.clock.now = berlin(MONDAY, 14)
    await desk.remind("first")
    await desk.remind("second")
    assert len(desk.said()) == 1
    with desk.database.snapshot() as session:
        alert = alerts.get(session, alert_id)
        assert alert is not None
        assert alert.reminded == 1
