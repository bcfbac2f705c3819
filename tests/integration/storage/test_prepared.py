"""Statements that are put into words once say the same to both databases, and read little."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel, col

from storage import cases, due
from storage.bulk import Prepared
from storage.database import Database
from storage.statements import is_among
from storage.tables import Case, Partner, Shipment
from storage.vocabulary import CaseState, DueKind

NOW = datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=UTC)
SHIPMENT = SQLModel.metadata.tables["shipment"]
OF_NUMBERS = Prepared(
    select(
        SHIPMENT.c.tracking_number,
        SHIPMENT.c.promised_at,
        SHIPMENT.c.promised_on,
        SHIPMENT.c.is_return,
        SHIPMENT.c.value,
        SHIPMENT.c.provenance,
    )
    .where(
        is_among(SHIPMENT.c.tracking_number, "numbers"), SHIPMENT.c.status == bindparam("now_is")
    )
    .order_by(SHIPMENT.c.id)
)


def with_shipments(database: Database) -> Database:
    with database.transaction() as session:
        session.add(Partner(key="acme", name="Acme", kind="carrier", channel="C0ACME"))
        session.flush()
        for number, status in (("A'1", "in_transit"), ("B2", "in_transit"), ("C3", "delivered")):
            session.add(
                Shipment(
                    partner_key="acme",
                    tracking_number=number,
                    source_key="orders",
                    status=status,
                    promised_at=NOW,
                    promised_on=date(2026, 3, 2),
                    is_return=number == "B2",
                    value=12.5,
                    provenance={"by": ["orders", 1]} if number == "B2" else None,
                    created_at=NOW,
                    changed_at=NOW,
                )
            )
    return database


def test_it_reads_what_the_columns_keep(database: Database) -> None:
    with with_shipments(database).snapshot() as session:
        found = OF_NUMBERS.execute(session, numbers=["C3", "B2", "A'1", "X"], now_is="in_transit")
    day = date(2026, 3, 2)
    assert found == [
        ("A'1", NOW, day, False, 12.5, None),
        ("B2", NOW, day, True, 12.5, {"by": ["orders", 1]}),
    ]


def test_it_sees_what_was_changed_and_is_not_written_yet(database: Database) -> None:
    with with_shipments(database).transaction() as session:
        (shipment,) = session.scalars(select(Shipment).where(col(Shipment.status) == "delivered"))
        shipment.status = "lost"
        assert [row[0] for row in OF_NUMBERS.execute(session, numbers=["C3"], now_is="lost")]


def test_nothing_is_among_nothing_and_a_parameter_that_is_missing_is_no_null(
    database: Database,
) -> None:
    with with_shipments(database).snapshot() as session:
        assert OF_NUMBERS.execute(session, numbers=[], now_is="in_transit") == []
        with pytest.raises(KeyError):
            OF_NUMBERS.execute(session, numbers=["B2"])


def test_models_are_found_by_it_too(database: Database) -> None:
    by_number = select(Shipment).where(is_among(col(Shipment.tracking_number), "numbers"))
    with with_shipments(database).snapshot() as session:
        found = session.scalars(by_number, {"numbers": ["A'1", "C3"]}).all()
    assert {shipment.tracking_number for shipment in found} == {"A'1", "C3"}


def test_asking_for_a_few_that_are_due_does_not_read_all(sqlite_database: Database) -> None:
    def ask(session: Session) -> None:
        assert due.due_at_of(session, DueKind.JUDGE_SHIPMENT, ["17"]) == {"17": NOW}

    def make(session: Session, many: int) -> None:
        subjects = {str(number): NOW for number in range(many)}
        due.schedule_missing(session, DueKind.JUDGE_SHIPMENT, subjects)

    few, many = _steps(sqlite_database, make, ask, 100), _steps(sqlite_database, make, ask, 5_000)
    assert many < 2 * few


def test_looking_for_what_was_resolved_lately_does_not_read_all_that_ever_was(
    sqlite_database: Database,
) -> None:
    def ask(session: Session) -> None:
        (found,) = cases.resolved_since(session, ["shipment:17"], NOW - timedelta(hours=72))
        assert found.subject == "shipment:17"

    def make(session: Session, many: int) -> None:
        known = len(session.scalars(select(Case)).all())
        session.add_all(
            Case(
                kind="no_scan",
                subject=f"shipment:{number}",
                severity="warning",
                state=CaseState.RESOLVED,
                facts={},
                since=NOW,
                opened_at=NOW,
                changed_at=NOW,
                resolved_at=NOW,
            )
            for number in range(known, many)
        )

    few, many = _steps(sqlite_database, make, ask, 100), _steps(sqlite_database, make, ask, 3_000)
    assert many < 2 * few


def test_of_those_resolved_lately_one_that_still_holds_its_key_is_not_over(
    database: Database,
) -> None:
    """It was resolved by hand, and its condition is there yet."""
    with database.transaction() as session:
        for key in (None, "no_scan shipment:1"):
            session.add(
                Case(
                    kind="no_scan",
                    subject="shipment:1",
                    open_key=key,
                    severity="warning",
                    state=CaseState.RESOLVED,
                    facts={},
                    since=NOW,
                    opened_at=NOW,
                    changed_at=NOW,
                    resolved_at=NOW,
                )
            )
        (found,) = cases.resolved_since(session, ["shipment:1"], NOW)
        assert found.open_key is None


def _steps(
    database: Database,
    make: Callable[[Session, int], None],
    ask: Callable[[Session], None],
    many: int,
) -> int:
    """How many the database took to answer among so many."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    with database.transaction() as session:
        make(session, many)
        session.flush()
        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 1)
        ask(session)
        driver.set_progress_handler(None, 1)
    return counted
