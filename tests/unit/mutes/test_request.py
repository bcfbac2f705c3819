"""What is typed after `/tallyman mute`, taken apart."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.models import PartnerEntry
from bot.messages.kinds import words_of
from bot.mutes.kinds import kind_at_start, nearest_kinds
from bot.mutes.request import Request, ends_at_of, read_lane, read_request
from bot.mutes.unclear import Part, Unclear
from storage.vocabulary import CaseKind, PartnerKind

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


def _partner(key: str, name: str) -> PartnerEntry:
    return PartnerEntry(
        key=key,
        name=name,
        kind=PartnerKind.CARRIER,
        time_zone="Europe/Berlin",
        channel="C0HERE",
        account_manager="U0HERE",
    )


PARTNERS = [_partner("kestrel", "Kestrel Parcel"), _partner("until", "Freight for Lanes")]


def _read(text: str) -> tuple[Request, str, str]:
    request = read_request(text, PARTNERS)
    ends_at, reason = ends_at_of(request, "Europe/Berlin", NOW)
    return request, f"{ends_at:%d %b %H:%M}", reason


def _scope(request: Request) -> tuple[str | None, CaseKind | None, str | None, str | None]:
    key = request.partner.key if request.partner else None
    return key, request.kind, request.lane, request.number


@pytest.mark.parametrize(
    ("typed", "scope"),
    [
        ("kestrel", ("kestrel", None, None, None)),
        ("Kestrel  Parcel late", ("kestrel", CaseKind.PROMISE_PASSED, None, None)),
        ("kestrel past its promise", ("kestrel", CaseKind.PROMISE_PASSED, None, None)),
        ("kestrel promise_passed", ("kestrel", CaseKind.PROMISE_PASSED, None, None)),
        ("kestrel kind held at customs", ("kestrel", CaseKind.CUSTOMS_HOLD, None, None)),
        ("late kestrel", ("kestrel", CaseKind.PROMISE_PASSED, None, None)),
        ("all delays of kestrel", ("kestrel", CaseKind.CARRIER_DELAY, None, None)),
        ("customs", (None, CaseKind.CUSTOMS_HOLD, None, None)),
        ('lane "Hamburg → Lagos"', (None, None, "Hamburg → Lagos", None)),
        ("lane “Hamburg → Lagos”", (None, None, "Hamburg → Lagos", None)),
        ("kestrel lane Hamburg to Lagos", ("kestrel", None, "Hamburg → Lagos", None)),
        ("kestrel hamburg->lagos", ("kestrel", None, "hamburg → lagos", None)),
        ("kestrel Port Harcourt → Lagos", ("kestrel", None, "Port Harcourt → Lagos", None)),
        ("kestrel from Hamburg to Lagos", ("kestrel", None, "Hamburg → Lagos", None)),
        (
            'kestrel customs lane "Hamburg to Lagos"',
            ("kestrel", CaseKind.CUSTOMS_HOLD, "Hamburg → Lagos", None),
        ),
        ("1Z999AA10123", (None, None, None, "1Z999AA10123")),
        ("1Z 999 AA10123", (None, None, None, "1Z 999 AA10123")),
        ("shipment ABCDEF", (None, None, None, "ABCDEF")),
        ("order PO 77", (None, None, None, "PO 77")),
        ("kestrel KP-1 late", ("kestrel", CaseKind.PROMISE_PASSED, None, "KP-1")),
        ("freight for lanes", ("until", None, None, None)),
        ("freight for lanes lost", ("until", CaseKind.LOST, None, None)),
    ],
)
def test_what_is_to_be_muted(typed: str, scope: tuple[object, ...]) -> None:
    request, end, reason = _read(f"{typed} for 3 days reason the port is closed")
    assert _scope(request) == scope
    assert (end, reason) == ("18 Jun 08:00", "the port is closed")


@pytest.mark.parametrize(
    "tail",
    [
        "for 3 days reason the port is closed",
        "for 3 days because the port is closed",
        "for 3 days Reason: the port is closed",
        "for 3 days: the port is closed",
        "for 3 days, the port is closed",
        'for 3 days – "the port is closed"',
        "reason the port is closed for 3 days",
        "because the port is closed, for 3 days",
    ],
)
def test_when_and_why_in_any_order(tail: str) -> None:
    _, end, reason = _read(f"kestrel {tail}")
    assert end == "18 Jun 08:00"
    assert reason.rstrip(",") == "the port is closed"


def test_a_reason_may_speak_of_lanes_and_ends() -> None:
    _, end, reason = _read("kestrel until friday reason lane to Lagos closed for repair until May")
    assert end == "19 Jun 07:00"
    assert reason == "lane to Lagos closed for repair until May"


@pytest.mark.parametrize(
    ("typed", "part", "nearest"),
    [
        ("kestral for 1 day reason x", Part.PARTNER, "Kestrel Parcel"),
        ("custums for 1 day reason x", Part.PARTNER, "Held at customs"),
        ("kestrel costoms hold for 1 day reason x", Part.KIND, "Held at customs"),
        ("kestrel gobbledygook for 1 day reason x", Part.KIND, None),
        ("kestrel lane Hamburg for 1 day reason x", Part.LANE, None),
        ("kestrel A → B → C for 1 day reason x", Part.LANE, None),
        ("kestrel reason x", Part.END, None),
        ("kestrel", Part.END, None),
        ("kestrel for 1 day", Part.REASON, None),
        ("kestrel for 1 day reason  : ", Part.REASON, None),
        ("kestrel for ever reason x", Part.END, None),
    ],
)
def test_what_is_missing_or_misspelt_is_named(typed: str, part: Part, nearest: str | None) -> None:
    with pytest.raises(Unclear) as unclear:
        _read(typed)
    assert unclear.value.part is part
    if nearest is not None:
        assert unclear.value.nearest[0] == nearest


@pytest.mark.parametrize("typed", ["Hamburg → Lagos", "Hamburg to Lagos", ' "Hamburg -> Lagos" '])
def test_a_lane_is_from_somewhere_to_somewhere(typed: str) -> None:
    assert read_lane(typed) == "Hamburg → Lagos"


@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_kind_is_known_by_its_word_and_its_name(kind: CaseKind) -> None:
    assert kind_at_start(f"{kind.value} then more") == (kind, "then more")
    assert kind_at_start(words_of(kind).name.upper()) == (kind, "")
    assert nearest_kinds(words_of(kind).name + "s")[0] == words_of(kind).name


@given(st.text(max_size=200))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    for text in (typed, f"kestrel {typed}", f"kestrel for 1 day {typed}"):
        try:
            request, _, reason = _read(text)
        except Unclear:
            continue
        assert reason
        assert isinstance(request, Request)
