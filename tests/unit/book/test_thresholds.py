from collections.abc import Callable

import pytest

from bot.book import Book, threshold_table, thresholds_for
from bot.rules.catalogue import THRESHOLDS
from bot.rules.delivery_attempt_failed import CRITICAL_FROM
from bot.rules.no_scan import SCANNED_WITHIN
from bot.rules.promise_passed import GRACE

Load = Callable[..., Book]
Faults = Callable[..., list[str]]

WIDE = """\
thresholds:
  no_scan_after_working_hours: 30
  services:
    Express:
      no_scan_after_working_hours: 10
      promise_grace_minutes: 15
"""
NARROW = """\
    thresholds:
      no_scan_after_working_hours: {partner}
      services:
        same day: {{no_scan_after_working_hours: 3}}
sources:
"""


@pytest.fixture
def book(load: Load, sound: str) -> Book:
    narrow = NARROW.format(partner="off")
    return load(sound.replace("sources:\n", narrow) + WIDE)


@pytest.mark.parametrize(
    ("service", "hours"),
    [(None, None), ("ground", None), ("express", None), ("Same  Day", 3)],
)
def test_the_narrowest_entry_wins(book: Book, service: str | None, hours: float | None) -> None:
    thresholds = thresholds_for(book, book.partners[0], service)
    assert thresholds.get(SCANNED_WITHIN) == hours


def test_the_books_own_service_is_wider_than_the_partner(load: Load, sound: str) -> None:
    book = load(sound + WIDE)
    [partner] = book.partners
    assert thresholds_for(book, partner, "EXPRESS").get(SCANNED_WITHIN) == 10
    assert thresholds_for(book, partner, "ground").get(SCANNED_WITHIN) == 30
    assert thresholds_for(book, partner, "ground").get(GRACE) == GRACE.default


def test_an_empty_book_has_what_is_built_in(load: Load, sound: str) -> None:
    book = load(sound)
    thresholds = thresholds_for(book, book.partners[0], None)
    assert [thresholds.get(one) for one in THRESHOLDS] == [one.default for one in THRESHOLDS]


def test_the_table_says_what_holds_and_who_said_so(book: Book) -> None:
    rows = {(row.service, row.threshold.name): row for row in threshold_table(book)}
    assert {name for service, name in rows if service is None} == {one.name for one in THRESHOLDS}
    off = rows[None, SCANNED_WITHIN.name]
    assert (off.setting, off.said_by) == (None, "partners.harbour.thresholds")
    same_day = rows["same day", SCANNED_WITHIN.name]
    assert same_day.setting == 3
    assert same_day.said_by == "partners.harbour.thresholds.services.same day"
    express = rows["Express", GRACE.name]
    assert (express.setting, express.said_by) == (15, "thresholds.services.Express")
    assert rows[None, CRITICAL_FROM.name].said_by == "built in"


def test_the_table_names_a_service_only_for_what_is_set_apart_for_it(book: Book) -> None:
    apart = {(row.service, row.threshold.name) for row in threshold_table(book) if row.service}
    assert apart == {
        ("Express", GRACE.name),
        ("Express", SCANNED_WITHIN.name),
        ("same day", SCANNED_WITHIN.name),
    }


def test_the_table_agrees_with_what_rules_are_given(book: Book) -> None:
    for row in threshold_table(book):
        thresholds = thresholds_for(book, book.partners[0], row.service)
        assert thresholds.get(row.threshold) == row.setting


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "no_scan_after_working_hours: 36h",
            "no_scan_after_working_hours: expected working hours, from 0.25 to 8784, or off, not "
            "'36h'",
        ),
        (
            "promise_critical_after_hours: off",
            "promise_critical_after_hours: expected hours, from 0 to 8784, not 'off'",
        ),
        (
            "failed_attempts_until_critical: 1.5",
            "failed_attempts_until_critical: expected attempts, from 1 to 100, not '1.5'",
        ),
        (
            "no_scan_after_hours: 12",
            "no_scan_after_hours: unknown field. Did you mean no_scan_after_working_hours?",
        ),
        ("promise_grace_minutes: -5", "promise_grace_minutes: expected minutes, from 0 to 43200"),
    ],
)
def test_thresholds_that_mean_nothing(faults: Faults, sound: str, line: str, message: str) -> None:
    [said] = faults(f"{sound}thresholds:\n  {line}\n")
    assert said.startswith(f"tallyman.yaml:15: thresholds.{message}")


def test_a_service_named_twice_in_another_case_is_refused(faults: Faults, sound: str) -> None:
    said = faults(f"{sound}thresholds:\n  services: {{Express: {{}}, EXPRESS: {{}}}}\n")
    assert said == [
        "tallyman.yaml:15: thresholds.services.EXPRESS: is the same service as "
        "thresholds.services.Express on line 15: join them"
    ]
