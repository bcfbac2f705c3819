"""The table of cases: sorted by what counts, no larger than there is room for."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages.blocks import TABLE_CHARACTERS, characters
from bot.messages.cards import CaseCard
from bot.messages.case_table import MOST_ROWS, case_table
from storage.vocabulary import CaseKind, Status
from tests.unit.messages.groups import several


def test_columns_sort_by_what_they_mean_not_by_how_they_are_spelt(case: CaseCard) -> None:
    block = case_table("late", several(case, 12), 12_000).block
    assert block is not None
    titles = [cell["text"] for cell in block["rows"][0]]
    for title in ("Case", "Late by", "Promised", "Last heard", "Value"):
        column = [row[titles.index(title)] for row in block["rows"][1:]]
        assert {cell["type"] for cell in column} == {"raw_number"}
    late = [row[titles.index("Late by")] for row in block["rows"][1:3]]
    assert [(cell["value"], cell["text"]) for cell in late] == [
        (56.2, "3 days"),
        (80.2, "4 days"),
    ]


def test_every_row_has_a_cell_for_every_title(case: CaseCard) -> None:
    assert case.shipment is not None
    bare = replace(case.shipment, promised_at=None, last_checkpoint=None, value=None)
    cases = [case, replace(case, shipment=bare), replace(case, shipment=None)]
    block = case_table("three", cases, 12_000).block
    assert block is not None
    assert len({len(row) for row in block["rows"]}) == 1
    assert [cell["text"] for cell in block["rows"][3]][1:] == [
        "–",
        "2 days",
        "–",
        "nothing yet",
        "–",
        "–",
        "–",
    ]


def test_what_all_of_them_say_alike_is_no_column(case: CaseCard) -> None:
    unscanned = replace(case, kind=CaseKind.NO_SCAN, facts={"last_scan_at": case.since.isoformat()})
    later = replace(unscanned, case_id=2, facts={"last_scan_at": case.now.isoformat()})

    def titles(cases: list[CaseCard]) -> list[str]:
        block = case_table("some", cases, 12_000).block
        assert block is not None
        return [cell["text"] for cell in block["rows"][0]]

    assert "What" not in titles([unscanned, replace(unscanned, case_id=2)])
    assert "What" in titles([unscanned, later])
    assert "What" in titles([unscanned])


def test_nobody_waits_for_what_has_come_back(case: CaseCard) -> None:
    assert case.shipment is not None
    back = replace(case.shipment, status=Status.RETURNED)
    returned = replace(case, kind=CaseKind.RETURN_NOT_PROCESSED, shipment=back)
    block = case_table("one", [returned], 12_000).block
    assert block is not None
    assert "Promised" not in [cell["text"] for cell in block["rows"][0]]


def test_a_promised_hour_is_told_and_a_promised_day_is_not_made_one(case: CaseCard) -> None:
    assert case.shipment is not None
    noon = replace(case.shipment, promised_at=case.now - timedelta(hours=20))
    block = case_table("two", [case, replace(case, shipment=noon)], 12_000).block
    assert block is not None
    promised = [cell["text"] for cell in block["rows"][0]].index("Promised")
    assert [row[promised]["text"] for row in block["rows"][1:]] == [
        "Fri 14 Mar",
        "Sun 16 Mar 12:12",
    ]


def test_cases_of_several_kinds_say_what_each_is_about(case: CaseCard) -> None:
    cases = [case, replace(case, kind=CaseKind.LOST, facts={})]
    block = case_table("two", cases, 12_000).block
    assert block is not None
    assert [row[2]["text"] for row in block["rows"]] == [
        "What",
        "3 days past its promise",
        "Lost",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(count=st.integers(1, 150), room=st.integers(0, 20_000), length=st.integers(1, 200))
def test_it_takes_no_more_room_than_it_is_given(
    case: CaseCard, count: int, room: int, length: int
) -> None:
    assert case.shipment is not None
    long = replace(case, shipment=replace(case.shipment, tracking_number="&" * length))
    table = case_table("many", several(long, count), room)
    shown = 0
    if table.block is not None:
        rows = table.block["rows"]
        shown = len(rows) - 1
        cells = sum(len(cell["text"]) for row in rows for cell in row)
        spoken = sum(len(option["text"]["text"]) + len(option["value"]) for option in table.options)
        assert len("many") + cells + spoken <= room
        assert cells <= TABLE_CHARACTERS
    assert shown <= MOST_ROWS
    assert shown + table.left_out == count
    assert len(table.options) == shown
    assert characters(table.options) == 0 or shown
