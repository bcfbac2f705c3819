"""The thread under an alert: who did what, when and why, a sentence each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.history import history_reply, history_reply_in_group
from storage.vocabulary import CaseAction, CaseKind, CaseState, Severity, SnoozedFor, Status

TUESDAY = datetime(2014, 3, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "actor", "note", "said"),
    [
        (CaseAction.OPENED, "rule", None, "Opened: 3 days past its promise."),
        (CaseAction.ACKNOWLEDGED, "U0OPS", None, "<@U0OPS> has it."),
        (
            CaseAction.SNOOZED,
            "U0OPS",
            None,
            "<@U0OPS> snoozed it until Tue 18 Mar 11:00 in Lagos.",
        ),
        (
            CaseAction.SNOOZE_ENDED,
            "clock",
            None,
            "The snooze is over and it is still open: 3 days past its promise.",
        ),
        (
            CaseAction.ESCALATED,
            "U0OPS",
            "patients wait <!channel>",
            "<@U0OPS> escalated SCX-4411 to <@U0ADA>: patients wait &lt;!channel&gt;.",
        ),
        (CaseAction.RESOLVED, "U0OPS", "It has arrived", "<@U0OPS> resolved it: It has arrived."),
        (
            CaseAction.CHANGED,
            "rule",
            "info to warning",
            "Now a warning: 3 days past its promise.",
        ),
        (CaseAction.REOPENED, "rule", None, "Back again: 3 days past its promise."),
    ],
)
def test_the_thread_says_who_did_what_and_why(
    case: CaseCard, action: CaseAction, actor: str, note: str | None, said: str
) -> None:
    entry = HistoryEntry(case.now, actor, action, note, until=TUESDAY)
    assert history_reply(entry, case).text == said


def test_what_became_critical_rings_the_account_manager_in_the_thread(case: CaseCard) -> None:
    entry = HistoryEntry(case.now, "rule", CaseAction.CHANGED, "warning to critical")
    reply = history_reply(entry, replace(case, severity=Severity.CRITICAL))
    assert reply.text == "Now critical: 3 days past its promise. <@U0ADA>, please see to it."
    assert reply.blocks[0]["text"]["text"].startswith("🔴 Now critical")


def test_what_resolved_by_itself_says_how_it_ended(case: CaseCard) -> None:
    entry = HistoryEntry(TUESDAY, "rule", CaseAction.RESOLVED)
    assert case.shipment is not None
    delivered = replace(case.shipment, status=Status.DELIVERED, delivered_at=TUESDAY)
    over = replace(
        case, state=CaseState.RESOLVED, resolved_at=TUESDAY, now=TUESDAY, shipment=delivered
    )
    assert history_reply(entry, over).text == (
        "Resolved after 3 days: delivered Tue 18 Mar, 4 days late."
    )


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (
            "warning to critical: a high-value shipment",
            "Now critical: a high-value shipment. <@U0ADA>, please see to it.",
        ),
        ("critical to warning", "No longer critical: 3 days past its promise."),
        (
            "critical to <!here>",
            "Changed (critical to &lt;!here&gt;): 3 days past its promise.",
        ),
        (None, "Changed: 3 days past its promise."),
    ],
)
def test_a_change_of_severity_says_why(case: CaseCard, note: str | None, said: str) -> None:
    entry = HistoryEntry(case.now, "rule", CaseAction.CHANGED, note)
    assert history_reply(entry, case).text == said


@pytest.mark.parametrize(
    ("times_back", "note", "said"),
    [
        (1, None, "Back again: 3 days past its promise."),
        (2, None, "Back again, 2nd time since Sat 15 Mar: 3 days past its promise."),
        (1, "warning to critical", "Back again, now critical: 3 days past its promise."),
        (
            3,
            None,
            "Back again: 3 days past its promise. On and off, 4 times since Sat 15 Mar: "
            "kept open until it stays away for 24 h.",
        ),
    ],
)
def test_what_came_back_says_how_often(
    case: CaseCard, times_back: int, note: str | None, said: str
) -> None:
    entry = HistoryEntry(case.now, "rule", CaseAction.REOPENED, note)
    assert history_reply(entry, replace(case, times_back=times_back)).text == said


@pytest.mark.parametrize(
    ("snoozed_for", "until", "said"),
    [
        (SnoozedFor.CHECKPOINT, None, "<@U0OPS> snoozed it until the next checkpoint."),
        (
            SnoozedFor.PROMISE,
            TUESDAY,
            "<@U0OPS> snoozed it until the promise, Tue 18 Mar 11:00 in Lagos.",
        ),
    ],
)
def test_a_snooze_in_the_thread_says_what_ends_it(
    case: CaseCard, snoozed_for: SnoozedFor, until: datetime | None, said: str
) -> None:
    entry = HistoryEntry(case.now, "U0OPS", CaseAction.SNOOZED, until=until)
    assert history_reply(entry, replace(case, snoozed_for=snoozed_for)).text == said


def test_a_snooze_that_a_checkpoint_ended_says_so(case: CaseCard) -> None:
    entry = HistoryEntry(case.now, "rule", CaseAction.SNOOZE_ENDED, "a new checkpoint")
    assert history_reply(entry, case).text == (
        "The snooze is over (a new checkpoint) and it is still open: 3 days past its promise."
    )


def test_what_another_case_explains_names_it(case: CaseCard) -> None:
    entry = HistoryEntry(case.now, "rule", CaseAction.RESOLVED, "explained by customs_hold")
    over = replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=case.opened_at + timedelta(hours=3),
        explained_by=CaseKind.CUSTOMS_HOLD,
        explained_by_case=18,
    )
    assert history_reply(entry, over).text == (
        "Resolved after 3 hours: covered by T-18: held at customs."
    )


def test_a_name_keeps_its_capital_within_a_sentence(case: CaseCard) -> None:
    entry = HistoryEntry(case.now, "rule", CaseAction.OPENED)
    breach = replace(
        case,
        kind=CaseKind.TERM_BREACHED,
        shipment=None,
        facts={"metric": "on_time_delivery", "period": "2014-02"},
    )
    assert history_reply(entry, breach).text == (
        "Opened: On-time delivery in February 2014: unknown."
    )


def test_in_the_thread_of_several_cases_a_reply_says_which_it_is_about(case: CaseCard) -> None:
    entry = HistoryEntry(case.now, "U0OPS", CaseAction.ACKNOWLEDGED)
    reply = history_reply_in_group(entry, case)
    assert reply.text == "T-1042 · SCX-4411: <@U0OPS> has it."
    assert reply.blocks[0]["text"]["text"] == "👀 T-1042 · SCX-4411: <@U0OPS> has it."
    without_shipment = history_reply_in_group(entry, replace(case, shipment=None))
    assert without_shipment.text == "T-1042: <@U0OPS> has it."


def test_what_is_escalated_of_several_says_in_the_channel_what_is_wrong(case: CaseCard) -> None:
    entry = HistoryEntry(case.now, "U0OPS", CaseAction.ESCALATED, "patients wait")
    assert history_reply_in_group(entry, case).text == (
        "T-1042 · SCX-4411, 3 days past its promise: <@U0OPS> escalated it to <@U0ADA>: "
        "patients wait."
    )
