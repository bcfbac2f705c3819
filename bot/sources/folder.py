"""A folder of files: `*.csv` and `*.csv.gz` whose names start with shipments, checkpoints or kpis.

Their columns are the fields of `bot.sources.csv_rows`; docs/files.md tells them to whoever writes
the files.

A record is a line: a field holds no line break, so that a stray quote costs its own line only.

A file that ends without a line break may still be on its way here. While it changed less than
SETTLE ago, its last line is held back and it is read again with the next poll; after that, what
stands there is taken as the last line. Write to another name and rename to be read at once.
"""

import gzip
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, cast
from zoneinfo import ZoneInfo

import anyio.to_thread
from pydantic import BaseModel, ValidationError

from bot.book.models import FolderEntry
from bot.clock import Clock, SystemClock
from bot.sources.csv_file import CsvFile
from bot.sources.csv_rows import FILE_KINDS, FileFacts, Record
from bot.sources.reports import (
    CheckpointReport,
    MeasurementReport,
    Page,
    Rejected,
    ShipmentReport,
)
from bot.sources.source import SourceError, SourceRefused, SourceUnavailable, Tracked

PAGE_LINES = 1000
SETTLE = timedelta(seconds=60)


class _FileState(BaseModel):
    size: int
    mtime_ns: int


class _Cursor(BaseModel):
    files: dict[str, _FileState] = {}
    """Those that were read to their end, as they were then."""


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    state: _FileState


@dataclass(slots=True)
class _Lines:
    """What a stretch of a file brought."""

    shipments: list[ShipmentReport] = field(default_factory=list)
    checkpoints: list[CheckpointReport] = field(default_factory=list)
    measurements: list[MeasurementReport] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    count: int = 0

    def take(self, result: Record | Rejected) -> None:
        self.count += 1
        match result:
            case Rejected():
                self.rejected.append(result)
            case ShipmentReport():
                self.shipments.append(result)
            case CheckpointReport():
                self.checkpoints.append(result)
            case MeasurementReport():
                self.measurements.append(result)

    def page(self, places_read: Sequence[str], cursor: _Cursor | None) -> Page:
        return Page(
            shipments=self.shipments,
            checkpoints=self.checkpoints,
            measurements=self.measurements,
            rejected=self.rejected,
            places_read=places_read,
            cursor=None if cursor is None else cursor.model_dump(),
        )


class Folder:
    def __init__(self, entry: FolderEntry, *, file_clock: Clock | None = None) -> None:
        """`file_clock` is the clock that stamps the files, whatever time the bot lives in."""
        self.key = entry.key
        self._path = entry.path
        self._zone = ZoneInfo(entry.time_zone)
        self._file_clock = file_clock or SystemClock()

    async def pages(self, cursor: dict[str, object] | None) -> AsyncIterator[Page]:
        pages = self._pages(_read_cursor(cursor))
        try:
            # anyio waits for the thread when cancelled: nothing closes what is still at work.
            while (page := await anyio.to_thread.run_sync(next, pages, None)) is not None:
                yield page
        finally:
            pages.close()

    async def follow(self, tracked: Sequence[Tracked]) -> AsyncIterator[Page]:
        for _ in ():
            yield Page()

    async def probe(self) -> str:
        files = await anyio.to_thread.run_sync(self._files)
        for found in files.values():
            (await anyio.to_thread.run_sync(self._open, found.path)).close()
        return f"{len(files)} {'file' if len(files) == 1 else 'files'} to read in {self._path}"

    async def close(self) -> None:
        pass

    def _pages(self, cursor: _Cursor) -> Generator[Page]:
        files = self._files()
        read = {name: state for name, state in cursor.files.items() if name in files}
        if gone := [name for name in cursor.files if name not in files]:
            yield _Lines().page([self._place(name) for name in gone], _Cursor(files=read))
        fault: OSError | None = None
        for name, found in files.items():
            if read.get(name) == found.state:
                continue
            try:
                yield from self._read(name, found, read)
            except FileNotFoundError:
                continue  # taken away since it was listed
            except OSError as error:
                fault = error
        if fault is not None:
            raise _error(fault, self._path)

    def _files(self) -> dict[str, _Found]:
        try:
            return {
                _sayable(path.name): _Found(
                    path, _FileState(size=status.st_size, mtime_ns=status.st_mtime_ns)
                )
                for path in sorted(filter(_is_ours, self._path.iterdir()), key=_order_of_reading)
                for status in (path.stat(),)
            }
        except OSError as error:
            raise _error(error, self._path) from error

    def _open(self, path: Path) -> IO[bytes]:
        if path.suffix.lower() == ".gz":
            return cast("IO[bytes]", gzip.open(path))
        return path.open("rb")

    def _place(self, name: str) -> str:
        return f"{self._path.name}/{name}"

    def _read(self, name: str, found: _Found, read: dict[str, _FileState]) -> Iterator[Page]:
        """The pages of one file. `read` is told once it has been read to its end."""
        written_at = datetime.fromtimestamp(found.state.mtime_ns / 1e9, UTC)
        lines = _Lines()
        # With the first page, so that what was set aside before makes room for what is now.
        places_read = [self._place(name)]
        with self._open(found.path) as stream:
            file = CsvFile(
                stream,
                name=name,
                place=self._place(name),
                facts=FileFacts(zone=self._zone, written_at=written_at),
                # A stamp from the future is a wrong clock, not a file still being written.
                is_settled=abs(self._file_clock() - written_at) >= SETTLE,
            )
            for result in file.results():
                lines.take(result)
                if lines.count == PAGE_LINES:
                    yield lines.page(places_read, None)
                    lines, places_read = _Lines(), []
        if file.is_held_back:
            yield lines.page(places_read, None)
        else:
            read[name] = found.state
            yield lines.page(places_read, _Cursor(files=read))


def _sayable(name: str) -> str:
    # Names of files may hold any bytes; places and cursors are text.
    return name.encode("utf-8", "backslashreplace").decode()


def _is_ours(path: Path) -> bool:
    name = path.name.lower()
    return name.startswith(FILE_KINDS) and name.endswith((".csv", ".csv.gz")) and path.is_file()


def _order_of_reading(path: Path) -> tuple[int, Path]:
    """Shipments first: what a checkpoint is about is known by then, and needs no partner."""
    name = path.name.lower()
    return next(at for at, kind in enumerate(FILE_KINDS) if name.startswith(kind)), path


def _read_cursor(cursor: dict[str, object] | None) -> _Cursor:
    try:
        return _Cursor.model_validate(cursor or {})
    except ValidationError:
        # Of another version: read everything again, which changes nothing that is known.
        return _Cursor()


def _error(error: OSError, folder: Path) -> SourceError:
    where = f"{error.filename or folder}: {error.strerror or error}"
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return SourceRefused(
                f"There is no folder to read ({where}). Create it, or correct the path in the book."
            )
        case PermissionError():
            return SourceRefused(
                f"Tallyman may not read this ({where}). Let its user read it; the rest was taken."
            )
        case _:
            return SourceUnavailable(
                f"The folder could not be read ({where}). It is read again with the next poll."
            )
