"""What is in a file that holds rows, for people who have not opened it."""

import csv
import io
from functools import lru_cache

from bot.workspace.json_values import JsonObject, as_array
from bot.workspace.state import StoredFile

DELIMITERS = {"csv": ",", "tsv": "\t"}
GLANCE_ROWS = 6  # with the header
GLANCE_COLUMNS = 8
GLANCE_CHARACTERS = 48  # of a cell


def rows_of(file: StoredFile) -> list[list[str]] | None:
    """None of a file that holds no rows."""
    delimiter = DELIMITERS.get(file.file_type)
    if delimiter is None:
        return None
    text = file.content.decode("utf-8-sig", errors="replace")
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        return None


@lru_cache(maxsize=256)
def glance(file: StoredFile) -> JsonObject | None:
    """The first rows, and how many rows and columns there are in all."""
    rows = rows_of(file)
    if rows is None:
        return None
    shown = [as_array(_cut(cell) for cell in row[:GLANCE_COLUMNS]) for row in rows[:GLANCE_ROWS]]
    columns = max((len(row) for row in rows), default=0)
    return {"rows": shown, "total": len(rows), "columns": columns}


def _cut(cell: str) -> str:
    return cell if len(cell) <= GLANCE_CHARACTERS else cell[: GLANCE_CHARACTERS - 1] + "…"
