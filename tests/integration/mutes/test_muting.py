"""What a mute holds back, and what is said when it ends: once, whoever dies or comes second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.mutes.ending import end_by_clock
from bot.mutes.holding_back import held_back
from storage import cases, due, shipments
from storage.database import Database
from storage.vocabulary import AlertForm, CaseState, DueKind, OutboxMethod, Severity
from tests.integration.cases.pipeline import DAY, HOUR, START
from tests.integration.mutes.office import LEASE, NIGHT, Office, book_of_two

STRIKE = "kestrel for 3 days reason the depot is on strike"
TUESDAY_MORNING = datetime(2026, 6, 16, 5, tzinfo=UTC)  # seven o'clock in Berlin
ANOTHER = "another process"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, book_of_two())


# -- held back -----------------------------------------------------------------------------------


def test_a_muted_case_is_noticed_and_not_said(office: Office) -> None:
    mute = office.mutes(STRIKE)
    office.is_late("KP-1")
    office.is_late("BW-1", of="brightwater")

    assert office.case_of("KP-1").muted_by == mute.id
    assert office.posts() == []
    assert len(office.posts("C0BRIGHTWATER")) == 1


def test_what_changes_while_it_is_muted_is_not_said_either(office: Office) -> None:
    mute = office.mutes(STRIKE)
    office.is_late("KP-1")
    office.passes(DAY)
    office.arrives("KP-1")

    case = office.case_of("KP-1")
    assert (case.state, case.alert_id, case.muted_by) == (CaseState.RESOLVED, None, mute.id)
    assert office.posts() == []


def test_its_notice_is_owed_with_the_mute_and_is_no_alert_to_be_reminded_of(
    office: Office,
) -> None:
    mute = office.mutes(STRIKE)
    (notice,) = office.alerts(AlertForm.NOTICE)
    assert notice.id == mute.alert_id
    assert (notice.partner_key, notice.channel) == ("kestrel", "C0KESTREL")
    (owed,) = office.owed(OutboxMethod.POST)
    assert owed.key == f"alert:{notice.id}"
    office.passes(2 * DAY)
    assert len(office.owed(OutboxMethod.POST)) == 1


# -- and told ------------------------------------------------------------------------------------


def test_the_end_says_what_came_up_and_announces_what_is_open(office: Office) -> None:
    office.mutes(STRIKE)
    office.is_late("KP-1", "KP-2", "KP-3")
    office.passes(DAY)
    office.arrives("KP-2")
    office.later(2 * DAY)

    (said,) = office.ends_said()
    assert "3 cases (Past its promise) held back meanwhile: 2 still open, told next." in said
    (post,) = office.posts()
    assert "KP-1" in post
    assert "KP-2" not in post
    assert "KP-3" in post
    assert len(office.alerts(AlertForm.HELD_BACK)) == 1
    assert office.unsaid() == []
    (over,) = office.owed(OutboxMethod.REPLY)
    assert over.payload["reply_broadcast"] is True


def test_after_its_time_nothing_is_held_back_though_nobody_ended_it_yet(office: Office) -> None:
    office.mutes(STRIKE)
    office.passes(3 * DAY)
    office.is_late("KP-1")
    assert len(office.posts()) == 1
    assert office.ends_what_is_due() == 1
    assert "Nothing came up meanwhile." in office.ends_said()[0]


def test_what_is_over_before_the_end_is_told_is_only_counted(office: Office) -> None:
    """The process was down when the mute ended; the good news is read first."""
    office.mutes(STRIKE)
    office.is_late("KP-1")
    office.passes(3 * DAY + HOUR)
    office.arrives("KP-1")
    office.ends_what_is_due()

    assert office.posts() == []
    (said,) = office.ends_said()
    assert "1 case (Past its promise) held back meanwhile; all of it is over." in said


def test_what_another_mute_covers_too_stays_quiet_until_that_one_ends(office: Office) -> None:
    office.mutes(STRIKE)
    customs = office.mutes("late for 5 days reason we mend the promises")
    office.is_late("KP-1", "KP-2")
    assert office.case_of("KP-1").muted_by == customs.id, "the one that ends last"
    office.later(3 * DAY)
    assert "Nothing came up" in office.ends_said()[0]

    strike = office.mutes(STRIKE)
    office.unmutes(customs)
    office.ends_what_is_due()
    (said,) = office.ends_said("C0OPS")
    assert "2 cases (Past its promise) held back meanwhile: 2 still open, 2 held back by" in said
    assert office.posts() == []
    assert office.case_of("KP-1").muted_by == strike.id

    office.later(3 * DAY)
    assert "2 still open, told next" in office.ends_said()[1]
    assert len(office.posts()) == 1


def test_two_mutes_that_end_together_are_told_in_one_message(office: Office) -> None:
    office.is_late("KP-0", to="Accra")
    before = len(office.posts())
    office.mutes('kestrel lane "Hamburg → Accra" for 3 days reason the port is closed')
    office.mutes("kestrel kind lost for 3 days reason we look for it")
    office.is_late("KP-1", to="Accra")
    office.later(3 * DAY)
    assert len(office.posts()) == before + 1
    assert len(office.ends_said()) == 2


def test_what_a_mute_of_all_partners_held_back_is_told_to_each_alone(office: Office) -> None:
    office.mutes("late for 1 day reason we mend the promises")
    office.is_late("KP-1")
    office.is_late("BW-1", of="brightwater")
    office.later(DAY)

    (kestrel,), (brightwater,) = office.posts(), office.posts("C0BRIGHTWATER")
    assert "KP-1" in kestrel
    assert "BW-1" not in kestrel
    assert "BW-1" in brightwater
    assert "2 cases" in office.ends_said("C0OPS")[0]


def test_what_comes_back_after_the_mute_is_told(office: Office) -> None:
    mute = office.mutes(STRIKE)
    office.is_late("KP-1")
    office.passes(DAY)
    moved = office.order("KP-1", promised=9 * DAY)
    office.hears(moved)
    office.passes(HOUR)
    assert office.case_of("KP-1").state == CaseState.RESOLVED
    office.unmutes(mute)
    office.ends_what_is_due()
    assert office.posts() == []

    office.passes(HOUR)
    office.hears(office.order("KP-1", promised=-HOUR))
    assert office.case_of("KP-1").state == CaseState.OPEN
    assert len(office.posts()) == 1


# -- once, whatever happens ------------------------------------------------------------------------


def test_a_process_that_dies_between_the_end_and_its_telling_is_followed_by_another(
    office: Office,
) -> None:
    office.mutes(STRIKE)
    office.is_late("KP-1")
    office.passes(3 * DAY)
    (claimed,) = office.claims_ends()
    office.ends(claimed)
    assert office.ends_said() == []
    assert office.claims_ends(ANOTHER) == [], "its lease runs"

    office.passes(LEASE)
    assert office.ends_what_is_due(ANOTHER) == 1
    assert len(office.ends_said()) == 1
    assert len(office.posts()) == 1
    office.tells(claimed)
    assert office.ends_what_is_due() == 0
    assert len(office.ends_said()) == 1, "the first one comes to, and is not heard any more"
    assert len(office.posts()) == 1


def test_ended_by_hand_while_its_time_comes_it_is_told_once(office: Office) -> None:
    mute = office.mutes(STRIKE)
    office.is_late("KP-1")
    office.passes(3 * DAY - timedelta(seconds=1))
    assert "is over" in office.unmutes(mute)
    office.passes(timedelta(seconds=1))
    (claimed,) = office.claims_ends()
    assert "is over since" in office.unmutes(mute)
    office.ends(claimed)
    office.tells(claimed)
    assert office.ends_what_is_due() == 0
    (said,) = office.ends_said()
    assert "ended early by <@U0OLIVIA>" in said
    assert len(office.posts()) == 1


def test_a_lease_that_somebody_breaks_by_hand_tells_nothing(office: Office) -> None:
    mute = office.mutes(STRIKE)
    office.is_late("KP-1")
    with office.database.transaction() as session:
        due.schedule(session, DueKind.END_MUTE, str(mute.id), office.clock())
    (claimed,) = office.claims_ends()
    office.ends(claimed)  # too early by the clock: it is left alone
    office.unmutes(mute)
    office.tells(claimed)
    assert office.ends_said() == []
    assert office.ends_what_is_due(ANOTHER) == 1
    assert len(office.ends_said()) == 1


def test_a_mute_that_is_not_over_is_put_back(office: Office) -> None:
    mute = office.mutes(STRIKE)
    with office.database.transaction() as session:
        due.schedule(session, DueKind.END_MUTE, str(mute.id), office.clock())
    assert office.ends_what_is_due() == 1
    assert office.ends_said() == []
    office.later(3 * DAY)
    assert len(office.ends_said()) == 1


@contextmanager
def _holding_back(office: Office, number: str) -> Iterator[Session]:
    """A process that has just decided to hold a case back, and has not committed."""
    with office.database.transaction() as session:
        (shipment,) = shipments.find(session, number, None)
        (case,) = cases.of_shipment(session, shipment.id or 0)
        case.alert_id = case.muted_by = None
        held = held_back(session, [case], office.clock())
        assert held
        case.muted_by = held[case.id or 0]
        yield session


def _wait_until_it_waits(thread: threading.Thread, database: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with database.engine.connect() as connection:
        while not connection.execute(waiting).scalar_one():
            assert thread.is_alive(), "it did not wait"
            connection.rollback()


def test_whoever_ends_a_mute_sees_what_is_being_held_back_at_that_moment(
    postgres_database: Database,
) -> None:
    office = Office(postgres_database, book_of_two())
    office.is_late("KP-1")
    mute = office.mutes(STRIKE)
    office.passes(3 * DAY - timedelta(seconds=1))

    def end() -> None:
        with postgres_database.transaction() as session:
            end_by_clock(session, mute.id or 0, mute.ends_at)

    ending = threading.Thread(target=end)
    with _holding_back(office, "KP-1"):
        ending.start()
        _wait_until_it_waits(ending, postgres_database)
    ending.join()
    office.later(timedelta(seconds=1))
    assert "1 case (Past its promise) held back meanwhile: 1 still open" in office.ends_said()[0]
    assert office.unsaid() == []


def test_many_processes_hold_back_under_one_mute_at_once(postgres_database: Database) -> None:
    office = Office(postgres_database, book_of_two())
    office.is_late("KP-1", "KP-2")
    office.mutes(STRIKE)
    with _holding_back(office, "KP-1"), _holding_back(office, "KP-2"):
        pass
    assert len(office.unsaid()) == 2


# -- nights ----------------------------------------------------------------------------------------


def test_what_ends_in_quiet_hours_is_said_when_they_are_over(database: Database) -> None:
    office = Office(database, book_of_two(quiet_hours=NIGHT))
    office.mutes("kestrel until today 22:00 reason the yard is closed")
    office.is_late("KP-1")
    office.until(START + 13 * HOUR)

    assert office.ends_said() == []
    assert office.posts() == []
    assert "No longer muted" in str(office.owed(OutboxMethod.POST)[0].payload)

    office.until(TUESDAY_MORNING)
    assert len(office.ends_said()) == 1
    assert len(office.posts()) == 1
    office.later(DAY)
    assert len(office.ends_said()) == 1


def test_what_another_mute_goes_on_to_hold_back_is_counted_in_the_morning(
    database: Database,
) -> None:
    office = Office(database, book_of_two(quiet_hours=NIGHT))
    office.mutes("kestrel until today 22:00 reason the yard is closed")
    office.is_late("KP-1")
    promises = office.mutes("late for 5 days reason we mend the promises")
    office.until(START + 13 * HOUR)
    office.until(TUESDAY_MORNING)
    (said,) = office.ends_said()
    assert "1 case (Past its promise) held back meanwhile: 1 still open, 1 held back by" in said
    assert office.posts() == []
    assert office.case_of("KP-1").muted_by == promises.id


def test_what_is_critical_does_not_wait_for_the_morning(database: Database) -> None:
    office = Office(database, book_of_two(quiet_hours=NIGHT))
    office.mutes("kestrel until today 22:00 reason the yard is closed")
    office.is_late("KP-1", priority="high")
    office.is_late("KP-2")
    assert office.case_of("KP-1").severity == Severity.CRITICAL
    office.until(START + 13 * HOUR)

    (post,) = office.posts()
    assert "KP-1" in post
    assert "KP-2" not in post
    assert office.ends_said() == []
    office.until(TUESDAY_MORNING)
    assert len(office.posts()) == 2
    assert "2 still open" in office.ends_said()[0]


def test_what_a_person_ends_in_quiet_hours_is_said_at_once(database: Database) -> None:
    office = Office(database, book_of_two(quiet_hours=NIGHT))
    mute = office.mutes(STRIKE)
    office.is_late("KP-1")
    office.until(START + 13 * HOUR)
    office.unmutes(mute)
    office.ends_what_is_due()
    assert len(office.ends_said()) == 1


# -- handed over ---------------------------------------------------------------------------------


def test_a_case_that_becomes_another_partners_leaves_the_mute(office: Office) -> None:
    office.mutes(STRIKE)
    office.is_late("KP-1")
    with office.database.transaction() as session:
        (shipment,) = shipments.find(session, "KP-1", None)
        shipment.partner_key = "brightwater"
        (case,) = cases.hand_over(session, shipment.id or 0, "brightwater", office.clock())
        assert held_back(session, [case], office.clock()) == {}
