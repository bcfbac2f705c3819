"""A small book, and a look at every row that ingest writes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel

from bot.book.models import Book, EasyPostEntry, FolderEntry, MatchEntry, PartnerEntry
from bot.ingest import Ingested, ingest
from bot.sources.reports import Page
from storage import partners
from storage.database import Database
from storage.partners import BookPartner
from storage.vocabulary import PartnerKind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WRITTEN = ("shipment", "checkpoint", "estimate", "measurement", "due", "set_aside")

Rows = dict[str, list[dict[str, Any]]]
Told = tuple[str, Page]
"""A page, and the source that it comes from."""


@pytest.fixture
def book() -> Book:
    def partner(key: str, name: str, zone: str, *aliases: str) -> PartnerEntry:
        return PartnerEntry(
            key=key,
            name=name,
            kind=PartnerKind.CARRIER,
            time_zone=zone,
            channel=f"C0{key.upper()}",
            account_manager="U0AM",
            aliases=aliases,
        )

    return Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        partners=(
            partner("northwind", "Northwind Parcel", "Europe/Berlin", "NW Parcel"),
            partner("bluebird", "Bluebird Freight", "America/New_York"),
            partner("harbor", "Harbor Fulfilment", "Asia/Tokyo"),
        ),
        sources=(
            EasyPostEntry(
                key="tracker", kind="easypost", api_key=SecretStr("unused"), follow_every_minutes=30
            ),
            FolderEntry.model_validate({"key": "orders", "kind": "folder", "path": "orders"}),
        ),
        matching=(
            MatchEntry(partner="northwind", carrier="northwind"),
            MatchEntry(partner="bluebird", carrier="Bluebird", service="freight"),
            MatchEntry(partner="bluebird", tracking_number=r"BB\d+"),
        ),
    )


@pytest.fixture
def take(database: Database, book: Book) -> Callable[..., Ingested]:
    """Takes in one page: `take(page, source="orders", at=NOW)`."""
    _know_partners(database, book)

    def take_in(page: Page, source: str = "orders", at: datetime = NOW) -> Ingested:
        with database.transaction() as session:
            return ingest(session, page, source, book, at)

    return take_in


@pytest.fixture
def rows(database: Database) -> Callable[[], Rows]:
    """All that ingest has written so far."""

    def look() -> Rows:
        with database.snapshot() as session:
            return _rows(session)

    return look


@pytest.fixture
def tables_after(sqlite_database: Database, book: Book) -> Callable[[Sequence[Told]], Rows]:
    """What the tables hold when these pages of these sources, and no others, came in this order."""
    _know_partners(sqlite_database, book)

    def after(pages: Sequence[Told]) -> Rows:
        with sqlite_database.transaction() as session:
            for name in WRITTEN[::-1]:
                session.execute(delete(SQLModel.metadata.tables[name]))
            for source, page in pages:
                ingest(session, page, source, book, NOW)
            return _rows(session)

    return after


def _know_partners(database: Database, book: Book) -> None:
    with database.transaction() as session:
        partners.sync_book(
            session, [BookPartner(p.key, p.name, p.kind, p.channel) for p in book.partners]
        )


def _rows(session: Session) -> Rows:
    """Every row, with tracking numbers in place of ids: those depend on who came first."""
    tables = SQLModel.metadata.tables
    shipments = {
        row.id: f"{row.partner_key} {row.tracking_number}"
        for row in session.execute(select(tables["shipment"]))
    }
    found: Rows = {}
    for name in WRITTEN:
        rows = [dict(row) for row in session.execute(select(tables[name])).mappings()]
        for row in rows:
            if name == "shipment":
                del row["id"]
            elif name in ("checkpoint", "estimate"):
                row["shipment_id"] = shipments[row["shipment_id"]]
            elif name == "due":
                row["subject"] = shipments[int(row["subject"])]
        found[name] = sorted(rows, key=str)
    return found
