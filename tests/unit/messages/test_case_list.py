"""The list in the thread: every case in a line, ready for a spreadsheet and harmless in it."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

from bot.messages.cards import CaseCard
from bot.messages.case_list import COLUMNS, case_list
from storage.vocabulary import Severity
from tests.unit.messages.groups import over, several, taken
from tests.unit.messages.hostile import hostile_case


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def test_every_case_is_a_line_the_worst_first(case: CaseCard, now: datetime) -> None:
    first, second, third = several(case, 3)
    listed = case_list([taken(first), replace(second, severity=Severity.CRITICAL), third], now)
    assert listed.file_name == "acme-freight-cases-2014-03-17-0812.csv"
    rows = rows_of(listed.content)
    assert listed.rows == len(rows) == 3
    assert [row["case"] for row in rows] == ["T-1043", "T-1044", "T-1042"]
    assert rows[2] == {
        "case": "T-1042",
        "severity": "warning",
        "state": "acknowledged",
        "kind": "promise_passed",
        "what": "3 days past its promise",
        "partner": "Acme Freight",
        "tracking_number": "SCX-4411",
        "order": "PO-77",
        "origin": "Mumbai",
        "destination": "Lagos",
        "promised_at": "2014-03-14T23:59:59+01:00",
        "hours_past_promise": "56.2",
        "last_heard_at": "2014-03-15T08:12:00+01:00",
        "last_heard_in": "Dubai",
        "value": "12400",
        "currency": "USD",
        "who_has_it": "U0OPS",
        "since": "2014-03-14T23:59:59+01:00",
        "resolved_at": "",
    }


def test_what_is_unknown_is_left_empty(case: CaseCard, now: datetime) -> None:
    (row,) = rows_of(case_list([replace(case, shipment=None, partner_name=None)], now).content)
    assert {name for name, value in row.items() if value} == {
        "case",
        "severity",
        "state",
        "kind",
        "what",
        "since",
    }


def test_the_hours_count_until_it_was_delivered(case: CaseCard, now: datetime) -> None:
    later = now + timedelta(days=5)
    delivered, open_one = rows_of(
        case_list([over(case), replace(case, case_id=2000)], later).content
    )
    if delivered["case"] == "T-2000":
        delivered, open_one = open_one, delivered
    assert delivered["hours_past_promise"] == "56.2"
    assert open_one["hours_past_promise"] == "176.2"
    assert delivered["resolved_at"] == "2014-03-17T08:12:00+01:00"


def test_what_carriers_write_becomes_no_formula_and_breaks_no_line(
    case: CaseCard, now: datetime
) -> None:
    assert case.shipment is not None
    evil = replace(case.shipment, tracking_number='=HYPERLINK("x")', destination="-2\n+3")
    listed = case_list([replace(case, shipment=evil), hostile_case(case)], now)
    assert listed.content.count("\n") == 3
    first = next(row for row in rows_of(listed.content) if row["case"] == "T-1042")
    assert first["tracking_number"] == '\'=HYPERLINK("x")'
    assert first["destination"] == "'-2 +3"
    assert "\u202e" not in listed.content
    assert all(len(value) <= 301 for row in rows_of(listed.content) for value in row.values())


def test_cases_of_several_partners_are_named_after_none(case: CaseCard, now: datetime) -> None:
    listed = case_list([case, replace(case, partner_name="Hare", zone="Asia/Kolkata")], now)
    assert listed.file_name == "cases-2014-03-17-0712.csv"
    assert case_list([], now).content == ",".join(COLUMNS) + "\n"
