"""One file of a folder, line by line."""

import gzip
import zlib
from collections.abc import Iterator
from typing import IO

from bot.sources.csv_rows import (
    FileFacts,
    FolderRow,
    HeaderError,
    Layout,
    Record,
    RowError,
    excerpt_of,
    layout_of,
)
from bot.sources.reports import Rejected

LONGEST_LINE = 64 * 1024  # bytes


class CsvFile:
    """What every line that is not empty reports, or why it reports nothing.

    Of a file that is not settled, what may have been cut in half is held back.
    """

    def __init__(
        self, stream: IO[bytes], *, name: str, place: str, facts: FileFacts, is_settled: bool
    ) -> None:
        self.is_held_back = False
        """Known once the results were read: there is more to come."""
        self._stream = stream
        self._name = name
        self._place = place
        self._facts = facts
        self._is_settled = is_settled
        self._line_number = 0
        self._is_cut = False

    def results(self) -> Iterator[Record | Rejected]:
        try:
            yield from self._results()
            self.is_held_back = self._is_cut
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            if self._is_settled:
                yield self._rejected_file(
                    f"the compressed file is damaged after line {self._line_number} ({error}): "
                    "what came before was taken; write the file again",
                    b"",
                )
            else:
                self.is_held_back = True

    def _results(self) -> Iterator[Record | Rejected]:
        header = self._next_line()
        if self._is_cut:
            return
        try:
            layout = layout_of(self._name, header)
        except HeaderError as error:
            yield self._rejected_file(str(error), header)
            return
        while (line := self._next_line()) and not self._is_cut:
            if line.strip():
                yield self._result(layout, line)

    def _result(self, layout: Layout[FolderRow], line: bytes) -> Record | Rejected:
        try:
            if len(line) > LONGEST_LINE:
                raise RowError(f"is longer than {LONGEST_LINE} bytes")
            return layout.record(line, self._facts)
        except RowError as error:
            return Rejected(
                place=f"{self._place}:{self._line_number}",
                reason=str(error),
                excerpt=excerpt_of(line),
            )

    def _next_line(self) -> bytes:
        """Empty at the end. Of an overlong line, no more than says that it is one."""
        line = self._stream.readline(LONGEST_LINE + 1)
        self._line_number += 1
        last = line
        while last and not last.endswith(b"\n"):
            last = self._stream.readline(LONGEST_LINE)
        ends_early = not last and (bool(line) or self._line_number == 1)
        self._is_cut = ends_early and not self._is_settled
        return line

    def _rejected_file(self, reason: str, header: bytes) -> Rejected:
        return Rejected(place=self._place, reason=reason, excerpt=excerpt_of(header))
