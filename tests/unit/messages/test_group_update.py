"""What the thread of a group is told of changes that nobody made."""

from dataclasses import replace

from bot.messages.cards import CaseCard, GroupCard
from bot.messages.group_update import group_update
from storage.vocabulary import Severity
from tests.unit.messages.groups import group, over, several


def says(
    card: GroupCard,
    joined: list[CaseCard] | None = None,
    resolved: list[CaseCard] | None = None,
    reopened: list[CaseCard] | None = None,
    worse: list[CaseCard] | None = None,
) -> list[str]:
    message = group_update(card, joined or [], resolved or [], reopened or [], worse or [])
    (block,) = message.blocks
    lines: list[str] = block["text"]["text"].splitlines()
    return lines


def test_one_that_joined_says_what_it_is_about(case: CaseCard) -> None:
    cases = several(case, 3)
    assert says(group(cases), joined=cases[:1]) == [
        "🟠 T-1042 (SCX-4411) joined: 3 days past its promise.",
        "All 3 are open.",
    ]


def test_several_are_named_and_the_rest_counted(case: CaseCard) -> None:
    cases = several(case, 2000)
    assert says(group(cases), joined=cases) == [
        "🟠 2,000 joined: T-3041 (SCX-6410), T-3040 (SCX-6409), T-3039 (SCX-6408) and 1,997 more.",
        "All 2,000 are open.",
    ]


def test_good_news_is_marked_as_such(case: CaseCard) -> None:
    first, second, third = several(case, 3)
    assert says(group([over(first), second, third]), resolved=[over(first)]) == [
        "✅ T-1042 (SCX-4411) was resolved after 2 days: delivered Mon 17 Mar, 3 days late.",
        "2 of 3 are still open.",
    ]
    all_over = [over(each) for each in (first, second)]
    assert says(group(all_over), resolved=all_over) == [
        "✅ 2 are over: T-1043 (SCX-4412), T-1042 (SCX-4411).",
        "Nothing is left open.",
    ]


def test_only_what_became_critical_rings_the_account_manager(case: CaseCard) -> None:
    first, second, third = several(case, 3)
    critical = replace(first, severity=Severity.CRITICAL)
    card = group([critical, second, third])
    assert says(card, joined=[third], reopened=[second], worse=[critical]) == [
        "🔴 T-1042 (SCX-4411) is critical now: 3 days past its promise. <@U0ADA>, please see "
        "to it.",
        "T-1044 (SCX-4413) joined: 5 days past its promise.",
        "T-1043 (SCX-4412) is open again: 4 days past its promise.",
        "All 3 are open.",
    ]
    assert says(card, joined=[critical], worse=[second])[0] == (
        "🔴 T-1043 (SCX-4412) is a warning now: 4 days past its promise."
    )
    assert "<@" not in " ".join(says(card, joined=[critical], worse=[second]))


def test_one_sentence_tells_the_same_in_a_notification(case: CaseCard) -> None:
    cases = several(case, 3)
    message = group_update(group(cases), cases[:1], [], [], [])
    assert message.text == ("T-1042 (SCX-4411) joined: 3 days past its promise. All 3 are open.")
