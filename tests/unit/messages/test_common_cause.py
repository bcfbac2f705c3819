"""A hub closes: what most of the cases share is said with its share, and nothing is made up."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages.cards import CaseCard, ShipmentCard
from bot.messages.common_cause import FEWEST, MOST, in_common, shared_lane, shared_reason
from tests.unit.messages.groups import several


def changed(card: CaseCard, **change: object) -> CaseCard:
    assert card.shipment is not None
    shipment: ShipmentCard = replace(card.shipment, **change)  # type: ignore[arg-type]
    return replace(card, shipment=shipment)


def heard_in(card: CaseCard, place: str | None) -> CaseCard:
    assert card.shipment is not None
    assert card.shipment.last_checkpoint is not None
    return changed(card, last_checkpoint=replace(card.shipment.last_checkpoint, location=place))


def test_most_were_last_heard_of_in_one_place_however_it_is_written(case: CaseCard) -> None:
    cases = [
        heard_in(each, ["Leipzig", "LEIPZIG ", "Leipzig", "Lagos", None][number % 5])
        for number, each in enumerate(several(case, 20))
    ]
    assert in_common(cases) == "12 of 20 last heard of in Leipzig"


def test_a_reason_that_most_share_is_told_beside_the_place(case: CaseCard) -> None:
    cases = [
        replace(each, facts={"reason": "weather" if number else "documents"})
        for number, each in enumerate(several(case, 4))
    ]
    assert in_common(cases) == ("all 4 last heard of in Dubai; 3 of 4 with the reason “weather”")


def test_a_reason_that_says_no_more_than_the_kind_is_none(case: CaseCard) -> None:
    delayed = [replace(each, facts={"reason": "delay"}) for each in several(case, 4)]
    assert shared_reason(delayed) is None
    storm = [replace(each, facts={"reason": "weather"}) for each in several(case, 4)]
    assert shared_reason(storm) == "weather"


@pytest.mark.parametrize(
    ("trait", "common", "other", "said"),
    [
        ("destination", "Lagos", "Abuja", "5 of 6 go Mumbai → Lagos"),
        ("service", "Express", "Road", "5 of 6 travel by Express"),
        ("carrier", "Dart", "Hare", "5 of 6 are with Dart"),
    ],
)
def test_a_lane_a_service_or_a_carrier_tells_where_others_have_another(
    case: CaseCard, trait: str, common: str, other: str, said: str
) -> None:
    nowhere = [changed(each, last_checkpoint=None) for each in several(case, 6)]
    alike = [changed(each, **{trait: common}) for each in nowhere]
    assert in_common(alike) is None  # so this partner always works
    assert in_common([*alike[1:], changed(alike[0], **{trait: other})]) == said


def test_one_end_of_the_way_tells_where_the_lanes_differ(case: CaseCard) -> None:
    cases = [
        changed(each, destination=f"Town {number}", origin="Pune" if number == 3 else "Mumbai")
        for number, each in enumerate(several(case, 9))
    ]
    assert in_common([changed(each, last_checkpoint=None) for each in cases]) == (
        "8 of 9 come from Mumbai"
    )


def test_the_lane_of_all_is_the_headlines(case: CaseCard) -> None:
    cases = several(case, 3)
    assert shared_lane(cases) == "Mumbai → Lagos"
    assert shared_lane([*cases, changed(case, destination=None)]) is None
    assert shared_lane([replace(case, shipment=None)]) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(places=st.lists(st.sampled_from(["Leipzig", "Dubai", "Lagos", None]), max_size=30))
def test_a_place_is_named_only_where_most_were_there(
    case: CaseCard, places: list[str | None]
) -> None:
    said = in_common([heard_in(case, place) for place in places]) or ""
    for place in ("Leipzig", "Dubai", "Lagos"):
        count = places.count(place)
        assert (f"in {place}" in said) == (count >= FEWEST and count >= MOST * len(places))
