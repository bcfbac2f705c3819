"""Partners follow book and Slack; cases keep their history; sources keep their health."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage import cases, due, partners, set_aside, sources
from storage.database import Database
from storage.partners import BookPartner
from storage.set_aside import BadInput
from storage.tables import Case
from storage.vocabulary import (
    CaseAction,
    CaseKind,
    CaseState,
    DueKind,
    PartnerKind,
    Severity,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACME = BookPartner("acme", "Acme Freight", PartnerKind.CARRIER, "C0ACME")
BOLT = BookPartner("bolt", "Bolt Parcel", PartnerKind.SUPPLIER, "C0BOLT")


def case(subject: str, severity: Severity = Severity.WARNING, **more: object) -> Case:
    given: dict[str, Any] = {
        "partner_key": "acme",
        "kind": CaseKind.NO_SCAN,
        "subject": subject,
        "open_key": f"no_scan:{subject}",
        "severity": severity,
        "state": CaseState.OPEN,
        "facts": {"hours": 12},
        "since": NOW,
        "opened_at": NOW,
        "changed_at": NOW,
    }
    return Case(**given | more)


def test_who_leaves_the_book_stays_as_a_row_and_comes_back(database: Database) -> None:
    with database.transaction() as session:
        partners.sync_book(session, [ACME, BOLT])
        partners.sync_book(session, [ACME])
        assert partners.by_channel(session, "C0BOLT") == []
        gone = partners.get(session, "bolt")
        assert gone is not None
        assert not gone.in_book
        partners.sync_book(session, [ACME, BOLT])
        assert [each.key for each in partners.by_channel(session, "C0BOLT")] == ["bolt"]
        assert gone.in_book


def test_a_channel_that_slack_changed_survives_until_the_book_says_something_new(
    database: Database,
) -> None:
    with database.transaction() as session:
        partners.sync_book(session, [ACME, BOLT])
        assert partners.change_channel(session, "C0ACME", "C9NEW") == 1
    with database.transaction() as session:
        partners.sync_book(session, [ACME, BOLT])
        assert [p.key for p in partners.by_channel(session, "C9NEW")] == ["acme"]
        moved = BookPartner("acme", "Acme", PartnerKind.CARRIER, "C0OTHER")
        partners.sync_book(session, [moved, BOLT])
        (acme,) = partners.by_channel(session, "C0OTHER")
        assert acme.name == "Acme"


def test_open_cases_come_worst_first_and_only_the_partners_own(database: Database) -> None:
    with database.transaction() as session:
        partners.sync_book(session, [ACME, BOLT])
        for new in (
            case("shipment:1", Severity.INFO),
            case("shipment:2", Severity.CRITICAL),
            case("shipment:3", Severity.CRITICAL, since=NOW - timedelta(hours=5)),
            case("shipment:4", Severity.CRITICAL, partner_key="bolt"),
            case("source:x", partner_key=None),
            case("shipment:5", state=CaseState.RESOLVED),
        ):
            cases.add(session, new)
    with database.snapshot() as session:
        mine = [c.subject for c in cases.list_open(session, "acme")]
        assert mine == ["shipment:3", "shipment:2", "shipment:1"]
        assert cases.count_open(session, None) == 5
        held = cases.open_of_subjects(session, ["shipment:5", "shipment:1", "shipment:99"])
        assert sorted(held) == ["shipment:1", "shipment:5"]
        assert list(cases.open_by_key(session, ["no_scan:shipment:2", "x"])) == [
            "no_scan:shipment:2"
        ]


def test_the_database_forbids_a_second_open_case(database: Database) -> None:
    with database.transaction() as session:
        partners.sync_book(session, [ACME])
        cases.add(session, case("shipment:1"))
        cases.add(session, case("shipment:1", open_key=None, state=CaseState.RESOLVED))
    with pytest.raises(IntegrityError), database.transaction() as session:
        cases.add(session, case("shipment:1"))


def test_a_case_keeps_its_history_in_order(database: Database) -> None:
    with database.transaction() as session:
        partners.sync_book(session, [ACME])
        opened = case("shipment:1")
        cases.add(session, opened)
        assert opened.id is not None
        cases.add_event(session, opened.id, NOW, "rule", CaseAction.OPENED)
        cases.add_event(session, opened.id, NOW, "U0ANN", CaseAction.ACKNOWLEDGED, "on it")
    with database.snapshot() as session:
        told = [(e.actor, e.action, e.note) for e in cases.history(session, opened.id)]
    assert told == [("rule", "opened", None), ("U0ANN", "acknowledged", "on it")]


def test_a_source_that_fails_is_counted_and_one_that_answers_is_well_again(
    database: Database,
) -> None:
    with database.transaction() as session:
        assert sources.record_failure(session, "feed", NOW, "time-out\0") == 1
        assert sources.record_failure(session, "feed", NOW, "x" * 5000) == 2
        sources.save_cursor(session, "feed", {"before": "trk_9"}, NOW)
    with database.transaction() as session:
        sources.record_success(session, "feed", NOW, brought_news=False)
        (health,) = sources.list_all(session)
        assert (health.failures_in_a_row, health.last_error) == (0, None)
        assert (health.last_success_at, health.last_news_at) == (NOW, None)
        assert sources.start_reading(session, "feed", NOW) == {"before": "trk_9"}
        assert sources.start_reading(session, "never seen", NOW) is None


def test_bad_input_stays_until_its_file_is_read_again_without_it(database: Database) -> None:
    bad = [BadInput("orders.csv:17", "no number", "a;b\0"), BadInput("other.csv:1", "why", "")]
    with database.transaction() as session:
        set_aside.record(session, "folder", bad, NOW)
        set_aside.record(session, "folder", bad[:1], NOW + timedelta(hours=1))
        first = set_aside.list_of(session, "folder")[0]
        assert (first.place, first.first_seen_at) == ("orders.csv:17", NOW)
        assert first.last_seen_at == NOW + timedelta(hours=1)
        assert set_aside.counts(session) == {"folder": 2}
        assert set_aside.mend(session, "folder", ["orders.csv"], ["orders.csv:17"]) == 0
        assert set_aside.mend(session, "folder", ["orders.csv"], []) == 1
        assert [row.place for row in set_aside.list_of(session, None)] == ["other.csv:1"]


def test_a_writer_waits_for_a_locked_database_and_a_reader_does_not(
    sqlite_database: Database,
) -> None:
    with sqlite_database.transaction() as session:
        due.schedule(session, DueKind.POLL_SOURCE, "feed", NOW)
    blocker = sqlite3.connect(
        str(sqlite_database.url.database), isolation_level=None, check_same_thread=False
    )
    blocker.execute("BEGIN IMMEDIATE")
    written = threading.Event()

    def write() -> None:
        with sqlite_database.transaction() as session:
            due.schedule(session, DueKind.POLL_SOURCE, "feed", NOW + timedelta(hours=1))
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    with sqlite_database.snapshot() as session:
        assert due.earliest(session, DueKind.POLL_SOURCE) == NOW
    assert not written.is_set()
    blocker.execute("COMMIT")
    blocker.close()
    writer.join()
    with sqlite_database.snapshot() as session:
        assert due.earliest(session, DueKind.POLL_SOURCE) == NOW + timedelta(hours=1)
