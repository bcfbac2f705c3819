# ruff: noqa: S608  its statements are put together of its own words
"""A tick that judges 10,000 due shipments among 10,000, 100,000 and 1,000,000 open ones: claim,
journeys, rules, cases, the alerts they owe, and when to look again; and what a new case costs from
its finding to the outbox. All of it as it really runs."""

import gc
import resource
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from pydantic import SecretStr
from sqlmodel import Session, SQLModel

from bot.alerts.planning import plan
from bot.alerts.speaking import SAID_AT_ONCE, say
from bot.book.models import Book, EasyPostEntry, PartnerEntry
from bot.book.telling import GroupingEntry
from bot.cases.remembering import Subject, remember
from bot.judging.policies import Policies
from bot.judging.shipments import judge_shipments
from bot.rules.finding import Finding
from storage import due, partners
from storage.database import Database
from storage.partners import BookPartner
from storage.vocabulary import CaseKind, DueKind, PartnerKind, Severity, Side

OPEN_SHIPMENTS = (10_000, 100_000, 1_000_000)
DUE = 10_000
ROUNDS = 3
CASES_PLANNED = 1_000
NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)  # a Wednesday
ZONES = ("Europe/Berlin", "Europe/Paris", "America/New_York", "Asia/Kolkata")
LEASE = timedelta(minutes=1)
STORED = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy keeps instants in SQLite

_NO_STORMS = GroupingEntry(
    storm_from_cases=CASES_PLANNED + 1, storm_from_messages=CASES_PLANNED + 1
)

# Of a hundred due shipments: with a case already, its journey over since, late since just now.
REPEATED, CLEARED, LATE_SINCE = 8, 1, 1
LATE_SINCE_IN_THE_BUSY_MIX = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """What it took: seconds of this process, and of the wall's clock."""

    cpu: float
    wall: float


def bench_a_tick_among_more_and_more_shipments(tmp_path: Path) -> None:
    path = tmp_path / "judging.db"
    database, book = _made(path), _book()
    filled = 0
    medians: dict[tuple[str, int], float] = {}
    memory_before = _peak_memory()
    for size in OPEN_SHIPMENTS:
        with closing(sqlite3.connect(path)) as connection:
            _fill(connection, filled, size)
        filled = size
        for what, step, late in (
            ("the oldest 10,000", 1, LATE_SINCE),
            ("10,000 of all ages", size // DUE, LATE_SINCE),
            ("10,000 of all ages, 5 % newly late", size // DUE, LATE_SINCE_IN_THE_BUSY_MIX),
        ):
            ticks = _ticks(database, path, book, step, late)
            rates = sorted(DUE / tick.cpu for tick in ticks)
            medians[what, size] = median(tick.cpu for tick in ticks)
            print(  # noqa: T201  what the benchmark is for
                f"\n{size:>9,} open, {what}: {median(rates):,.0f} shipments/s of its own time"
                f" ({rates[0]:,.0f} to {rates[-1]:,.0f}),"
                f" {DUE / median(tick.wall for tick in ticks):,.0f}/s by the wall's clock;"
                f" {medians[what, size] / medians[what, OPEN_SHIPMENTS[0]]:.2f} times the cost"
                f" at {OPEN_SHIPMENTS[0]:,}; peak memory"
                f" {(_peak_memory() - memory_before):+,.0f} MB",
                end="",
            )
    database.close()


def bench_a_new_case_from_its_finding_to_the_outbox(tmp_path: Path) -> None:
    path = tmp_path / "planning.db"
    database, book = _made(path), _book(_NO_STORMS)
    with closing(sqlite3.connect(path)) as connection:
        _fill(connection, 0, CASES_PLANNED)
    findings = [
        Finding(
            kind=CaseKind.PROMISE_PASSED,
            subject=f"shipment:{number}",
            severity=Severity.WARNING,
            since=NOW - timedelta(hours=5),
            side=Side.CARRIER,
            facts={"hours_late": 5},
        )
        for number in range(1, CASES_PLANNED + 1)
    ]
    subjects = [
        Subject(name=finding.subject, partner_key="p0", shipment_id=number)
        for number, finding in enumerate(findings, start=1)
    ]
    remembering: list[Tick] = []
    planning: list[Tick] = []
    saying: list[Tick] = []
    said = 0
    for round_number in range(ROUNDS):
        now = NOW + timedelta(days=10 * round_number)
        with database.transaction() as session:
            for statement in ("DELETE FROM cases", "DELETE FROM case_event", *_FORGET_ALERTS):
                session.connection().exec_driver_sql(statement)
        with database.transaction() as session:
            with _timed(remembering):
                remembered = remember(session, subjects, findings, now)
            with _timed(planning):
                plan(session, remembered.changes, book, now)
            assert len(remembered.changes) == CASES_PLANNED
        with database.transaction() as session, _timed(saying):
            said = _say_all(session, book, now + timedelta(seconds=book.grouping.wait_seconds))
    print(  # noqa: T201  what the benchmark is for
        f"\na new case: {_microseconds(remembering)} to remember,"
        f" {_microseconds(planning)} to plan, {_microseconds(saying)} to say;"
        f" {CASES_PLANNED:,} cases in {said} messages"
    )
    database.close()


def _microseconds(ticks: Sequence[Tick]) -> str:
    each = sorted(tick.cpu / CASES_PLANNED * 1e6 for tick in ticks)
    return f"{median(each):,.0f} us ({each[0]:,.0f} to {each[-1]:,.0f})"


@contextmanager
def _timed(ticks: list[Tick]) -> Iterator[None]:
    gc.collect()
    gc.freeze()  # what the test runner has loaded is none of judging's business
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    ticks.append(Tick(time.process_time() - cpu, time.perf_counter() - wall))


def _ticks(database: Database, path: Path, book: Book, step: int, late: int) -> list[Tick]:
    ticks: list[Tick] = []
    for _ in range(ROUNDS):
        _prepare(database, path, book, step, late)
        with _timed(ticks):
            judged = _judge_all(database, book, NOW)
        assert judged == DUE
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute(
                "SELECT count(*) FILTER (WHERE opened_at = ?1 AND open_key IS NOT NULL),"
                " count(*) FILTER (WHERE resolved_at = ?1),"
                " count(*) FILTER (WHERE opened_at < ?1 AND open_key IS NOT NULL) FROM cases",
                (NOW.strftime(STORED),),
            ).fetchone()
        of_hundred = DUE // 100
        assert found == (late * of_hundred, CLEARED * of_hundred, REPEATED * of_hundred)
    return ticks


def _fill(connection: sqlite3.Connection, filled: int, size: int) -> None:
    """Shipments under way from `filled` + 1 to `size`, all on time, to be looked at in days."""
    hours = {
        f"h{ago}": (NOW - timedelta(hours=ago)).strftime(STORED) for ago in (5, 20, 30, 50, 60)
    }
    given = {
        "first": filled + 1,
        "last": size,
        "promised": (NOW + timedelta(days=2)).strftime(STORED),
        "now": NOW.strftime(STORED),
        **hours,
    }
    numbers = (
        "WITH RECURSIVE number(id) AS (SELECT :first UNION ALL"
        " SELECT id + 1 FROM number WHERE id < :last) "
    )
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(
        "INSERT INTO shipment (id, partner_key, tracking_number, source_key, source_reference,"
        " carrier, service, order_reference, origin, destination, destination_zone, ordered_at,"
        " value, currency, promised_at, promised_on, promise_basis, tracking_as_of, status,"
        " announced_at, first_scan_at, last_checkpoint_at, last_scan_at, created_at, changed_at)"
        f" {numbers} SELECT id, 'p' || (id % 4), printf('TM%09d', id * 7919 % 1000000007),"
        " 'tracker', printf('trk_%08x', id), 'Northwind', iif(id % 3, 'Ground', 'Express'),"
        " printf('PO-%07d', id), 'Hamburg, DE', 'Gardenway ' || (id % 400) || ', Lyon, FR',"
        " iif(id % 5, 'Europe/Paris', NULL), :h60, 120.5, 'EUR', :promised,"
        " substr(:promised, 1, 10), 'guarantee', :h5, 'in_transit', :h60, :h50, :h5, :h5, :h60,"
        " :h5 FROM number",
        given,
    )
    for at, print_of, status, told in (
        (":h60", "a", "label_created", "Shipment information was sent; waiting for the parcel"),
        (":h50", "b", "in_transit", "The parcel was picked up and is on its way to the centre"),
        (":h20", "c", "in_transit", "Arrived at the sorting centre of the region"),
        (":h5", "d", "in_transit", "Left the sorting centre of the region"),
    ):
        connection.execute(
            "INSERT INTO checkpoint (shipment_id, occurred_at, fingerprint, status, raw_code,"
            f" raw_text, location, source_key, recorded_at) {numbers}"
            f" SELECT id, {at}, '{print_of}' || printf('%015x', id), '{status}', '{status}',"
            f" '{told}', 'Centre ' || (id % 400) || ', DE', 'tracker', {at} FROM number",
            given,
        )
    connection.execute(
        "INSERT INTO estimate (shipment_id, said_at, estimated_at)"
        f" {numbers} SELECT id, :h50, :promised FROM number WHERE id % 2",
        given,
    )
    for kind in ("judge_shipment", "poll_shipment"):
        connection.execute(
            f"INSERT INTO due (kind, subject, due_at, attempt, done_at) {numbers}"
            f" SELECT '{kind}', CAST(id AS TEXT), strftime('%Y-%m-%d %H:%M:%f000', :now,"
            " '+' || (1000 + id * 7919 % 864000) || ' seconds'), 0,"
            f" {':now' if kind == 'poll_shipment' else 'NULL'} FROM number",
            given,
        )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare(database: Database, path: Path, book: Book, step: int, late: int) -> None:
    """Every `step`th shipment due, some of them with something to say, and some with a case."""
    before = NOW - timedelta(minutes=5)
    given = {
        "step": step,
        "before": before.strftime(STORED),
        "later": (NOW + timedelta(days=5)).strftime(STORED),
        "promised": (NOW + timedelta(days=2)).strftime(STORED),
        "passed": (NOW - timedelta(hours=5)).strftime(STORED),
        "delivered": (NOW - timedelta(minutes=10)).strftime(STORED),
        "repeated": REPEATED,
        "cleared": REPEATED + CLEARED,
        "late": REPEATED + CLEARED + late,
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statement in (
            "DELETE FROM cases",
            "DELETE FROM case_event",
            *_FORGET_ALERTS,
            "UPDATE due SET due_at = :later WHERE kind = 'judge_shipment' AND subject IN"
            " (SELECT CAST(id AS TEXT) FROM touched)",
            "UPDATE shipment SET promised_at = :promised, status = 'in_transit',"
            " delivered_at = NULL WHERE id IN (SELECT id FROM touched)",
            "DELETE FROM touched",
            "INSERT INTO touched WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL"
            f" SELECT n + 1 FROM number WHERE n < {DUE}) SELECT n * :step, n * 37 % 100"
            " FROM number",
            "UPDATE shipment SET promised_at = :passed WHERE id IN"
            " (SELECT id FROM touched WHERE lot < :cleared)",
            _DUE_OF_LOTS.format(lots="lot < :cleared"),
        ):
            connection.execute(statement, given)
        connection.execute("COMMIT")
    _judge_all(database, book, before)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statement in (
            "UPDATE shipment SET promised_at = :passed WHERE id IN"
            " (SELECT id FROM touched WHERE lot >= :cleared AND lot < :late)",
            "UPDATE shipment SET status = 'delivered', delivered_at = :delivered WHERE id IN"
            " (SELECT id FROM touched WHERE lot >= :repeated AND lot < :cleared)",
            _DUE_OF_LOTS.format(lots="true"),
        ):
            connection.execute(statement, given)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_FORGET_ALERTS = (
    "DELETE FROM alert",
    "DELETE FROM alert_case",
    "DELETE FROM outbox",
    "DELETE FROM due WHERE kind IN ('say_alert', 'remind_alert')",
)
_DUE_OF_LOTS = (
    "INSERT INTO due (kind, subject, due_at, attempt)"
    " SELECT 'judge_shipment', CAST(id AS TEXT), :before, 0 FROM touched WHERE {lots}"
    " ON CONFLICT (kind, subject) DO UPDATE SET due_at = :before, owner = NULL, attempt = 0"
)


def _judge_all(database: Database, book: Book, now: datetime) -> int:
    policies = Policies(book)
    judged = 0
    while True:
        with database.transaction() as session:
            count = judge_shipments(session, book, policies, now, "bench")
        if not count:
            return judged
        judged += count


def _say_all(session: Session, book: Book, now: datetime) -> int:
    said = 0
    while claimed := due.claim(session, DueKind.SAY_ALERT, now, "bench", LEASE, SAID_AT_ONCE):
        say(session, book, claimed, now)
        said += len(claimed)
    return said


def _made(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    SQLModel.metadata.create_all(database.engine)
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "CREATE TABLE touched (id INTEGER PRIMARY KEY, lot INTEGER)"
        )
        partners.sync_book(
            session,
            [
                BookPartner(f"p{number}", f"Northwind {zone}", PartnerKind.CARRIER, f"C0NW{number}")
                for number, zone in enumerate(ZONES)
            ],
        )
    return database


def _book(grouping: GroupingEntry | None = None) -> Book:
    return Book(
        grouping=grouping or GroupingEntry(),
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        partners=tuple(
            PartnerEntry(
                key=f"p{number}",
                name=f"Northwind {zone}",
                kind=PartnerKind.CARRIER,
                time_zone=zone,
                channel=f"C0NW{number}",
                account_manager="U0AM",
            )
            for number, zone in enumerate(ZONES)
        ),
        sources=(EasyPostEntry(key="tracker", kind="easypost", api_key=SecretStr("unused")),),
    )


def _peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # MB
