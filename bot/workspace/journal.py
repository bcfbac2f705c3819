"""What must outlive a kill -9: one JSON line an entry, in the system's hands before we answer."""

from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from bot.workspace.state import Entry

FILE_NAME = "workspace.jsonl"

_ENTRIES: TypeAdapter[Entry] = TypeAdapter(Entry)


class JournalDamaged(Exception):
    """A line before the last one can't be read."""


class Journal:
    """Entries in a directory, or nowhere when there is none (`directory` None)."""

    def __init__(self, directory: Path | None) -> None:
        self._path = None if directory is None else directory / FILE_NAME
        self._file: BinaryIO | None = None

    def open(self) -> list[Entry]:
        """Start writing after what is there, and give what is there.

        A last line cut short by a kill is dropped: whoever wrote it got no answer.
        Raises JournalDamaged if an earlier line can't be read.
        """
        if self._path is None:
            return []
        self._path.parent.mkdir(parents=True, exist_ok=True)
        written = self._path.read_bytes() if self._path.exists() else b""
        whole = written[: written.rfind(b"\n") + 1]
        entries = [
            self._entry(number, line) for number, line in enumerate(whole.splitlines(), start=1)
        ]
        self._file = self._path.open("ab")
        self._file.truncate(len(whole))
        return entries

    def _entry(self, number: int, line: bytes) -> Entry:
        try:
            return _ENTRIES.validate_json(line)
        except ValidationError as error:
            raise JournalDamaged(
                f"{self._path}, line {number} isn't an entry of a workspace's journal. "
                "Mend the line, or remove the file to start with an empty workspace."
            ) from error

    def append(self, entry: Entry) -> None:
        if self._file is not None:
            self._file.write(_ENTRIES.dump_json(entry) + b"\n")
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
