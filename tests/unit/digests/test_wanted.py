"""Who is told of whom, and when."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.models import Book, CalendarEntry, FolderEntry, PartnerEntry
from bot.book.telling import DigestEntry
from bot.digests.times import last_time, next_time, say_at
from bot.digests.wanted import Digest, digests_wanted
from storage.vocabulary import PartnerKind

PARTNERS = {"kestrel": "Europe/Berlin", "brightwater": "America/Chicago"}
CHANNELS = {key: f"C0{key.upper()}" for key in PARTNERS}
OPS = "C0OPS"


def book(*digests: DigestEntry, **calendar: object) -> Book:
    return Book(
        ops_channel=OPS,
        fallback_channel=OPS,
        digests=digests,
        partners=tuple(
            PartnerEntry(
                key=key,
                name=key.capitalize(),
                kind=PartnerKind.CARRIER,
                time_zone=zone,
                calendar=CalendarEntry.model_validate({"country": "DE", **calendar}),
                channel=CHANNELS[key],
                account_manager="U0ANNA",
            )
            for key, zone in PARTNERS.items()
        ),
        sources=(FolderEntry(key="orders", kind="folder", path=Path("orders")),),
    )


def wanted(*digests: DigestEntry, **calendar: object) -> dict[str, Digest]:
    return digests_wanted(book(*digests, **calendar), CHANNELS)


def names(digest: Digest) -> list[str]:
    return [partner.key for partner in digest.partners]


# -- who -------------------------------------------------------------------------


def test_a_partners_channel_is_told_of_that_partner_alone() -> None:
    (digest,) = wanted(DigestEntry(channel="C0KESTREL")).values()
    assert names(digest) == ["kestrel"]
    assert not digest.tells_of_all
    assert digest.zone == ZoneInfo("Europe/Berlin")


def test_ops_is_told_of_all_and_of_what_is_nobodys() -> None:
    (digest,) = wanted(DigestEntry(channel=OPS)).values()
    assert names(digest) == list(PARTNERS)
    assert digest.tells_of_all
    assert digest.zone == ZoneInfo("UTC")


def test_a_channel_of_ours_may_want_some_and_is_told_of_nothing_else() -> None:
    (digest,) = wanted(DigestEntry(channel="C0TEAM", partners=("kestrel",))).values()
    assert names(digest) == ["kestrel"]
    assert not digest.tells_of_all
    assert wanted(DigestEntry(channel="C0TEAM", partners=("gone",))) == {}


@pytest.mark.parametrize("asked", [("brightwater",), ("brightwater", "kestrel")])
def test_a_book_that_asks_for_a_neighbour_does_not_get_it(asked: tuple[str, ...]) -> None:
    digests = wanted(DigestEntry(channel="C0KESTREL", partners=asked)).values()
    assert [names(digest) for digest in digests] in ([], [["kestrel"]])


def test_a_channel_that_slack_renumbered_is_still_its_partners() -> None:
    renumbered = {**CHANNELS, "kestrel": "C0NEW"}
    for named in ("C0KESTREL", "C0NEW"):
        (digest,) = digests_wanted(book(DigestEntry(channel=named)), renumbered).values()
        assert names(digest) == ["kestrel"]
        assert digest.channel == "C0NEW"


def test_the_channel_of_who_left_the_book_is_told_nothing() -> None:
    with_former = {**CHANNELS, "former": "C0FORMER"}
    assert digests_wanted(book(DigestEntry(channel="C0FORMER")), with_former) == {}


channels = st.sampled_from([*CHANNELS.values(), OPS, "C0TEAM", "C0NEW", "C0FORMER"])


@given(
    st.lists(
        st.builds(
            DigestEntry,
            channel=channels,
            every=st.sampled_from(["day", "week"]),
            partners=st.lists(st.sampled_from([*PARTNERS, "gone"]), max_size=3).map(tuple),
        ),
        max_size=6,
    ),
    st.dictionaries(st.sampled_from([*PARTNERS, "former"]), channels),
)
def test_no_partner_ever_sees_a_neighbour(
    entries: list[DigestEntry], present: dict[str, str]
) -> None:
    for digest in digests_wanted(book(*entries), present).values():
        owners = {key for key, channel in CHANNELS.items() if channel == digest.channel}
        owners |= {key for key, channel in present.items() if channel == digest.channel}
        if owners:
            assert set(names(digest)) == owners
            assert len(owners) == 1
            assert not digest.tells_of_all


# -- when ------------------------------------------------------------------------


def berlin(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


DAILY = DigestEntry(channel="C0KESTREL")
WEEKLY = DigestEntry(channel="C0KESTREL", every="week", on="wed")


def only(entry: DigestEntry, **calendar: object) -> Digest:
    (digest,) = wanted(entry, **calendar).values()
    return digest


def test_a_daily_one_comes_on_working_days_in_the_morning_of_its_partner() -> None:
    daily = only(DAILY)
    assert next_time(daily, berlin(15, 7)) == berlin(15, 8)
    assert next_time(daily, berlin(15, 8)) == berlin(16, 8)
    assert next_time(daily, berlin(19, 8)) == berlin(22, 8)  # over the weekend
    assert last_time(daily, berlin(22, 7)) == berlin(19, 8)
    assert next_time(daily, berlin(30, 9, month=4)) == berlin(4, 8, month=5)  # over May Day


def test_a_weekly_one_comes_on_its_day() -> None:
    weekly = only(WEEKLY)
    assert next_time(weekly, berlin(15, 7)) == berlin(17, 8)
    assert next_time(weekly, berlin(17, 8)) == berlin(24, 8)


def test_its_hour_is_the_clocks_there_when_they_change() -> None:
    weekly = only(DigestEntry(channel="C0KESTREL", every="week", on="mon"))
    first = next_time(weekly, berlin(23, 0, month=3))
    second = next_time(weekly, first)
    assert (first.hour, second.hour) == (7, 6)


def test_one_that_is_a_little_late_is_said_at_once() -> None:
    assert say_at(only(DAILY), berlin(15, 8)) == berlin(15, 8)
    assert say_at(only(DAILY), berlin(15, 16)) == berlin(15, 16)


def test_one_that_was_missed_waits_for_the_next_where_that_comes_soon() -> None:
    daily, weekly = only(DAILY), only(WEEKLY)
    assert say_at(daily, berlin(16, 3)) == berlin(16, 8)
    assert say_at(daily, berlin(20, 10)) == berlin(22, 8)  # found on Saturday, told on Monday
    assert say_at(weekly, berlin(24, 3)) == berlin(24, 8)


def test_a_weekly_one_that_was_missed_is_said_on_another_day_in_working_hours() -> None:
    weekly = only(WEEKLY)
    assert say_at(weekly, berlin(18, 21)) == berlin(19, 8)
    assert say_at(weekly, berlin(19, 11)) == berlin(19, 11)


instants = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)
entries = st.builds(
    DigestEntry,
    channel=st.just("C0KESTREL"),
    every=st.sampled_from(["day", "week"]),
    at=st.times().map(lambda at: at.replace(microsecond=0)),
    on=st.sampled_from(["mon", "wed", "sun"]),
    time_zone=st.sampled_from([None, "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata"]),
)


@given(entries, instants)
def test_nothing_lies_between_the_last_and_the_next(entry: DigestEntry, now: datetime) -> None:
    digest = only(entry)
    last, following = last_time(digest, now), next_time(digest, now)
    assert last <= now < following
    assert next_time(digest, last) == following
    assert last_time(digest, following) == following


@given(entries, instants)
def test_what_is_late_is_said_before_the_next_one_or_with_it(
    entry: DigestEntry, now: datetime
) -> None:
    digest = only(entry)
    at = say_at(digest, now)
    assert now <= at <= next_time(digest, now)
    assert at in (now, next_time(digest, now)) or say_at(digest, at) == at


def test_who_is_closed_for_good_still_has_times() -> None:
    closed = tuple(
        date.fromordinal(day)
        for day in range(date(2025, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
    )
    digest = only(DAILY, closed_on=closed)
    assert next_time(digest, berlin(15, 7)) > berlin(15, 7)
