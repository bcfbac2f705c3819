"""A file of recorded history, line by line; plain or gzipped."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bot.sources.csv_file import LONGEST_LINE
from bot.sources.csv_rows import FileFacts, HeaderError, Layout, RowError, excerpt_of, layout_for
from bot.sources.reports import Rejected

RowT = TypeVar("RowT", bound=BaseModel)
FILE_FACTS = FileFacts(ZoneInfo("UTC"), datetime.min.replace(tzinfo=UTC))


class HistoryRefused(Exception):
    """A file that cannot be read at all, or a history with nothing in it; the text says why."""


class HistoryFile(Generic[RowT]):
    """Every line that is not empty: its number, and the row or why there is none."""

    def __init__(
        self,
        path: Path,
        row: type[RowT],
        file_kind: str,
        progress: Callable[[int], None],
    ) -> None:
        self._path = path
        self._row = row
        self._file_kind = file_kind
        self._progress = progress
        self.columns: tuple[str, ...] = ()
        """Known once its lines are read."""

    def lines(self) -> Iterator[tuple[int, RowT | Rejected]]:
        """Raises HistoryRefused where its header tells nothing, OSError where it can't be read."""
        number = 0
        with _opened(self._path, self._progress) as stream:
            try:
                number = 1
                layout = self._layout(_next_line(stream))
                while line := _next_line(stream):
                    number += 1
                    if line.strip():
                        yield number, self._read(layout, line, number)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                reason = f"the compressed file is damaged ({error}): what came before was taken"
                yield number, Rejected(f"{self._path.name}:{number}", reason, "")

    def _layout(self, header: bytes) -> Layout[RowT]:
        try:
            layout = layout_for(self._row, self._file_kind, header)
        except HeaderError as error:
            raise HistoryRefused(f"{self._path}: {error}.") from None
        self.columns = layout.columns
        return layout

    def _read(self, layout: Layout[RowT], line: bytes, number: int) -> RowT | Rejected:
        try:
            if len(line) > LONGEST_LINE:
                raise RowError(f"is longer than {LONGEST_LINE} bytes")
            return layout.read(line, FILE_FACTS)
        except RowError as error:
            return Rejected(f"{self._path.name}:{number}", str(error), excerpt_of(line))


@contextmanager
def _opened(path: Path, progress: Callable[[int], None]) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        counted = cast("IO[bytes]", _Counted(raw, progress))
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=counted, mode="rb") as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            yield counted


class _Counted:
    """Tells how many bytes of the file itself were read."""

    def __init__(self, raw: IO[bytes], progress: Callable[[int], None]) -> None:
        self._raw = raw
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        return self._told(self._raw.read(size))

    def readline(self, limit: int = -1) -> bytes:
        return self._told(self._raw.readline(limit))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence)

    def _told(self, data: bytes) -> bytes:
        self._progress(len(data))
        return data


def _next_line(stream: IO[bytes]) -> bytes:
    """Empty at the end. Of an overlong line, no more than says that it is one."""
    line = stream.readline(LONGEST_LINE + 1)
    last = line
    while last and not last.endswith(b"\n"):
        last = stream.readline(LONGEST_LINE)
    return line
