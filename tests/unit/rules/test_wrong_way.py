from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import permutations

import pytest

from bot.rules.finding import Finding
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy
from bot.rules.wrong_way import RULE
from storage.vocabulary import Reason, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def scanned(at: Times, policy: Policy) -> Callable[..., Finding | None]:
    """What the rule says of one seen at these times in these places, in transit."""

    def judged(*scans: tuple[str, str | None], reason_at: str = "") -> Finding | None:
        return RULE.judge(_journey(at, scans, reason_at), policy, at("Sun 12:00")).finding

    return judged


def _journey(at: Times, scans: Sequence[tuple[str, str | None]], reason_at: str = "") -> Journey:
    checkpoints = tuple(
        Checkpoint(
            at(when),
            Status.IN_TRANSIT,
            Reason.MISSORT if when == reason_at else None,
            location=place,
        )
        for when, place in scans
    )
    return Journey(
        shipment_id=10,
        partner_key="harbour",
        status=Status.IN_TRANSIT,
        reason=checkpoints[-1].reason,
        first_scan_at=checkpoints[0].occurred_at,
        last_scan_at=checkpoints[-1].occurred_at,
        checkpoints=checkpoints,
    )


Scanned = Callable[..., Finding | None]


def test_back_in_a_place_that_it_had_left(scanned: Scanned, at: Times) -> None:
    finding = scanned(
        ("Mon 10:00", "Bremen"),
        ("Tue 10:00", "Kassel"),
        ("Wed 10:00", "BREMEN "),
        ("Wed 18:00", "Bremen"),
    )
    assert finding is not None
    assert finding.side is Side.CARRIER
    assert finding.since == at("Wed 10:00")
    assert finding.facts == {
        "how": "back",
        "seen_at": at("Wed 10:00").isoformat(),
        "location": "BREMEN ",
        "came_from": "Kassel",
    }


def test_onward_to_a_new_place_clears_it_and_to_and_fro_does_not(scanned: Scanned) -> None:
    back = (("Mon 10:00", "Bremen"), ("Tue 10:00", "Kassel"), ("Wed 10:00", "Bremen"))
    assert scanned(*back, ("Thu 10:00", "Ulm")) is None
    assert scanned(*back, ("Thu 10:00", "Kassel")) is not None


def test_onward_all_the_time_is_the_right_way(scanned: Scanned) -> None:
    assert (
        scanned(
            ("Mon 10:00", "Bremen"),
            ("Mon 20:00", "Bremen"),
            ("Tue 10:00", "Kassel"),
            ("Wed 10:00", None),
            ("Thu 10:00", "Ulm"),
        )
        is None
    )


def test_two_systems_that_tell_of_one_moment_are_no_way_back(scanned: Scanned) -> None:
    told_twice = (("Mon 10:00", "Bremen"), ("Mon 18:00", "Bremen Hub"), ("Mon 18:10", "Bremen"))
    assert scanned(*told_twice) is None
    assert scanned(*told_twice, ("Tue 09:00", "Bremen")) is None


def test_after_a_day_on_the_van_the_depot_is_the_right_place(policy: Policy, at: Times) -> None:
    journey = _journey(
        at, (("Mon 10:00", "Depot"), ("Tue 10:00", "Linden Street"), ("Tue 18:00", "Depot"))
    )
    depot, street, back = journey.checkpoints
    tried = replace(street, status=Status.ATTEMPT_FAILED)
    at_the_door = replace(journey, checkpoints=(depot, tried, back))
    assert RULE.judge(journey, policy, at("Tue 19:00")).finding is not None
    assert RULE.judge(at_the_door, policy, at("Tue 19:00")).finding is None


def test_a_missort_stands_until_it_is_seen_in_a_new_place(scanned: Scanned, at: Times) -> None:
    missorted = (("Mon 10:00", "Bremen"), ("Tue 10:00", "Ulm"))
    for scans in (
        missorted,
        (*missorted, ("Tue 14:00", "Ulm")),
        (*missorted, ("Tue 15:00", "Bremen")),
    ):
        finding = scanned(*scans, reason_at="Tue 10:00")
        assert finding is not None
        assert finding.since == at("Tue 10:00")
        assert finding.facts["how"] == "missort"
        assert finding.facts["location"] == "Ulm"
    assert scanned(*missorted, ("Wed 10:00", "Kassel"), reason_at="Tue 10:00") is None


def test_where_no_places_are_told_the_next_scan_clears_a_missort(scanned: Scanned) -> None:
    assert scanned(("Tue 10:00", None), reason_at="Tue 10:00") is not None
    assert scanned(("Tue 10:00", None), ("Tue 16:00", None), reason_at="Tue 10:00") is None


def test_a_missort_that_only_the_status_tells_is_believed(policy: Policy, at: Times) -> None:
    journey = replace(
        _journey(at, (("Mon 10:00", "Bremen"),)), reason=Reason.MISSORT, checkpoints=()
    )
    finding = RULE.judge(journey, policy, at("Tue 10:00")).finding
    assert finding is not None
    assert finding.since == at("Mon 10:00")


@pytest.mark.parametrize("status", [Status.OUT_FOR_DELIVERY, Status.DELIVERED, Status.RETURNING])
def test_what_comes_next_clears_it(policy: Policy, at: Times, status: Status) -> None:
    journey = _journey(
        at, (("Mon 10:00", "Bremen"), ("Tue 10:00", "Kassel"), ("Wed 10:00", "Bremen"))
    )
    assert RULE.judge(replace(journey, status=status), policy, at("Thu 10:00")).finding is None


def test_checkpoints_in_any_order_tell_the_same(policy: Policy, at: Times) -> None:
    journey = _journey(
        at,
        (
            ("Mon 10:00", "Bremen"),
            ("Tue 10:00", "Kassel"),
            ("Tue 10:00", "Ulm"),
            ("Wed 10:00", "Bremen"),
        ),
    )
    findings = {
        repr(RULE.judge(replace(journey, checkpoints=order), policy, at("Thu 10:00")).finding)
        for order in permutations(journey.checkpoints)
    }
    assert len(findings) == 1
    assert findings != {"None"}
