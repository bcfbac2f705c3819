"""The one message that stands for a case: what, who is next, against which promise, since when."""

from bot.messages import case_words, facts, marks, shipment_words, text, words
from bot.messages.blocks import Block, Message, actions, button, context, message, section
from bot.messages.cards import CaseCard, ShipmentCard
from bot.messages.kinds import words_of
from bot.messages.kinds.contract import misses_count
from bot.messages.kinds.kind_words import Detail
from storage.vocabulary import CaseKind, CaseState, Severity, Status

CASE_ACKNOWLEDGE = "case_acknowledge"
CASE_SNOOZE = "case_snooze"
CASE_ESCALATE = "case_escalate"
CASE_RESOLVE = "case_resolve"
CASE_MISSES = "case_misses"

_BUTTONS = {
    CaseState.OPEN: (CASE_ACKNOWLEDGE, CASE_SNOOZE, CASE_ESCALATE, CASE_RESOLVE),
    CaseState.ACKNOWLEDGED: (CASE_SNOOZE, CASE_ESCALATE, CASE_RESOLVE),
    CaseState.SNOOZED: (CASE_ACKNOWLEDGE, CASE_ESCALATE, CASE_RESOLVE),
    CaseState.ESCALATED: (CASE_ACKNOWLEDGE, CASE_RESOLVE),
    CaseState.RESOLVED: (),
}

_LABELS = {
    CASE_ACKNOWLEDGE: "Acknowledge",
    CASE_SNOOZE: "Snooze",
    CASE_ESCALATE: "Escalate",
    CASE_RESOLVE: "Resolve",
}


def case_block_id(case_id: int) -> str:
    return f"case:{case_id}"


def case_alert(card: CaseCard) -> Message:
    """The same card gives the same message; it is edited in place as the case goes on."""
    return message(
        notification(card),
        [
            section(_title(card)),
            section(_who(card)),
            *_evidence(card),
            context(_footnote(card), _footer(card)),
            actions(case_block_id(card.case_id), _buttons(card)),
        ],
    )


def notification(card: CaseCard) -> str:
    """All of it in a line, without marks: a screen reader would read them out."""
    about = ""
    if card.shipment:
        about = f", {text.safe(card.shipment.tracking_number, shipment_words.NUMBER)}"
    subject = case_words.partner(card) if card.partner_name else "Tallyman"
    opening = f"{card.reference} {subject}{about}"
    if card.state is CaseState.RESOLVED:
        return f"{opening}: {case_words.resolution(card)}"
    severity = f", {card.severity.value}" if card.severity is Severity.CRITICAL else ""
    said = text.ended(case_words.headline(card))
    asked = facts.words(card, "reason", case_words.NOTE)
    if card.kind is CaseKind.ESCALATION and asked:
        said += f" “{asked}”"
    return f"{opening}{severity}: {said} {text.sentence(case_words.state_line(card))}"


def _title(card: CaseCard) -> str:
    """What is wrong, with which shipment, and what was asked."""
    mark = marks.of_case(card.severity, card.state)
    who = f"{case_words.partner(card)} · " if card.partner_name else ""
    lines = [
        f"{mark} *{who}{case_words.headline(card)}*",
        shipment_words.shipment_name(card.shipment) if card.shipment else None,
        words_of(card.kind).quote(card),
    ]
    return "\n".join(line for line in lines if line)


def _who(card: CaseCard) -> str:
    """Who is next, and who has it; where nobody is, until when, or how it ended."""
    if card.state is CaseState.RESOLVED:
        return text.sentence(case_words.resolution(card))
    state = f"{marks.STATE[card.state]} {text.capital(case_words.state_line(card))}".strip()
    if case_words.looks_over(card) is not None:
        nothing = f"*Next:* {case_words.next_step(card)}"
        return nothing if card.state is CaseState.OPEN else f"{nothing}\n{state}"
    if card.state is CaseState.SNOOZED:
        return f"{state}: nothing to do until then."
    return f"*Next:* {case_words.next_step(card)}\n{state}"


def _evidence(card: CaseCard) -> list[Block]:
    """A line a fact, while somebody may still have to act on it."""
    if card.state is CaseState.RESOLVED:
        return []
    story = words_of(card.kind).story(card)
    steady = case_words.comes_and_goes(card)
    facts_told = [*words_of(card.kind).details(card), *_journey(card)]
    lines = [
        *([text.sentence(steady)] if steady else []),
        *(f"*{label}* {value}" for label, value in facts_told if value),
    ]
    return [section(each) for each in (story, "\n".join(lines)) if each]


def _journey(card: CaseCard) -> list[Detail]:
    shipment = card.shipment
    if shipment is None:
        return []
    return [
        ("Promised", _promise(shipment, card)),
        _estimate(shipment, card),
        ("Last heard", _last_heard(shipment, card)),
    ]


def _promise(shipment: ShipmentCard, card: CaseCard) -> str | None:
    if shipment.promised_at is None:
        return None
    shown = text.promised(shipment.promised_at, shipment.zone, card.now)
    if card.kind is CaseKind.PROMISE_PASSED:
        return shown  # its headline tells how long ago
    distance = shipment_words.against_promise(shipment, card.now)
    if distance is None:
        return None  # it came back, or was given up: nobody waits for it any more
    return f"{shown}: {'delivered ' if shipment.delivered_at else ''}{distance}"


_NOT_EXPECTED = {Status.LOST, Status.UNDELIVERABLE, Status.RETURNING}


def _estimate(shipment: ShipmentCard, card: CaseCard) -> Detail:
    estimated_at = facts.instant(card, "estimated_at") or shipment.estimated_at
    is_expected = not shipment.status.is_final and shipment.status not in _NOT_EXPECTED
    if estimated_at is None or not is_expected:
        return "Carrier expects it", None
    label = "Carrier expects it" if estimated_at >= card.now else "Carrier expected it"
    return label, text.promised(estimated_at, shipment.zone, card.now)


def _last_heard(shipment: ShipmentCard, card: CaseCard) -> str:
    heard = shipment.last_checkpoint
    if heard is None:
        return "nothing yet"
    status = None
    if words_of(card.kind).status_matters and shipment.status is not Status.IN_TRANSIT:
        status = words.status(shipment.status, shipment.reason)
    return shipment_words.last_heard(heard, status, card.now)


def _footnote(card: CaseCard) -> str | None:
    return None if card.state is CaseState.RESOLVED else words_of(card.kind).footnote(card)


def _footer(card: CaseCard) -> str:
    if card.state is CaseState.RESOLVED:
        ended = card.resolved_at or card.now
        lasted = text.between(card.opened_at, ended, card.zone, card.now)
        return f"{card.reference} · {lasted} {text.place(card.zone)}"
    parts = [
        card.reference,
        f"since {text.moment(card.since, card.zone, card.now)}",
        f"as of {text.moment(card.now, card.zone, card.now)}",
    ]
    return f"{' · '.join(parts)} {text.place(card.zone)}"


def _buttons(card: CaseCard) -> list[Block]:
    value = str(card.case_id)
    buttons = [
        button(
            _LABELS[action_id],
            action_id,
            value,
            style="primary" if action_id == CASE_ACKNOWLEDGE else None,
        )
        for action_id in _BUTTONS[card.state]
    ]
    if misses_count(card):
        buttons.append(button("Show shipments", CASE_MISSES, value))
    return buttons
