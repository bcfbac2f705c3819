"""What the book says of when and where things are told: taken as it is meant, refused in words."""

import json
from collections.abc import Callable
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book import Book
from bot.book.document import read_document
from bot.book.places import channels_of, people_of
from bot.book.route_agreement import ROUTE_CHECKS
from bot.routing.conditions import conditions_of
from bot.routing.routed_case import RoutedCase
from storage.vocabulary import CaseKind, Severity
from tests.unit.routing.books import book_with

Load = Callable[..., Book]
Faults = Callable[..., list[str]]

NORTH = """\
  - key: north
    name: North
    kind: 3pl
    time_zone: UTC
    channel: C0NORTH
    account_manager: U0MARCO
sources:
"""


def with_neighbour(sound: str, more: str) -> str:
    return sound.replace("sources:\n", NORTH) + more


def routing(*routes: str, match: str = "first") -> str:
    lines = "".join(f"    - {{{route}}}\n" for route in routes)
    return f"routing:\n  match: {match}\n  routes:\n{lines}"


# -- as it is meant ----------------------------------------------------------


def test_left_out_everything_has_its_default(load: Load, sound: str) -> None:
    book = load(sound)
    assert (book.quiet_hours, book.digests, book.routing.routes) == (None, (), ())
    assert book.grouping.wait_seconds == 30
    assert book.time_zone == "UTC"


def test_what_yaml_would_take_for_true_and_for_minutes_is_taken_as_written(
    load: Load, sound: str
) -> None:
    book = load(
        sound + "digests:\n  - {channel: C0OPS, every: week, on: fri, at: 09:30}\n"
        "quiet_hours: {from: 19:00, to: 07:00, days_off: no}\n"
    )
    assert (book.digests[0].on, book.digests[0].at) == ("fri", time(9, 30))
    assert book.quiet_hours is not None
    assert (book.quiet_hours.from_, book.quiet_hours.days_off) == (time(19), False)


def test_a_partner_may_have_hours_of_its_own_or_none(load: Load, sound: str) -> None:
    channel = "    channel: C0HARBOUR\n"
    off = load(sound.replace(channel, channel + "    quiet_hours: off\n"))
    assert off.partners[0].quiet_hours == "off"


def test_channels_and_people_are_named_once_with_all_that_they_are_for(
    load: Load, sound: str
) -> None:
    book = load(
        sound
        + "digests: [{channel: C0OPS}, {channel: C0BOARD, every: week}]\n"
        + routing(
            "name: Big, to: [C0BIG, partner, U0LENA]", "name: Rest, to: [C0BIG, ops, U0MAX]"
        ).replace("match: first", "match: all")
    )
    assert channels_of(book) == {
        "C0OPS": "ops, a daily digest",
        "C0LOST": "fallback",
        "C0HARBOUR": "partner harbour",
        "C0BOARD": "a weekly digest",
        "C0BIG": "route Big, route Rest",
    }
    assert people_of(book) == {"U0LENA": "partner harbour, route Big", "U0MAX": "route Rest"}


# -- each entry by itself ----------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("quiet_hours: {from: 19:00}", "quiet_hours.to: is missing: expected a time such as 07:00"),
        ("quiet_hours: {to: 07:00}", "quiet_hours.from: is missing: expected a time such as 19:00"),
        (
            "quiet_hours: {form: 19:00, from: 19:00, to: 07:00}",
            "quiet_hours.form: unknown field. Did you mean from?",
        ),
        (
            "quiet_hours: {from: late, to: 07:00}",
            "quiet_hours.from: expected a time such as 19:00, not 'late'",
        ),
        (
            "quiet_hours: {from: 19:00Z, to: 07:00}",
            "quiet_hours.from: is a time of the entry's own zone: leave out the offset",
        ),
        (
            "quiet_hours: {from: 19:00, to: 19:00}",
            "quiet_hours: quiet from 19:00 to 19:00 is no time at all",
        ),
        (
            "grouping: {wait_seconds: 30 s}",
            "grouping.wait_seconds: expected seconds, from 0 to 3600, for others to join, not "
            "'30 s'",
        ),
        (
            "digests: [{channel: C0OPS, every: daily}]",
            "digests[0].every: expected one of day, week, not 'daily'. Did you mean day?",
        ),
        (
            "digests: [{channel: C0OPS, every: week, on: monday}]",
            "digests[0].on: expected one of mon, tue, wed, thu, fri, sat, sun, not 'monday'. Did "
            "you mean mon?",
        ),
        (
            "digests: [{channel: C0OPS, partners: harbour}]",
            "digests[0].partners: expected a list, not 'harbour'. Write [harbour]",
        ),
        ("digests: {channel: C0OPS}", "digests: expected a list, not fields of its own"),
    ],
)
def test_an_entry_that_is_not_understood(faults: Faults, sound: str, entry: str, said: str) -> None:
    assert faults(f"{sound}{entry}\n") == [f"tallyman.yaml:14: {said}"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (
            "no",
            "quiet_hours: expected from and to, or off; left out, they are the book's, not 'no'",
        ),
        ("{from: 19:00}", "quiet_hours.to: is missing: expected a time such as 07:00"),
        ("{from: 7, to: 08:00}", "quiet_hours.from: expected a time such as 19:00, not '7'"),
        ("{from: 07:00, to: 07:00}", "quiet_hours: quiet from 07:00 to 07:00 is no time at all"),
    ],
)
def test_a_partners_hours_that_are_not_understood(
    faults: Faults, sound: str, hours: str, said: str
) -> None:
    channel = "    channel: C0HARBOUR\n"
    text = sound.replace(channel, f"{channel}    quiet_hours: {hours}\n")
    assert faults(text) == [f"tallyman.yaml:9: partners[0].{said}"]


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("to: [ops]", ".name: is missing: expected a name of 1 to 80 characters"),
        ("name: a", ".to: is missing: expected channels, people, or the words partner and ops"),
        (
            "name: a, to: ops",
            ".to: expected a list of channels, people, or the words partner and ops, not 'ops'. "
            "Write [ops]",
        ),
        (
            "name: a, to: []",
            ".to: expected channels, people, or the words partner and ops, not an empty list",
        ),
        (
            "name: a, to: ['#ops']",
            ".to[0]: expected a channel's id (C...), a person's (U...), or one of the words "
            "partner, ops, not '#ops'",
        ),
        (
            "name: a, to: [ops], when: {kinds: [promise_pased]}",
            ".when.kinds[0]: unknown word 'promise_pased'. Did you mean promise_passed?",
        ),
        (
            "name: a, to: [ops], when: {severity_from: critcal}",
            ".when.severity_from: expected one of info, warning, critical, not 'critcal'. Did you "
            "mean critical?",
        ),
        (
            "name: a, to: [ops], when: {custmers: [x]}",
            ".when.custmers: unknown field. Did you mean customers?",
        ),
        ("name: a, to: [ops], when: {customers: []}", ".when.customers: expected accounts, not an"),
        ("name: a, to: [ops], when: {customers: ['']}", ".when.customers[0]: expected a word, or"),
        ("name: a, to: [ops], when:", ".when: expected fields such as partners, kinds, severity_f"),
        (
            "name: a, to: [ops], when: {value_from: 5, currency: Euro}",
            ".when.currency: expected three letters such as EUR, not 'Euro'",
        ),
        (
            "name: a, to: [ops], when: {value_from: much, currency: EUR}",
            ".when.value_from: expected a number, 0 or more, not 'much'",
        ),
    ],
)
def test_a_route_that_is_not_understood(faults: Faults, sound: str, route: str, said: str) -> None:
    [fault] = faults(sound + routing(route))
    assert fault.startswith(f"tallyman.yaml:17: routing.routes[0]{said}")


def test_a_kind_that_resembles_none_is_answered_with_all_of_them(
    faults: Faults, sound: str
) -> None:
    [fault] = faults(sound + routing("name: a, to: [ops], when: {kinds: [zz]}"))
    assert all(kind in fault for kind in CaseKind)


# -- digests among themselves ------------------------------------------------


@pytest.mark.parametrize(
    ("digests", "said"),
    [
        (
            "{channel: C0OPS, partners: [harbor]}",
            ":20: digests[0].partners[0]: no partner has the key 'harbor'. Did you mean harbour?",
        ),
        (
            "{channel: C0HARBOUR, partners: [harbour, north]}",
            ":20: digests[0].partners: C0HARBOUR is the channel of partner harbour, who would read "
            "of north. Leave `partners` out, or use another channel",
        ),
        (
            "{channel: C0OPS}, {channel: C0OPS, at: 09:00, every: day}",
            ":20: digests[1]: C0OPS has a digest every day already: digests[0] on line 20. Join "
            "them",
        ),
        (
            "{channel: C0OPS, on: fri}",
            ":20: digests[0].on: is for a weekly digest: add `every: week` beside it, or leave it "
            "out",
        ),
    ],
)
def test_digests_that_do_not_agree(faults: Faults, sound: str, digests: str, said: str) -> None:
    text = with_neighbour(sound, f"digests: [{digests}]\n")
    assert faults(text) == [f"tallyman.yaml{said}"]


def test_digests_that_agree(load: Load, sound: str) -> None:
    book = load(
        with_neighbour(
            sound,
            "digests: [{channel: C0OPS}, {channel: C0OPS, every: week, on: fri},\n"
            "  {channel: C0HARBOUR, partners: [harbour]}, {channel: C0NORTH}]\n",
        )
    )
    assert len(book.digests) == 4


# -- routes among themselves -------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        (
            ["name: a, to: [ops], when: {kinds: [lost]}", "name: A, to: [U0LENA]"],
            ":24: routing.routes[1].name: 'A' is the name of another route already: "
            "routing.routes[0].name on line 23",
        ),
        (
            ["name: a, to: [ops], when: {partners: [harbor]}"],
            ":23: routing.routes[0].when.partners[0]: no partner has the key 'harbor'. Did you "
            "mean harbour?",
        ),
        (
            ["name: a, to: [ops, C0HARBOUR]"],
            ":23: routing.routes[0].to[1]: C0HARBOUR is the channel of partner harbour, who would "
            "read of others. Write `partner` for each case's own partner, or let the route take "
            "only theirs with `partners: [harbour]`",
        ),
        (
            ["name: a, to: [C0HARBOUR], when: {partners: [harbour, north]}"],
            ":23: routing.routes[0].to[0]: C0HARBOUR is the channel of partner harbour, who would "
            "read of others. Write `partner` for each case's own partner, or let the route take "
            "only theirs with `partners: [harbour]`",
        ),
        (
            ["name: a, to: [ops], when: {value_from: 5}"],
            ":23: routing.routes[0].when.value_from: has no currency: add `currency`, such as EUR, "
            "beside it",
        ),
        (
            ["name: a, to: [ops], when: {currency: EUR}"],
            ":23: routing.routes[0].when.currency: is that of a value: add `value_from`, or leave "
            "it out",
        ),
        (
            ["name: a, to: [ops]", "name: b, to: [U0LENA], when: {kinds: [lost]}"],
            ":24: routing.routes[1]: never takes a case: a (routing.routes[0] on line 23) takes "
            "them all before it. Put it further up, or write `match: all`",
        ),
    ],
)
def test_routes_that_do_not_agree(faults: Faults, sound: str, routes: list[str], said: str) -> None:
    assert faults(with_neighbour(sound, routing(*routes))) == [f"tallyman.yaml{said}"]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("kinds: [lost, damaged]", "kinds: [lost]"),
        ("severity_from: warning", "severity_from: critical"),
        ("severity_from: info", "priority: high"),
        ("customers: [ACME, Globex]", "customers: [' acme'], severity_from: critical"),
        ("priority: high", "priority: HIGH, partners: [north]"),
        ("value_from: 10, currency: EUR", "value_from: 10.5, currency: EUR"),
        ("partners: [harbour, north]", "partners: [north], kinds: [lost]"),
    ],
)
def test_a_route_that_comes_too_late_to_take_anything(
    faults: Faults, load: Load, sound: str, wide: str, narrow: str
) -> None:
    routes = [f"name: a, to: [ops], when: {{{when}}}" for when in (wide, narrow)]
    routes[1] = routes[1].replace("name: a", "name: b")
    [said] = faults(with_neighbour(sound, routing(*routes)))
    assert said.startswith("tallyman.yaml:24: routing.routes[1]: never takes a case: a (")
    for mended in (routing(*routes, match="all"), routing(*reversed(routes))):
        assert len(load(with_neighbour(sound, mended)).routing.routes) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("kinds: [lost]", "kinds: [lost, damaged]"),
        ("kinds: [lost]", "severity_from: critical"),
        ("severity_from: critical", "severity_from: warning"),
        ("customers: [ACME], kinds: [lost]", "customers: [ACME]"),
        ("priority: high", "priority: low"),
        ("value_from: 10, currency: EUR", "value_from: 20, currency: USD"),
        ("value_from: 10, currency: EUR", "value_from: 9, currency: EUR"),
    ],
)
def test_a_route_that_still_takes_something(
    load: Load, sound: str, first: str, second: str
) -> None:
    routes = [
        f"name: {name}, to: [ops], when: {{{when}}}" for name, when in (("a", first), ("b", second))
    ]
    assert len(load(with_neighbour(sound, routing(*routes))).routing.routes) == 2


WHEN = st.fixed_dictionaries(
    {},
    optional={
        "partners": st.lists(st.sampled_from(["harbour", "northgate"]), min_size=1, max_size=2),
        "kinds": st.lists(st.sampled_from(["lost", "damaged"]), min_size=1, max_size=2),
        "severity_from": st.sampled_from([severity.value for severity in Severity]),
        "customers": st.lists(st.sampled_from(["ACME", "acme ", "Globex"]), min_size=1, max_size=2),
        "priority": st.sampled_from(["high", "HIGH", "low"]),
    },
)
MONEY: st.SearchStrategy[dict[str, str]] = st.just({}) | st.fixed_dictionaries(
    {"value_from": st.sampled_from(["10", "20"]), "currency": st.sampled_from(["EUR", "USD"])}
)
CASES = st.builds(
    RoutedCase,
    kind=st.sampled_from([CaseKind.LOST, CaseKind.DAMAGED]),
    severity=st.sampled_from(Severity),
    partner_key=st.sampled_from([None, "harbour", "northgate"]),
    account=st.sampled_from([None, "Acme", "Globex"]),
    priority=st.sampled_from([None, "high", "low"]),
    value=st.sampled_from([None, 5.0, 10.0, 30.0]),
    currency=st.sampled_from([None, "EUR", "USD"]),
)


@given(whens=st.lists(st.builds(dict.__or__, WHEN, MONEY), min_size=2, max_size=4), case=CASES)
def test_what_is_called_unreachable_never_takes_a_case(
    whens: list[dict[str, object]], case: RoutedCase
) -> None:
    routes = [{"name": f"r{n}", "when": when, "to": ["ops"]} for n, when in enumerate(whens)]
    partners = [{"key": "harbour"}, {"key": "northgate"}]
    written = {"partners": partners, "routing": {"routes": routes}}
    document = read_document("tallyman.yaml", json.dumps(written), {})
    for check in ROUTE_CHECKS:
        check(document)
    unreachable = [fault.field for fault in document.faults if "never takes" in fault.message]
    entries = book_with(*routes).routing.routes
    holds = [all(each.holds(case) for each in conditions_of(one.when)) for one in entries]
    assert all("never takes" in fault.message for fault in document.faults)
    if any(holds):
        assert f"routing.routes[{holds.index(True)}]" not in unreachable
