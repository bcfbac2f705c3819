"""The dialogues behind Snooze, Escalate and Resolve. Views for views.open, as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.cases.together import Together
from bot.messages import case_words, group_answers, marks, shipment_words, text
from bot.messages.blocks import (
    METADATA,
    OPTION_TEXT,
    TITLE_TEXT,
    Block,
    context,
    input_block,
    optional_input,
    plain_text,
    section,
)
from bot.messages.cards import CaseCard
from bot.messages.kinds import words_of
from storage.vocabulary import CaseKind, CaseState, Severity

SNOOZE_CALLBACK = "case_snooze_submitted"
ESCALATE_CALLBACK = "case_escalate_submitted"
RESOLVE_CALLBACK = "case_resolve_submitted"
GROUP_SNOOZE_CALLBACK = "group_snooze_submitted"
GROUP_RESOLVE_CALLBACK = "group_resolve_submitted"

SNOOZE_LENGTH_BLOCK = "snooze_length"
SNOOZE_LENGTH_ACTION = "snooze_length_chosen"
SNOOZE_DATE_BLOCK = "snooze_date"
SNOOZE_DATE_ACTION = "snooze_date_chosen"
SNOOZE_TIME_BLOCK = "snooze_time"
SNOOZE_TIME_ACTION = "snooze_time_chosen"
REASON_BLOCK = "reason"
REASON_ACTION = "reason_given"
NOTE_BLOCK = "note"
NOTE_ACTION = "note_given"

REASON_LENGTH = 500  # characters that may be typed
_PARTNER_NAME = 80  # characters shown
_KINDS_TEXT = 300
TOMORROW_OPENS = 9  # o'clock, in the partner's zone
SNOOZE_CUSTOM = "Until the date and time below"


class SnoozeLength(StrEnum):
    """Values of the snooze dialogue's options; the times are the partner's."""

    ONE_HOUR = "1h"
    FOUR_HOURS = "4h"
    TOMORROW = "tomorrow"
    WEEK = "1w"
    CHECKPOINT = "checkpoint"
    """Only offered for a shipment."""
    PROMISE = "promise"
    """Only offered while the promise lies ahead."""
    CUSTOM = "custom"
    """Date and time are given besides."""


class ResolveReason(StrEnum):
    """Values of the resolve dialogue's options."""

    DELIVERED = "delivered"
    NEW_DATE = "new_date"
    ORDER_CANCELLED = "order_cancelled"
    DATA_WRONG = "data_wrong"
    NOT_PARTNERS_FAULT = "not_partners_fault"
    OTHER = "other"


RESOLVE_WORDS = {
    ResolveReason.DELIVERED: "It has arrived",
    ResolveReason.NEW_DATE: "A new date is agreed",
    ResolveReason.ORDER_CANCELLED: "The order is cancelled or sent again",
    ResolveReason.DATA_WRONG: "The data was wrong",
    ResolveReason.NOT_PARTNERS_FAULT: "Not the partner's fault",
    ResolveReason.OTHER: "Another reason, noted below",
}


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """All cases of one message, and what would become of them."""

    alert_id: int
    together: Together
    asked_by: str
    """Slack user id."""
    severity: Severity
    """Of the worst."""
    kinds: Sequence[CaseKind]
    zone: str
    """IANA name of the partner's zone."""
    has_shipments: bool
    """One of those that it would be done to is about a shipment."""
    partner_name: str | None = None


def case_metadata(case_id: int, channel: str, ts: str) -> str:
    """private_metadata of every dialogue: which case, and which message it was opened from."""
    packed = json.dumps({"case_id": case_id, "channel": channel, "ts": ts})
    if len(packed) > METADATA:
        raise ValueError(f"private_metadata of {len(packed)} characters: at most {METADATA}")
    return packed


def snooze_modal(card: CaseCard, channel: str, ts: str) -> Block:
    promised_at = card.shipment.promised_at if card.shipment else None
    options = _lengths(card.zone)
    if card.shipment:
        options.append(_option("Until the next checkpoint", SnoozeLength.CHECKPOINT))
    if card.shipment and promised_at and promised_at > card.now:
        shown = text.promised(promised_at, card.shipment.zone, card.now)
        options.append(_option(f"Until the promise: {shown}", SnoozeLength.PROMISE))
    return _modal(
        SNOOZE_CALLBACK,
        f"Snooze {card.reference}",
        "Snooze",
        case_metadata(card.case_id, channel, ts),
        [
            _about(card),
            *_snooze_form(options, card.zone),
            context("When the snooze is over, the case is open again and says so."),
        ],
    )


def group_snooze_modal(asked: GroupAsked, metadata: str) -> Block:
    options = _lengths(asked.zone)
    if asked.has_shipments:
        options.append(_option("Each until its next checkpoint", SnoozeLength.CHECKPOINT))
    return _modal(
        GROUP_SNOOZE_CALLBACK,
        "Snooze all",
        "Snooze",
        metadata,
        [
            _about_all(asked),
            *_snooze_form(options, asked.zone),
            context("When the snooze is over, they are open again, and it is said here."),
        ],
    )


def escalate_modal(card: CaseCard, channel: str, ts: str) -> Block:
    manager = text.mention(card.account_manager) if card.account_manager else "the account manager"
    return _modal(
        ESCALATE_CALLBACK,
        f"Escalate {card.reference}",
        "Escalate",
        case_metadata(card.case_id, channel, ts),
        [
            _about(card),
            input_block(
                REASON_BLOCK,
                "Why is it urgent?",
                _typed(REASON_ACTION, "What is at stake, for whom, by when"),
            ),
            context(f"{manager} is asked for an answer in this case's thread, and reads this."),
        ],
    )


def resolve_modal(card: CaseCard, channel: str, ts: str) -> Block:
    return _modal(
        RESOLVE_CALLBACK,
        f"Resolve {card.reference}",
        "Resolve",
        case_metadata(card.case_id, channel, ts),
        [_about(card), *_resolve_form("Why is it over?")],
    )


def group_resolve_modal(asked: GroupAsked, metadata: str) -> Block:
    return _modal(
        GROUP_RESOLVE_CALLBACK,
        "Resolve all",
        "Resolve",
        metadata,
        [_about_all(asked), *_resolve_form("Why are they over?")],
    )


def snooze_day_hint(now: datetime, zone: str) -> str:
    """The error under a date or a time that lies in the past."""
    return f"That has passed: it is {text.moment(now, zone, now)} {text.place(zone)}."


def _about(card: CaseCard) -> Block:
    mark = marks.of_case(card.severity, card.state)
    who = f"{case_words.partner(card)} · " if card.partner_name else ""
    shipment = f"\n{shipment_words.shipment_name(card.shipment)}" if card.shipment else ""
    return section(f"{mark} *{who}{case_words.headline(card)}*{shipment}")


def _about_all(asked: GroupAsked) -> Block:
    mark = marks.of_case(asked.severity, CaseState.OPEN)
    who = f"{text.safe(asked.partner_name, _PARTNER_NAME)} · " if asked.partner_name else ""
    kinds = text.cut(", ".join(words_of(kind).name for kind in asked.kinds), _KINDS_TEXT)
    cases = text.plural(asked.together.cases, "case")
    asks = group_answers.what_it_does(asked.together, asked.asked_by)
    return section(f"{mark} *{who}{cases}: {kinds}*\n{asks}")


def _lengths(zone: str) -> list[Block]:
    """Those that nothing but the clock ends."""
    return [
        _option("1 hour", SnoozeLength.ONE_HOUR),
        _option("4 hours", SnoozeLength.FOUR_HOURS),
        _option(f"Until tomorrow {TOMORROW_OPENS}:00 {text.place(zone)}", SnoozeLength.TOMORROW),
        _option("1 week", SnoozeLength.WEEK),
    ]


def _snooze_form(lengths: list[Block], zone: str) -> list[Block]:
    options = [*lengths, _option(SNOOZE_CUSTOM, SnoozeLength.CUSTOM)]
    return [
        input_block(
            SNOOZE_LENGTH_BLOCK,
            "Keep it quiet for how long?",
            {
                "type": "radio_buttons",
                "action_id": SNOOZE_LENGTH_ACTION,
                "options": options,
                "initial_option": options[0],
            },
        ),
        optional_input(
            SNOOZE_DATE_BLOCK, "Date", {"type": "datepicker", "action_id": SNOOZE_DATE_ACTION}
        ),
        optional_input(
            SNOOZE_TIME_BLOCK,
            f"Time {text.place(zone)}",
            {"type": "timepicker", "action_id": SNOOZE_TIME_ACTION},
        ),
    ]


def _resolve_form(asks: str) -> list[Block]:
    return [
        input_block(
            REASON_BLOCK,
            asks,
            {
                "type": "static_select",
                "action_id": REASON_ACTION,
                "placeholder": plain_text("Choose a reason", OPTION_TEXT),
                "options": [_option(label, reason) for reason, label in RESOLVE_WORDS.items()],
            },
        ),
        optional_input(NOTE_BLOCK, "Note", _typed(NOTE_ACTION, "For whoever reads the thread")),
    ]


def _modal(
    callback_id: str, title: str, submit: str, metadata: str, blocks: list[Block | None]
) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, TITLE_TEXT),
        "submit": plain_text(submit, TITLE_TEXT),
        "close": plain_text("Cancel", TITLE_TEXT),
        "private_metadata": metadata,
        "blocks": [block for block in blocks if block is not None],
    }


def _typed(action_id: str, placeholder: str) -> Block:
    return {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": True,
        "max_length": REASON_LENGTH,
        "placeholder": plain_text(placeholder, OPTION_TEXT),
    }


def _option(label: str, value: str) -> Block:
    return {"text": plain_text(label, OPTION_TEXT), "value": str(value)}
