"""100,000 checkpoints of 25,000 new shipments through `ingest`, beside the bare driver writing the
very same rows, in transactions of the same size, into the same tables and indexes."""

import gc
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from pydantic import SecretStr
from sqlmodel import SQLModel

from bot.book.models import Book, EasyPostEntry, PartnerEntry
from bot.ingest import ingest
from bot.sources.reports import CheckpointReport, Page, Promise, ShipmentReport
from storage import partners
from storage.database import Database
from storage.partners import BookPartner
from storage.vocabulary import PartnerKind, PromiseBasis, Status

SHIPMENTS = 25_000
SHIPMENTS_PER_PAGE = 250
ROUNDS = 5
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACES = [f"Sorting centre {number}, Region {number % 9}, DE" for number in range(400)]
STEPS = (
    (Status.LABEL_CREATED, "pre_transit", "Shipment information was sent; waiting for the parcel"),
    (Status.IN_TRANSIT, "picked_up", "The parcel was picked up and is on its way to the centre"),
    (Status.IN_TRANSIT, "arrived_at_facility", "Arrived at the sorting centre of the region"),
    (Status.OUT_FOR_DELIVERY, "out_for_delivery", "Out for delivery, expected before the evening"),
)
WRITTEN = ("shipment", "checkpoint", "due")


@dataclass(frozen=True, slots=True)
class Writes:
    """What one transaction wrote to one table."""

    statement: str
    rows: Sequence[tuple[Any, ...]]


def bench_ingest_beside_the_bare_driver(tmp_path: Path) -> None:
    pages = _pages()
    transactions = _rows_by_transaction(pages, tmp_path / "model.db")
    gc.collect()
    gc.freeze()  # the pages of a whole run are the benchmark's, and none of ingest's business
    ours: list[float] = []
    bare: list[float] = []
    for round_number in range(ROUNDS):
        ours.append(_timed(_ingest, pages, tmp_path / f"ours{round_number}.db"))
        bare.append(_timed(_write_bare, transactions, tmp_path / f"bare{round_number}.db"))
    count = SHIPMENTS * len(STEPS)
    ratios = [b / o for o, b in zip(ours, bare, strict=True)]
    print(  # noqa: T201  what the benchmark is for
        f"\ningest of {count:,} checkpoints of {SHIPMENTS:,} shipments:"
        f" {count / median(ours):,.0f} checkpoints/s of its own time,"
        f" bare sqlite3 with the same rows {count / median(bare):,.0f}/s;"
        f" ratio {median(ratios):.2f} (best {max(ratios):.2f}, worst {min(ratios):.2f})"
    )
    assert _count(tmp_path / "ours0.db") == _count(tmp_path / "bare0.db")


def _pages() -> list[Page]:
    random = Random(7)  # noqa: S311  the same pages in every run
    pages = []
    for start in range(0, SHIPMENTS, SHIPMENTS_PER_PAGE):
        shipments, checkpoints = [], []
        for number in range(start, start + SHIPMENTS_PER_PAGE):
            tracking_number = f"TM{random.randrange(10**9):09d}{number:06d}"
            announced = NOW - timedelta(minutes=random.randrange(20_000))
            shipments.append(
                ShipmentReport(
                    tracking_number=tracking_number,
                    as_of=announced + timedelta(days=2),
                    partner="Northwind Parcel",
                    reference=f"trk_{number:08x}",
                    is_tracked=True,
                    carrier="Northwind",
                    service="Ground",
                    order_reference=f"PO-{random.randrange(10**7)}",
                    origin=random.choice(PLACES),
                    destination=random.choice(PLACES),
                    destination_zone="Europe/Berlin",
                    promise=Promise(announced + timedelta(days=4), PromiseBasis.GUARANTEE),
                    status=Status.OUT_FOR_DELIVERY,
                )
            )
            for step, (status, code, text) in enumerate(STEPS):
                checkpoints.append(
                    CheckpointReport(
                        tracking_number=tracking_number,
                        occurred_at=announced + timedelta(hours=9 * step, minutes=number % 50),
                        status=status,
                        raw_code=code,
                        raw_text=text,
                        location=random.choice(PLACES),
                    )
                )
        pages.append(Page(shipments=shipments, checkpoints=checkpoints))
    return pages


def _ingest(pages: Sequence[Page], path: Path) -> Callable[[], None]:
    database, book = _made(path), _book()

    def run() -> None:
        for page in pages:
            with database.transaction() as session:
                ingest(session, page, "tracker", book, NOW)
        database.close()

    return run


def _write_bare(transactions: Sequence[Sequence[Writes]], path: Path) -> Callable[[], None]:
    _made(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")

    def run() -> None:
        for transaction in transactions:
            connection.execute("BEGIN IMMEDIATE")
            for writes in transaction:
                connection.executemany(writes.statement, writes.rows)
            connection.execute("COMMIT")
        connection.close()

    return run


def _rows_by_transaction(pages: Sequence[Page], path: Path) -> list[list[Writes]]:
    """The rows that ingest writes, page by page, as the bare driver takes them."""
    database, book = _made(path), _book()
    reader = sqlite3.connect(path)
    transactions = []
    seen = dict.fromkeys(WRITTEN, 0)
    for page in pages:
        with database.transaction() as session:
            ingest(session, page, "tracker", book, NOW)
        last = reader.execute("SELECT max(id) FROM shipment").fetchone()[0]
        transactions.append([_new_rows(reader, table, seen["shipment"], last) for table in WRITTEN])
        seen["shipment"] = last
    database.close()
    reader.close()
    return transactions


def _new_rows(reader: sqlite3.Connection, table: str, after: int, last: int) -> Writes:
    key = {"shipment": "id", "checkpoint": "shipment_id", "due": "CAST(subject AS INTEGER)"}[table]
    rows = reader.execute(
        f"SELECT * FROM {table} WHERE {key} > ? AND {key} <= ?",  # noqa: S608  our own names
        (after, last),
    ).fetchall()
    marks = ", ".join("?" * len(rows[0]))
    return Writes(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def _timed(prepare: Callable[[Any, Path], Callable[[], None]], what: object, path: Path) -> float:
    run = prepare(what, path)
    gc.collect()
    start = time.process_time()  # of this process alone: others on the machine do not count
    run()
    return time.process_time() - start


def _made(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    SQLModel.metadata.create_all(database.engine)
    with database.transaction() as session:
        book_partner = BookPartner("northwind", "Northwind Parcel", PartnerKind.CARRIER, "C0NW")
        partners.sync_book(session, [book_partner])
    return database


def _book() -> Book:
    return Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        partners=(
            PartnerEntry(
                key="northwind",
                name="Northwind Parcel",
                kind=PartnerKind.CARRIER,
                time_zone="Europe/Berlin",
                channel="C0NW",
                account_manager="U0AM",
            ),
        ),
        sources=(EasyPostEntry(key="tracker", kind="easypost", api_key=SecretStr("unused")),),
    )


def _count(path: Path) -> list[int]:
    with sqlite3.connect(path) as connection:
        return [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in WRITTEN
        ]
