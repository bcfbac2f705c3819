"""Two processes on one PostgreSQL: what one of them does while the other is about to say it."""

import threading

import anyio
import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.alerts.planning import plan
from bot.alerts.reminding import remind_of
from bot.cases import acting
from bot.cases.remembering import end
from bot.ingest import ingest
from bot.judging.shipments import judge_shipments
from bot.lookups.escalating import escalate
from bot.sources.reports import Page
from storage import alert_cases, alerts, cases, due, sources
from storage.database import Database
from storage.tables import Alert, Case
from storage.vocabulary import CaseKind, DueKind
from tests.integration.cases.office import A_WAIT, Office, together
from tests.integration.cases.pipeline import DAY, HOUR, OLIVIA, OWNER, Pipeline, book_of


@pytest.fixture
def office(postgres_database: Database) -> Office:
    return Office(postgres_database, together())


def test_what_is_over_while_it_is_being_said_is_shown_to_be_over(office: Office) -> None:
    office.is_late("KP-1")
    (late,) = office.cases()
    office.clock.now += A_WAIT
    saying = threading.Thread(target=office.tick)
    with office.database.transaction() as judging:
        change = end(judging, _locked(judging, late), office.clock())
        plan(judging, [change], office.book, office.clock())
        saying.start()
        _until_it_waits_or_is_done(saying, office.database)
    saying.join()
    office.passes(HOUR)
    (post,) = office.posts()
    assert "✅" in post
    assert not office.without_words()


def test_what_was_entered_first_and_committed_last_is_told_too(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.delivers()
    first, second = office.cases()
    with office.database.transaction() as judging:
        change = end(judging, _locked(judging, first), office.clock())
        judging.flush()
        office.do(acting.acknowledge, second)
        plan(judging, [change], office.book, office.clock())
    office.passes(HOUR)
    assert any("KP-1" in reply and "resolved" in reply for reply in office.replies())
    assert not office.without_words()


def test_a_change_finds_the_storm_that_its_alert_was_merged_into(office: Office) -> None:
    office.is_late("KP-1")
    (late,) = office.cases()
    found: list[int | None] = []

    def find() -> None:
        with office.database.transaction() as session:
            told_in = alert_cases.lock_alerts_of(session, [late.id or 0])
            found.extend(alert.id for alert in told_in[late.id or 0])

    finding = threading.Thread(target=find)
    with office.database.transaction() as saying:
        storm = _merged_into_a_storm(saying, late)
        finding.start()
        _until_it_waits_or_is_done(finding, office.database)
    finding.join()
    assert found == [storm]


def test_what_is_put_off_while_its_source_is_being_heard_is_judged_at_once(
    postgres_database: Database,
) -> None:
    pipeline = Pipeline(postgres_database, book_of(), silent={"orders"})
    hears_of = pipeline.order("KP-1", promised=-HOUR)
    page = Page(shipments=[hears_of])
    with postgres_database.transaction() as session:
        sources.record_read_whole(session, "orders", pipeline.clock() - HOUR)
        ingest(session, page, "orders", pipeline.book, pipeline.clock())
    pipeline.silent.clear()
    hearing = threading.Thread(target=pipeline.read_sources)
    with postgres_database.transaction() as judging:
        judge_shipments(judging, pipeline.book, pipeline.policies, pipeline.clock(), "another")
        hearing.start()
        _until_it_waits_or_is_done(hearing, postgres_database)
    hearing.join()
    assert pipeline.cases() == []
    pipeline.silent.add("orders")
    pipeline.tick()
    assert [case.kind for case in pipeline.cases()] == [CaseKind.PROMISE_PASSED]


def test_what_somebody_takes_at_that_moment_is_not_reminded_of(office: Office) -> None:
    office.is_late("KP-1")
    office.passes(A_WAIT)
    office.delivers()
    (late,) = office.cases()
    office.clock.now += 2 * DAY

    def reminds() -> None:
        with office.database.transaction() as session:
            claimed = due.claim(session, DueKind.REMIND_ALERT, office.clock(), OWNER, HOUR, 10)
            assert claimed
            remind_of(session, office.book, claimed, office.clock())

    reminding = threading.Thread(target=reminds)
    with office.database.transaction() as taking:
        change = acting.acknowledge(taking, late.id or 0, OLIVIA, office.clock())
        plan(taking, [change], office.book, office.clock())
        reminding.start()
        _until_it_waits_or_is_done(reminding, office.database)
    reminding.join()
    assert office.replies() == []


def test_of_two_who_escalate_the_same_at_once_the_second_is_told_so(office: Office) -> None:
    office.hears(office.order("KP-1"))
    said: list[str] = []

    def escalates() -> None:
        asked = (office.book, OLIVIA, "KP-1 where is it?", office.clock())
        said.append(anyio.run(office.database.run, escalate, *asked).text)

    second = threading.Thread(target=escalates)
    with office.database.transaction() as first:
        escalate(first, office.book, OLIVIA, "KP-1 it burns", office.clock())
        second.start()
        _until_it_waits_or_is_done(second, office.database)
    second.join()
    assert "already escalated" in said[0]
    assert len(office.cases(CaseKind.ESCALATION)) == 1


def _locked(session: Session, case: Case) -> Case:
    locked = cases.lock(session, case.id or 0)
    assert locked is not None
    return locked


def _merged_into_a_storm(session: Session, late: Case) -> int | None:
    alert_id = late.alert_id or 0
    alerts.lock(session, [alert_id])
    storm = Alert(partner_key=late.partner_key, channel="C0KESTREL", created_at=late.opened_at)
    alerts.add_many(session, [storm])
    alert_cases.move(session, [alert_id], storm.id or 0)
    alerts.remove(session, [alert_id])
    return storm.id


def _until_it_waits_or_is_done(thread: threading.Thread, database: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with database.engine.connect() as connection:
        while thread.is_alive() and not connection.execute(waiting).scalar_one():
            connection.rollback()
