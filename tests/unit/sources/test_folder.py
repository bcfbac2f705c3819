"""A folder that others write to, read while they do."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.models import FolderEntry
from bot.clock import MovableClock
from bot.sources import folder as folder_module
from bot.sources.csv_file import LONGEST_LINE, CsvFile
from bot.sources.csv_rows import FileFacts, Record
from bot.sources.folder import PAGE_LINES, SETTLE, Folder
from bot.sources.registry import open_source
from bot.sources.reports import Page, Rejected
from bot.sources.source import SourceRefused, Tracked

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
HEADER = "tracking_number,partner\n"


class Orders:
    """A folder under test, and the stamps of its files."""

    def __init__(self, path: Path) -> None:
        self.path = path / "orders"
        self.path.mkdir()
        self.clock = MovableClock(NOW)
        self.source = Folder(
            FolderEntry(key="orders", kind="folder", path=self.path), file_clock=self.clock
        )
        self.cursor: dict[str, object] | None = None

    def drop(self, name: str, content: str | bytes, age: timedelta = SETTLE) -> Path:
        file = self.path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        stamp = (self.clock() - age).timestamp()
        os.utime(file, (stamp, stamp))
        return file

    async def poll(self) -> list[Page]:
        pages = []
        async for page in self.source.pages(self.cursor):
            pages.append(page)
            if page.cursor is not None:
                self.cursor = page.cursor
        return pages


@pytest.fixture
def orders(tmp_path: Path) -> Orders:
    return Orders(tmp_path)


def numbers(pages: list[Page]) -> list[str]:
    return [report.tracking_number for page in pages for report in page.shipments]


def rejected(pages: list[Page]) -> list[Rejected]:
    return [one for page in pages for one in page.rejected]


async def test_files_of_every_kind_are_read_and_others_left_alone(orders: Orders) -> None:
    orders.drop("shipments.csv", HEADER + "PX1,acme\n")
    orders.drop("shipments-2.csv.gz", gzip.compress(f"{HEADER}PX2,acme\n".encode()))
    orders.drop("checkpoints.csv", "tracking_number,occurred_at,status\nPX1,2026-03-30,lost\n")
    orders.drop(
        "kpis.csv",
        "partner,metric,period_start,period_end,numerator,denominator\n"
        "acme,picking_accuracy,2026-03-01,2026-03-31,9,10\n",
    )
    orders.drop("shipments.csv.unfinished", "half a li")
    orders.drop("notes.txt", "not for us")
    (orders.path / "shipments-old.csv").mkdir()
    pages = await orders.poll()
    assert sorted(numbers(pages)) == ["PX1", "PX2"]
    assert [one.tracking_number for page in pages for one in page.checkpoints] == ["PX1"]
    assert [one.metric for page in pages for one in page.measurements] == ["picking_accuracy"]
    assert rejected(pages) == []


async def test_shipments_are_read_before_what_became_of_them(orders: Orders) -> None:
    orders.drop(
        "checkpoints.csv",
        "tracking_number,occurred_at,status\nPX1,2026-03-30T08:15Z,in_transit\n",
    )
    orders.drop("shipments-2.csv", HEADER + "PX2,acme\n")
    orders.drop("Shipments-1.csv", HEADER + "PX1,acme\n")
    pages = await orders.poll()
    assert numbers(pages[:2]) == ["PX1", "PX2"]
    assert [bool(page.checkpoints) for page in pages] == [False, False, True]


async def test_a_bad_line_is_set_aside_with_its_number_and_the_rest_taken(orders: Orders) -> None:
    orders.drop("shipments.csv", HEADER + 'PX1,acme\n\nPX2\nPX3,"acme\nPX4,acme\n')
    pages = await orders.poll()
    assert numbers(pages) == ["PX1", "PX4"]
    assert [(one.place, one.excerpt) for one in rejected(pages)] == [
        ("orders/shipments.csv:4", "PX2"),
        ("orders/shipments.csv:5", 'PX3,"acme'),
    ]


async def test_a_file_without_its_columns_is_rejected_whole(orders: Orders) -> None:
    orders.drop("shipments.csv", "number,partner\nPX1,acme\n")
    orders.drop("shipments-b.csv", "")
    orders.drop("shipments-c.csv", HEADER + "PX1,acme\n")
    pages = await orders.poll()
    assert numbers(pages) == ["PX1"]
    assert {one.place for one in rejected(pages)} == {
        "orders/shipments.csv",
        "orders/shipments-b.csv",
    }
    assert await orders.poll() == []


async def test_an_unchanged_file_is_not_read_again(orders: Orders) -> None:
    file = orders.drop("shipments.csv", HEADER + "PX1,acme\n")
    assert numbers(await orders.poll()) == ["PX1"]
    assert await orders.poll() == []
    orders.drop(file.name, HEADER + "PX2,acme\n", age=SETTLE * 2)
    pages = await orders.poll()
    assert numbers(pages) == ["PX2"]
    assert pages[0].places_read == ["orders/shipments.csv"]


async def test_a_mended_file_and_one_taken_away_say_that_their_places_were_read(
    orders: Orders,
) -> None:
    orders.drop("shipments.csv", HEADER + "PX1\n")
    gone = orders.drop("shipments-b.csv", HEADER + "PX2\n")
    assert len(rejected(await orders.poll())) == 2
    orders.drop("shipments.csv", HEADER + "PX1,acme\n")
    gone.unlink()
    pages = await orders.poll()
    assert rejected(pages) == []
    assert sorted(place for page in pages for place in page.places_read) == [
        "orders/shipments-b.csv",
        "orders/shipments.csv",
    ]
    assert await orders.poll() == []


async def test_a_line_cut_in_half_is_held_back_until_it_is_whole(orders: Orders) -> None:
    file = orders.drop("shipments.csv", HEADER + "PX1,acme\nPX23,ac", age=timedelta(seconds=1))
    pages = await orders.poll()
    assert numbers(pages) == ["PX1"]
    assert rejected(pages) == []
    with file.open("a") as more:
        more.write("me\n")
    assert numbers(await orders.poll()) == ["PX1", "PX23"]


async def test_a_last_line_without_line_break_is_taken_once_the_file_rests(orders: Orders) -> None:
    orders.drop("shipments.csv", HEADER + "PX1,acme\nPX2,acme", age=timedelta(seconds=1))
    assert numbers(await orders.poll()) == ["PX1"]
    orders.clock.advance(SETTLE)
    assert numbers(await orders.poll()) == ["PX1", "PX2"]
    assert await orders.poll() == []


@pytest.mark.parametrize("content", ["", "tracking_num", HEADER.strip()])
async def test_a_header_still_being_written_is_waited_for(orders: Orders, content: str) -> None:
    orders.drop("shipments.csv", content, age=timedelta(seconds=1))
    assert rejected(await orders.poll()) == []
    orders.drop("shipments.csv", HEADER + "PX1,acme\n", age=timedelta(seconds=1))
    assert numbers(await orders.poll()) == ["PX1"]


async def test_a_compressed_file_cut_short_is_waited_for_and_then_rejected(orders: Orders) -> None:
    lines = "".join(f"PX{number},acme\n" for number in range(4000))
    packed = gzip.compress((HEADER + lines).encode())
    orders.drop("shipments.csv.gz", packed[: len(packed) // 2], age=timedelta(seconds=1))
    assert rejected(await orders.poll()) == []
    orders.clock.advance(SETTLE)
    pages = await orders.poll()
    assert numbers(pages)
    (one,) = rejected(pages)
    assert one.place == "orders/shipments.csv.gz"
    assert "damaged" in one.reason


async def test_a_file_that_is_no_gzip_is_rejected(orders: Orders) -> None:
    orders.drop("shipments.csv.gz", HEADER + "PX1,acme\n")
    (one,) = rejected(await orders.poll())
    assert "damaged" in one.reason


async def test_a_huge_file_comes_in_pages_and_counts_as_read_with_the_last(orders: Orders) -> None:
    count = 2 * PAGE_LINES + 1
    orders.drop("shipments.csv", HEADER + "".join(f"PX{n},acme\n" for n in range(count)))
    pages = await orders.poll()
    assert [len(page.shipments) for page in pages] == [PAGE_LINES, PAGE_LINES, 1]
    assert [page.cursor is not None for page in pages] == [False, False, True]
    assert [list(page.places_read) for page in pages] == [["orders/shipments.csv"], [], []]


async def test_an_overlong_line_costs_only_itself(orders: Orders) -> None:
    orders.drop("shipments.csv", HEADER + "x" * (3 * LONGEST_LINE) + "\nPX1,acme\n")
    pages = await orders.poll()
    assert numbers(pages) == ["PX1"]
    (one,) = rejected(pages)
    assert one.place == "orders/shipments.csv:2"
    assert len(one.excerpt) <= 200


async def test_a_file_whose_name_is_no_text_is_read_all_the_same(orders: Orders) -> None:
    orders.drop(os.fsdecode(b"shipments-\xff.csv"), HEADER + "PX1,acme\nPX2\n")
    pages = await orders.poll()
    assert numbers(pages) == ["PX1"]
    assert [one.place for one in rejected(pages)] == ["orders/shipments-\\udcff.csv:3"]
    assert await orders.poll() == []


async def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    source = open_source(FolderEntry(key="orders", kind="folder", path=tmp_path / "nowhere"))
    with pytest.raises(SourceRefused, match=r"nowhere.*Create it, or correct the path"):
        await source.probe()
    with pytest.raises(SourceRefused):
        await anext(source.pages(None))


async def test_a_file_in_place_of_a_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "orders").write_text("")
    source = open_source(FolderEntry(key="orders", kind="folder", path=tmp_path / "orders"))
    with pytest.raises(SourceRefused, match="Create it, or correct the path"):
        await source.probe()


async def test_a_file_that_may_not_be_read_stops_no_other(
    orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.drop("shipments.csv", HEADER + "PX1,acme\n")
    orders.drop("shipments-z.csv", HEADER + "PX2,acme\n")
    open_file = Folder._open

    def refuse_first(self: Folder, path: Path) -> object:
        if path.name == "shipments.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(self, path)

    # Root may read everything, so that the refusal itself must be played.
    monkeypatch.setattr(folder_module.Folder, "_open", refuse_first)
    pages = orders.source.pages(None)
    assert numbers([await anext(pages)]) == ["PX2"]
    with pytest.raises(SourceRefused, match="may not read"):
        await anext(pages)


async def test_a_cursor_of_another_version_means_reading_all_again(orders: Orders) -> None:
    orders.drop("shipments.csv", HEADER + "PX1,acme\n")
    orders.cursor = {"files": ["shipments.csv"]}
    assert numbers(await orders.poll()) == ["PX1"]


async def test_a_folder_cannot_be_asked_about_one_shipment(orders: Orders) -> None:
    orders.drop("shipments.csv", HEADER + "PX1,acme\n")
    assert [page async for page in orders.source.follow([Tracked("PX1", None, None)])] == []
    assert await orders.source.probe() == f"1 file to read in {orders.path}"
    await orders.source.close()


def results_of(name: str, content: bytes) -> list[Record | Rejected]:
    return list(
        CsvFile(
            BytesIO(content),
            name=name,
            place=name,
            facts=FileFacts(zone=ZoneInfo("UTC"), written_at=NOW),
            is_settled=True,
        ).results()
    )


@settings(deadline=None)
@given(
    st.lists(
        st.binary(max_size=30)
        | st.sampled_from([b"PX1,acme", b"PX1,acme\r", b'"PX1","ac""me"', b",", b" ", b'PX1,"'])
    )
)
def test_every_line_is_taken_or_rejected_whatever_it_holds(lines: list[bytes]) -> None:
    content = HEADER.encode() + b"\n".join(lines)
    numbered = {
        f"shipments.csv:{number}"
        for number, line in enumerate(content.split(b"\n"), start=1)
        if number > 1 and line.strip()
    }
    results = results_of("shipments.csv", content)
    assert len(results) == len(numbered)
    assert {one.place for one in results if isinstance(one, Rejected)} <= numbered


@settings(deadline=None)
@given(st.sampled_from(["shipments.csv", "checkpoints.csv", "kpis.csv"]), st.binary())
def test_a_file_of_any_bytes_is_rejected_with_a_reason(name: str, content: bytes) -> None:
    (rejected,) = results_of(name, content)
    assert isinstance(rejected, Rejected)
    assert rejected.place == name
    assert rejected.reason
