"""Several processes start on one database at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

from bot.app import prepare
from bot.book.models import Book, FolderEntry, PartnerEntry
from bot.clock import MovableClock
from storage import partners, sources
from storage.database import Database
from storage.vocabulary import PartnerKind

AT_ONCE = 4
CLOCK = MovableClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_all_of_them_find_the_same_book_stored(database: Database, tmp_path: Path) -> None:
    book = Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        partners=tuple(
            PartnerEntry(
                key=key,
                name=key.title(),
                kind=PartnerKind.CARRIER,
                time_zone="UTC",
                channel=f"C0{key.upper()}",
                account_manager="U0OLIVIA",
            )
            for key in ("kestrel", "brightwater", "corvid")
        ),
        sources=(FolderEntry(key="orders", kind="folder", path=tmp_path, poll_every_minutes=1),),
    )
    ready = Barrier(AT_ONCE)

    def start(_number: int) -> None:
        ready.wait()
        with database.transaction() as session:
            prepare(session, book, CLOCK)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(start, range(AT_ONCE)))
    with database.snapshot() as session:
        known = sorted(partners.channels(session))
        assert known == ["brightwater", "corvid", "kestrel"]
        assert [row.source_key for row in sources.list_all(session)] == ["orders"]
