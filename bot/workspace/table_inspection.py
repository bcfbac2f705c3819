"""Looks through tables as Slack does."""

from bot.workspace.complaints import Complaints
from bot.workspace.json_values import JsonObject, as_object, text_at

TABLE_ROWS = 100
TABLE_COLUMNS = 20
TABLE_CHARACTERS = 10_000  # of all cells, in either kind of table
DATA_TABLE_ROWS = (2, 101)
DATA_TABLE_CAPTION = 3000  # not in Slack's documentation
DATA_TABLE_PAGE = (1, 100)


class TableInspection:
    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints

    def table(self, block: JsonObject, pointer: str) -> None:
        self._rows(block, pointer, 1, TABLE_ROWS)
        settings = block.get("column_settings")
        if isinstance(settings, list) and len(settings) > TABLE_COLUMNS:
            self._complaints.complain(
                f"no more than {TABLE_COLUMNS} items allowed", pointer + "/column_settings"
            )

    def data_table(self, block: JsonObject, pointer: str) -> None:
        self._complaints.raw_text(block, "caption", pointer, DATA_TABLE_CAPTION)
        self._rows(block, pointer, *DATA_TABLE_ROWS)
        rows = block.get("rows")
        lists = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
        if len({len(row) for row in lists}) > 1:
            self._complaints.complain("all rows must have as many cells", pointer + "/rows")
        if lists and any(as_object(cell).get("type") == "rich_text" for cell in lists[0]):
            self._complaints.complain("no rich_text in a header", pointer + "/rows/0")
        self._within(block, "page_size", pointer, *DATA_TABLE_PAGE)
        columns = max((len(row) for row in lists), default=0)
        self._within(block, "row_header_column_index", pointer, 0, columns - 1)

    def _within(self, block: JsonObject, key: str, pointer: str, least: int, most: int) -> None:
        value = block.get(key)
        if value is not None and (not isinstance(value, int) or not least <= value <= most):
            self._complaints.complain(f"must be between {least} and {most}", f"{pointer}/{key}")

    def _rows(self, block: JsonObject, pointer: str, least: int, most: int) -> None:
        """Checks rows, columns and cells, and that all cells together aren't too much."""
        rows = block.get("rows")
        if not isinstance(rows, list) or len(rows) < least:
            self._complaints.complain(f"no fewer than {least} items allowed", pointer + "/rows")
            return
        if len(rows) > most:
            self._complaints.complain(f"no more than {most} items allowed", pointer + "/rows")
        characters = 0
        for number, row in enumerate(rows):
            where = f"{pointer}/rows/{number}"
            if not isinstance(row, list) or not row:
                self._complaints.complain("no fewer than 1 items allowed", where)
                continue
            if len(row) > TABLE_COLUMNS:
                self._complaints.complain(f"no more than {TABLE_COLUMNS} items allowed", where)
            for column, cell in enumerate(row):
                characters += self._cell(as_object(cell), f"{where}/{column}")
        if characters > TABLE_CHARACTERS:
            self._complaints.complain(
                f"must be less than {TABLE_CHARACTERS + 1} characters", pointer + "/rows"
            )

    def _cell(self, cell: JsonObject, pointer: str) -> int:
        kind = cell.get("type")
        if kind not in ("raw_text", "raw_number", "rich_text"):
            self._complaints.complain(
                "must be one of raw_text, raw_number, rich_text", pointer + "/type"
            )
            return 0
        if kind == "rich_text":
            written = _rich_characters(cell)
        elif kind == "raw_number":
            self._number(cell, pointer)
            written = len(text_at(cell, "text") or str(cell.get("value", "")))
        else:
            written = len(text_at(cell, "text"))
        if not written:
            where = "/elements" if kind == "rich_text" else "/text"
            self._complaints.complain("must be more than 0 characters", pointer + where)
        return written

    def _number(self, cell: JsonObject, pointer: str) -> None:
        value = cell.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._complaints.complain("must be a number", pointer + "/value")


def _rich_characters(value: object) -> int:
    if isinstance(value, list):
        return sum(_rich_characters(item) for item in value)
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            return len(value["text"])
        inner = _rich_characters(value.get("elements"))
        leaf = value.get("type") in ("user", "channel", "link", "emoji", "date", "usergroup")
        return inner or int(leaf)
    return 0
