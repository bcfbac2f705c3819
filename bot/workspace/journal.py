"""What must outlive a kill -9: one JSON line an entry, in the system's hands before we answer."""

from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from bot.workspace.state import Entry

FILE_NAME = "workspace.jsonl"

_ENTRIES: TypeAdapter[Entry] = TypeAdapter(Entry)


class JournalDamaged(Exception):
    """A line before the last one can't be read."""


class JournalInUse(Exception):
    """Another workspace writes to it."""


def alone_in(directory: Path) -> FileLock:
    """Held until it is released, or the process ends. Raises JournalInUse."""
    lock = FileLock(directory / f"{FILE_NAME}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise JournalInUse(
            f"Another workspace keeps its messages in {directory}: stop it first, or choose "
            "another folder with --state-dir."
        ) from None
    return lock


class Journal:
    """Entries in a directory, or nowhere when there is none (`directory` None)."""

    def __init__(self, directory: Path | None) -> None:
        self._path = None if directory is None else directory / FILE_NAME
        self._file: BinaryIO | None = None
        self._lock: FileLock | None = None

    def open(self) -> list[Entry]:
        """Start writing after what is there, and give what is there.

        A last line cut short by a kill is dropped: whoever wrote it got no answer.
        Raises JournalDamaged if an earlier line can't be read, JournalInUse if another process
        has it open.
        """
        if self._path is None:
            return []
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = alone_in(self._path.parent)
        try:
            return self._begin(self._path)
        except BaseException:
            self.close()
            raise

    def _begin(self, path: Path) -> list[Entry]:
        written = path.read_bytes() if path.exists() else b""
        whole = written[: written.rfind(b"\n") + 1]
        entries = [
            self._entry(number, line) for number, line in enumerate(whole.splitlines(), start=1)
        ]
        self._file = path.open("ab")
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
        if self._lock is not None:
            self._lock.release()
            self._lock = None
