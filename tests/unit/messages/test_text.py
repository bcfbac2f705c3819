"""Text from outside stays text; numbers and times read as people say them."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.messages import text

NOW = datetime(2014, 3, 17, 9, 12, tzinfo=UTC)
HOSTILE = [
    "<!channel> late",
    "<@U0ADA> pays",
    "<https://evil.example|Acknowledge>",
    "@here @channel @everyone",
    "*bold* _italics_ ~gone~ `code` ```block```",
    "line\nbreak\r\n> quote\u2028more",
    "\u202egnp.exe\u200b\u2066 \ufeff\x00\x1b[31m",
    ":red_circle: :tada:",
    "&lt;!here&gt;",
    "\ud800 lone",
]


@given(some.text(max_size=400) | some.sampled_from(HOSTILE), some.integers(1, 200))
def test_whatever_comes_from_outside_is_harmless_and_fits(raw: str, limit: int) -> None:
    shown = text.safe(raw, limit)
    assert len(shown) <= limit
    assert not re.search(r"[<>\n\r`*~]", shown)
    assert re.fullmatch(r"([^&]|&(amp|lt|gt);)*", shown), "no entity is torn"
    assert not any(unicodedata.category(character)[0] == "C" for character in shown)
    assert not re.search(r"@(here|channel|everyone)\b", shown, re.IGNORECASE)
    assert not re.search(r":[a-z][a-z_]*:", shown)
    shown.encode()


@given(some.text(alphabet="&<>ab; ", max_size=80), some.integers(1, 40))
def test_cutting_tears_no_entity(raw: str, limit: int) -> None:
    escaped = text.escape(raw)
    shown = text.cut(escaped, limit)
    assert len(shown) <= limit
    assert re.fullmatch(r"([^&]|&(amp|lt|gt);)*", shown)
    if len(escaped) <= limit:
        assert shown == escaped
    else:
        assert shown.endswith("…")


def test_ordinary_words_numbers_and_names_stay_as_they_are() -> None:
    for ordinary in (
        "1Z999AA10123456784",
        "PO_2014_0017",
        "Müller & Söhne",
        "10:32:15 Ankunft im Depot",
        "Côte d'Ivoire – 東京",
        "ask@acme.example",
    ):
        assert text.safe(ordinary) == ordinary.replace("&", "&amp;")


def test_a_forged_bell_is_readable_but_silent() -> None:
    assert text.safe("<!channel> pay *now*\n@here") == "&lt;!channel&gt; pay ∗now∗ ＠here"
    assert text.safe(":red_circle: all fine") == "∶red_circle: all fine"
    assert text.safe("\u202etxt.exe\u200b") == "txt.exe"
    assert text.safe("_under_ snake_case") == "ˍunderˍ snake_case"


def test_only_a_user_id_becomes_a_mention() -> None:
    assert text.mention("U0ADA") == "<@U0ADA>"
    assert text.mention("!channel") == "!channel"
    assert text.mention("U0ADA> <!here") == "U0ADA&gt; &lt;!here"
    assert text.mention(None) == "somebody"


def test_a_link_can_not_be_broken_out_of() -> None:
    assert text.link("T-1", "https://x.example/a|b>c") == "<https://x.example/a%7Cb%3Ec|T-1>"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=45, seconds=59), "45 minutes"),
        (timedelta(hours=3, minutes=10), "3 hours 10 minutes"),
        (timedelta(hours=3), "3 hours"),
        (timedelta(days=2, hours=3, minutes=50), "2 days 3 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=40, hours=3), "40 days"),
        (timedelta(hours=-5), "5 hours"),
    ],
)
def test_lengths_of_time_in_words(length: timedelta, words: str) -> None:
    assert text.span(length) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=45), "45 minutes"),
        (timedelta(hours=1, minutes=50), "1 hour 50 minutes"),
        (timedelta(hours=3, minutes=50), "3 hours"),
        (timedelta(days=1, hours=7), "1 day 7 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=9, hours=23), "9 days"),
    ],
)
def test_lengths_of_time_as_people_say_them(length: timedelta, words: str) -> None:
    assert text.about(length) == text.about(-length) == words


def test_what_is_of_today_is_told_by_its_hour() -> None:
    this_morning = NOW - timedelta(minutes=5)
    assert text.shortly(this_morning, "UTC", NOW) == text.clock(this_morning, "UTC")
    yesterday = NOW - timedelta(days=1)
    assert text.shortly(yesterday, "UTC", NOW) == text.moment(yesterday, "UTC", NOW)
    of_one_day = text.between(this_morning, NOW, "UTC", NOW)
    assert of_one_day == f"{text.moment(this_morning, 'UTC', NOW)} to {text.clock(NOW, 'UTC')}"
    of_two = text.between(yesterday, NOW, "UTC", NOW)
    assert of_two.endswith(f" to {text.moment(NOW, 'UTC', NOW)}")


def test_how_long_ago() -> None:
    assert text.ago(NOW - timedelta(hours=1), NOW) == "1 hour ago"
    assert text.ago(NOW + timedelta(days=2), NOW) == "in 2 days"
    assert text.ago(NOW, NOW) == "just now"


def test_promises_are_told_where_it_is_delivered() -> None:
    end_of_day = datetime(2014, 3, 14, 22, 59, 59, tzinfo=UTC)
    assert text.promised(end_of_day, "Africa/Lagos", NOW) == "Fri 14 Mar, end of day in Lagos"
    assert text.promised(end_of_day, "America/New_York", NOW) == "Fri 14 Mar, 18:59 in New York"
    assert text.promised(end_of_day, "UTC", NOW) == "Fri 14 Mar, 22:59 UTC"
    a_year_on = NOW + timedelta(days=365)
    assert text.promised(end_of_day, "UTC", a_year_on) == "Fri 14 Mar 2014, 22:59 UTC"


@pytest.mark.parametrize(
    ("kept", "due", "words"),
    [
        (14, 17, "82.4% (14 of 17)"),
        (17, 17, "100% (17 of 17)"),
        (0, 17, "0% (0 of 17)"),
        (19, 20, "95% (19 of 20)"),
        (99_999, 100_000, "over 99.9% (99,999 of 100,000)"),
        (1, 100_000, "under 0.1% (1 of 100,000)"),
        (0, 0, "unknown"),
        (2.5, 10, "25% (2.5 of 10)"),
    ],
)
def test_rates_with_what_they_were_counted_from(kept: float, due: float, words: str) -> None:
    assert text.rate(kept, due) == words


@given(some.integers(1, 10**7).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_only_all_is_a_hundred_and_only_none_is_nought(counts: tuple[int, int]) -> None:
    kept, due = counts
    shown = text.percentage(kept / due)
    assert (shown == "100%") is (kept == due)
    assert (shown == "0%") is (kept == 0)


def test_a_carriers_some_day_is_shown_and_not_stumbled_over() -> None:
    some_day = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert text.promised(some_day, "Asia/Kolkata", NOW) == (
        "Fri 31 Dec 9999, end of day in Kolkata"
    )
    assert text.ago(some_day, NOW).startswith("in 2,9")
    assert text.days_between(NOW, some_day, "Asia/Kolkata") > 2_900_000


def test_what_is_no_number_is_unknown() -> None:
    assert text.number(float("nan")) == "unknown"
    assert text.money(float("inf"), "USD") == "unknown"


def test_numbers() -> None:
    assert text.number(1204567) == "1,204,567"
    assert text.number(-3.5) == "−3.5"
    assert text.number(-0.001) == "0"
    assert text.plural(1, "case") == "1 case"
    assert text.plural(0, "bad entry", "bad entries") == "0 bad entries"
    assert text.money(12400, "USD") == "12,400 USD"
    assert text.money(3.5, None) == "3.50"
    assert text.money(1, "<!here>" * 9).startswith("1.00 &lt;")
