from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.rules.catalogue import judge
from bot.rules.journey import Checkpoint, Journey
from bot.rules.number_unknown import KNOWN_WITHIN, RULE
from bot.rules.policy import Policy, Thresholds
from storage.vocabulary import CaseKind, Severity, Side, Status

Times = Callable[[str], datetime]


@pytest.fixture
def mistyped(at: Times) -> Journey:
    """Announced on Thursday at 15:00; ten working hours are over on Friday at 15:00."""
    return Journey(
        shipment_id=15,
        partner_key="harbour",
        status=Status.NOT_FOUND,
        announced_at=at("Thu 15:00"),
    )


def test_a_working_day_after_it_was_announced_it_is_the_shippers_turn(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    assert RULE.judge(mistyped, policy, at("Fri 14:59")).look_again_at == at("Fri 15:00")
    verdict = RULE.judge(mistyped, policy, at("Fri 15:00"))
    assert verdict.finding is not None
    assert verdict.finding.severity is Severity.WARNING
    assert verdict.finding.side is Side.SHIPPER
    assert verdict.finding.since == at("Fri 15:00")
    assert verdict.look_again_at is None


def test_a_carrier_that_knows_numbers_by_the_goods_has_until_they_are_due(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    next_week = replace(mistyped, ship_by=at("Wed+1 12:00"))
    assert RULE.judge(next_week, policy, at("Thu+1 11:59")).finding is None
    assert RULE.judge(next_week, policy, at("Thu+1 12:00")).finding is not None


def test_it_explains_that_nothing_seems_to_have_been_dispatched(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    judgement = judge(replace(mistyped, ship_by=at("Fri 12:00")), policy, at("Fri+1 12:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.NUMBER_UNKNOWN]
    assert judgement.held_back == {
        CaseKind.NEVER_PICKED_UP: CaseKind.NUMBER_UNKNOWN,
        CaseKind.NOT_DISPATCHED: CaseKind.NUMBER_UNKNOWN,
    }


@pytest.mark.parametrize(
    "status", [Status.LABEL_CREATED, Status.IN_TRANSIT, Status.CANCELLED, Status.DELIVERED]
)
def test_the_first_news_clears_it(
    mistyped: Journey, policy: Policy, at: Times, status: Status
) -> None:
    assert RULE.judge(replace(mistyped, status=status), policy, at("Fri+1 12:00")).finding is None


def test_a_carrier_that_gives_up_on_it_still_does_not_know_it(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    given_up = replace(mistyped, status=Status.EXPIRED)
    label = Checkpoint(at("Thu 16:00"), Status.LABEL_CREATED)
    known_once = replace(given_up, checkpoints=[label])
    assert RULE.judge(given_up, policy, at("Fri+1 12:00")).finding is not None
    assert RULE.judge(known_once, policy, at("Fri+1 12:00")).finding is None


def test_an_order_that_nobody_announced_has_no_number_to_know(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    ordered = replace(mistyped, announced_at=None, ordered_at=at("Mon 08:00"))
    off = replace(policy, thresholds=Thresholds({KNOWN_WITHIN.name: None}))
    assert RULE.judge(ordered, policy, at("Fri+1 12:00")).finding is None
    assert RULE.judge(mistyped, off, at("Fri+1 12:00")).finding is None


def test_a_carrier_that_was_asked_and_does_not_know_it_is_believed(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    """Nobody announced it; that somebody asked for it tells that there is a number."""
    asked_twice = replace(
        mistyped,
        announced_at=None,
        ordered_at=at("Mon 09:00"),
        checkpoints=(
            Checkpoint(at("Thu 15:00"), Status.NOT_FOUND),
            Checkpoint(at("Fri 09:00"), Status.NOT_FOUND),
        ),
    )
    assert RULE.judge(asked_twice, policy, at("Fri 14:59")).look_again_at == at("Fri 15:00")
    judgement = judge(asked_twice, policy, at("Fri 15:00"))
    assert [finding.kind for finding in judgement.findings] == [CaseKind.NUMBER_UNKNOWN]


def test_while_its_source_is_silent_nobody_says_so(
    mistyped: Journey, policy: Policy, at: Times
) -> None:
    unheard = replace(mistyped, heard_until=at("Fri 14:00"))
    verdict = RULE.judge(unheard, policy, at("Mon+1 09:00"))
    assert verdict.finding is None
    assert verdict.look_again_at == at("Mon+1 09:30")
