"""What a person alone is told of a deed to all cases of a message: only what was not done."""

from datetime import datetime

from bot.cases.together import Left, Together, WhyLeft
from bot.messages import text
from bot.messages.blocks import Message, message, section
from storage.vocabulary import CaseAction

_DONE = {
    CaseAction.ACKNOWLEDGED: "acknowledged",
    CaseAction.SNOOZED: "snoozed",
    CaseAction.RESOLVED: "resolved",
}
_DOES = {
    CaseAction.ACKNOWLEDGED: "acknowledges",
    CaseAction.SNOOZED: "snoozes",
    CaseAction.RESOLVED: "resolves",
}
_REASONS_SHOWN = 8


def not_all_done(together: Together, asked_by: str) -> Message:
    """`9 of 12 acknowledged; 3 are resolved already.`"""
    done = f"{text.number(together.done)} of {text.number(together.cases)} {_DONE[together.action]}"
    return _say(f"{done}; {_reasons(together, asked_by)}.")


def what_it_does(together: Together, asked_by: str) -> str:
    """`This snoozes 9 of 12: 3 are resolved already.`"""
    does = f"This {_DOES[together.action]}"
    if not together.left:
        both = "both" if together.done == 2 else f"all {text.number(together.done)}"
        return f"{does} {'it' if together.done == 1 else both}."
    counted = f"{text.number(together.done)} of {text.number(together.cases)}"
    return f"{does} {counted}: {_reasons(together, asked_by)}."


def nothing_to_do(together: Together, asked_by: str) -> Message:
    """Instead of a dialogue that would change nothing."""
    return _say(f"Nothing is left to do: {_reasons(together, asked_by)}.")


def list_asked_for(asked_by: str, cases: int, now: datetime, zone: str) -> str:
    """Above the file, in the thread."""
    at = f"{text.moment(now, zone, now)} {text.place(zone)}"
    what = f"all {text.number(cases)} cases" if cases > 1 else "the case"
    return f"{text.mention(asked_by)}, {what} as of {at}."


def unknown_group() -> Message:
    """For a button of what was never said here; it doesn't say whether it exists."""
    return _say(
        "I know nothing here that this button is about. `/exceptions` lists the open cases."
    )


def _reasons(together: Together, asked_by: str) -> str:
    most_first = sorted(
        together.left.items(), key=lambda item: (-item[1], item[0].why, item[0].by or "")
    )
    shown = most_first[:_REASONS_SHOWN]
    reasons = [_why(left, count, together.action, asked_by) for left, count in shown]
    others = sum(count for _, count in most_first[_REASONS_SHOWN:])
    if others:
        reasons.append(f"{text.number(others)} more stay as they are")
    return ", ".join(reasons)


def _why(left: Left, count: int, action: CaseAction, asked_by: str) -> str:
    counted = text.number(count)
    are = f"{counted} {'is' if count == 1 else 'are'}"
    by = f" by {text.mention(left.by)}" if left.by else ""
    match left.why:
        case WhyLeft.RESOLVED:
            return f"{are} resolved already"
        case WhyLeft.ACKNOWLEDGED:
            has = "you have" if left.by == asked_by else f"{text.mention(left.by)} has"
            return f"{has} {counted} already"
        case WhyLeft.SNOOZED:
            return f"{are} snoozed{by}"
        case WhyLeft.ESCALATED:
            singly = "it" if count == 1 else "them one by one"
            first = " first" if action is CaseAction.SNOOZED else ""
            return f"{are} escalated{by} (acknowledge {singly}{first})"
        case WhyLeft.NO_SHIPMENT:
            return f"{are} about no single shipment (choose a time instead)"
        case WhyLeft.JOINED_SINCE:
            return f"{counted} joined after you had looked"


def _say(words: str) -> Message:
    return message(words, [section(words)])
