"""Partners are found however people write them, and never one for another."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.models import PartnerEntry
from bot.lookups.names import (
    beginnings,
    folded,
    names_of,
    nearest_partners,
    partner_at_start,
    partner_named,
)
from storage.vocabulary import PartnerKind


def _partner(key: str, name: str, *aliases: str) -> PartnerEntry:
    return PartnerEntry(
        key=key,
        name=name,
        kind=PartnerKind.CARRIER,
        time_zone="Europe/Berlin",
        channel="C0HERE",
        account_manager="U0HERE",
        aliases=aliases,
    )


ACME = _partner("acme", "Acme", "ACM")
ACME_PARCEL = _partner("acme-parcel", "Acme Parcel", "Acme Parcel GmbH & Co. KG")
NORDIC = _partner("nordic", "Nördlinger Spedition")
TOKYO = _partner("tokyo", "東京運輸")
PARTNERS = [ACME, ACME_PARCEL, NORDIC, TOKYO]


@pytest.mark.parametrize(
    ("typed", "partner", "rest"),
    [
        ("acme parcel june 2014", ACME_PARCEL, "june 2014"),
        ("acme june 2014", ACME, "june 2014"),
        ("ACME   PARCEL", ACME_PARCEL, ""),
        ("acme-parcel 2014-06", ACME_PARCEL, "2014-06"),
        ("acme_parcel", ACME_PARCEL, ""),
        ("Acme Parcel GmbH & Co. KG last month", ACME_PARCEL, "last month"),
        ("acm", ACME, ""),
        ("nordlinger spedition may", NORDIC, "may"),
        ("東京運輸 may", TOKYO, "may"),
    ],
)
def test_the_longest_name_at_the_beginning_counts(
    typed: str, partner: PartnerEntry, rest: str
) -> None:
    named = partner_at_start(PARTNERS, typed)
    assert named is not None
    assert (named.partner, named.rest) == (partner, rest)


@pytest.mark.parametrize("typed", ["", "   ", "-", "!!! ???", "ac", "acmeparcelx", "june 2014"])
def test_what_names_nobody_names_nobody(typed: str) -> None:
    assert partner_at_start(PARTNERS, typed) is None
    assert partner_named(PARTNERS, typed) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("acme parcl", "Acme Parcel"),
        ("nordlingr", "Nördlinger Spedition"),
        ("Amce", "Acme"),
        ("nord", "Nördlinger Spedition"),
        ("nördlinger spediton june 2014", "Nördlinger Spedition"),
    ],
)
def test_a_misspelt_name_has_its_nearest(typed: str, name: str) -> None:
    assert name in nearest_partners(PARTNERS, typed)


def test_what_is_like_nobody_has_no_nearest() -> None:
    assert nearest_partners(PARTNERS, "zzzzzz") == []


def test_names_are_told_once_though_they_are_like_it_in_several_ways() -> None:
    nearest = nearest_partners([ACME_PARCEL], "acme parcel gmb")
    assert nearest == ["Acme Parcel"]


_noise = st.text(alphabet=" -_.", max_size=3)


@given(
    partner=st.sampled_from(PARTNERS),
    which=st.integers(min_value=0, max_value=9),
    upper=st.booleans(),
    before=_noise,
    after=_noise,
)
def test_case_and_punctuation_never_matter(
    partner: PartnerEntry, which: int, upper: bool, before: str, after: str
) -> None:
    names = names_of(partner)
    name = names[which % len(names)]
    typed = before + (name.upper() if upper else name.lower()) + after
    assert partner_named(PARTNERS, typed) is partner


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read_without_harm(typed: str) -> None:
    named = partner_at_start(PARTNERS, typed)
    if named is not None:
        assert folded(typed).startswith(tuple(folded(name) for name in names_of(named.partner)))
    assert len(nearest_partners(PARTNERS, typed)) <= 3


@given(st.lists(st.text(string.ascii_letters, min_size=1, max_size=8), min_size=1, max_size=12))
def test_every_cut_keeps_every_word(words: list[str]) -> None:
    cuts = list(beginnings(" ".join(words)))
    assert len(cuts) == len(words)
    assert all(f"{beginning} {rest}".split() == words for beginning, rest in cuts)
