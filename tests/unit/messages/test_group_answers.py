"""What one person is told of a deed to all cases of a message: only what was not done."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.cases.together import Left, Together, WhyLeft
from bot.messages import group_answers, modals
from bot.messages.modals import GroupAsked
from bot.workspace.limits import check_message, check_view
from storage.vocabulary import CaseAction, CaseKind, Severity

HOSTILE = "<!channel> @here *b* `c` <@U0EVIL> \u202e& " * 100
ACKNOWLEDGED, SNOOZED, RESOLVED = (
    CaseAction.ACKNOWLEDGED,
    CaseAction.SNOOZED,
    CaseAction.RESOLVED,
)


def _together(action: CaseAction, done: int, *left: tuple[WhyLeft, str | None, int]) -> Together:
    return Together(action, done, Counter({Left(why, by): count for why, by, count in left}))


@pytest.mark.parametrize(
    ("together", "said"),
    [
        (
            _together(ACKNOWLEDGED, 9, (WhyLeft.RESOLVED, None, 3)),
            "9 of 12 acknowledged; 3 are resolved already.",
        ),
        (
            _together(
                ACKNOWLEDGED, 1200, (WhyLeft.ACKNOWLEDGED, "U0ANNA", 2), (WhyLeft.RESOLVED, None, 1)
            ),
            "1,200 of 1,203 acknowledged; <@U0ANNA> has 2 already, 1 is resolved already.",
        ),
        (
            _together(ACKNOWLEDGED, 0, (WhyLeft.ACKNOWLEDGED, "U0OLIVIA", 12)),
            "0 of 12 acknowledged; you have 12 already.",
        ),
        (
            _together(ACKNOWLEDGED, 1, (WhyLeft.ESCALATED, "U0ANNA", 1)),
            "1 of 2 acknowledged; 1 is escalated by <@U0ANNA> (acknowledge it).",
        ),
        (
            _together(SNOOZED, 1, (WhyLeft.ESCALATED, None, 2), (WhyLeft.SNOOZED, "U0ANNA", 1)),
            "1 of 4 snoozed; 2 are escalated (acknowledge them one by one first), "
            "1 is snoozed by <@U0ANNA>.",
        ),
        (
            _together(SNOOZED, 3, (WhyLeft.NO_SHIPMENT, None, 1)),
            "3 of 4 snoozed; 1 is about no single shipment (choose a time instead).",
        ),
        (
            _together(RESOLVED, 2, (WhyLeft.JOINED_SINCE, None, 1)),
            "2 of 3 resolved; 1 joined after you had looked.",
        ),
    ],
)
def test_what_was_not_done_is_counted_and_explained(together: Together, said: str) -> None:
    assert group_answers.not_all_done(together, "U0OLIVIA").text == said


@pytest.mark.parametrize(
    ("together", "said"),
    [
        (_together(SNOOZED, 1), "This snoozes it."),
        (_together(SNOOZED, 2), "This snoozes both."),
        (_together(RESOLVED, 12), "This resolves all 12."),
        (
            _together(RESOLVED, 9, (WhyLeft.RESOLVED, None, 3)),
            "This resolves 9 of 12: 3 are resolved already.",
        ),
    ],
)
def test_a_dialogue_says_what_it_would_do(together: Together, said: str) -> None:
    assert group_answers.what_it_does(together, "U0OLIVIA") == said


def test_however_many_people_have_some_of_them_it_fits() -> None:
    left = [(WhyLeft.ACKNOWLEDGED, f"U0PERSON{number}", number) for number in range(1, 500)]
    said = group_answers.not_all_done(_together(ACKNOWLEDGED, 1, *left), "U0OLIVIA")
    check_message(said.blocks)
    assert "more stay as they are" in said.text


def test_the_dialogues_fit_and_ring_nobody() -> None:
    asked = GroupAsked(
        alert_id=2**62,
        together=_together(SNOOZED, 10**9, *((why, HOSTILE, 10**9) for why in WhyLeft)),
        asked_by="U0OLIVIA",
        severity=Severity.CRITICAL,
        kinds=list(CaseKind),
        zone="America/Argentina/ComodRivadavia",
        has_shipments=True,
        partner_name=HOSTILE,
    )
    for modal in (modals.group_snooze_modal, modals.group_resolve_modal):
        view = modal(asked, "{}")
        check_view(view)
        shown = view["blocks"][0]["text"]["text"]
        assert "<" not in shown
        assert "@here" not in shown


def test_a_list_is_for_who_asked() -> None:
    now = datetime(2026, 6, 15, 8, tzinfo=UTC)
    said = group_answers.list_asked_for("U0OLIVIA", 5000, now, "Europe/Berlin")
    assert said == "<@U0OLIVIA>, all 5,000 cases as of Mon 15 Jun 10:00 in Berlin."
