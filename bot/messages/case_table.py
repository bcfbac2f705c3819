"""Cases in a table, one a row: worst first, sortable by what counts."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import case_words, marks, text
from bot.messages.blocks import (
    OPTION_TEXT,
    TABLE_CHARACTERS,
    TABLE_ROWS,
    Block,
    data_table,
    number_cell,
    option,
    person_cell,
    text_cell,
)
from bot.messages.cards import CaseCard, ShipmentCard
from bot.messages.common_cause import lane_of
from bot.messages.kinds.promise import overdue
from bot.messages.text import HOUR
from storage.vocabulary import CaseKind, CaseState

MOST_ROWS = TABLE_ROWS - 1  # beside its header
ROWS_A_PAGE = 10

# Characters shown in a cell.
NUMBER = 34
WHAT = 90
PLACE = 40
LANE = 60

_Cell = Callable[[CaseCard], Block | None]


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    cell: _Cell
    """None where there is nothing to say of a case."""
    nothing: Block
    """What stands there then."""


@dataclass(frozen=True, slots=True)
class CaseTable:
    block: Block | None
    """None where not even one fits."""
    options: list[Block]
    """To choose one case of those in the table."""
    left_out: int
    """Cases that did not fit."""


def case_table(caption: str, cards: Sequence[CaseCard], room: int) -> CaseTable:
    """As many of the cards as fit into `room` characters, in their order."""
    titles, candidates = _told(cards[:MOST_ROWS])
    in_cells = sum(map(len, titles))
    spent = len(caption) + in_cells
    rows: list[list[Block]] = []
    options: list[Block] = []
    for card, row in zip(cards, candidates, strict=False):
        choice = case_option(card)
        in_row = sum(map(_characters, row))
        in_cells += in_row
        spent += in_row + len(choice["text"]["text"]) + len(choice["value"])
        if spent > room or in_cells > TABLE_CHARACTERS:
            break
        rows.append(row)
        options.append(choice)
    block = data_table(caption, titles, rows, ROWS_A_PAGE) if rows else None
    return CaseTable(block, options, len(cards) - len(rows))


def _told(cards: Sequence[CaseCard]) -> tuple[list[str], list[list[Block]]]:
    """Titles and rows; a column that would say nothing of any of them is left out."""
    filled = [(column, [column.cell(card) for card in cards]) for column in _columns(cards)]
    telling = [(column, cells) for column, cells in filled if any(cells)]
    rows = [
        [cells[number] or column.nothing for column, cells in telling]
        for number in range(len(cards))
    ]
    return [column.title for column, _ in telling], rows


def case_option(card: CaseCard) -> Block:
    """`T-12 · SCX-4411 · 2 days late`; its value is the case's id."""
    number = text.safe(card.shipment.tracking_number, NUMBER) if card.shipment else ""
    late = _late_by(card)
    what = f"{late} late" if late else case_words.headline(card)
    parts = [card.reference, number, what]
    label = text.literal(" · ".join(part for part in parts if part))
    return option(text.cut(label, OPTION_TEXT), str(card.case_id))


def _columns(cards: Sequence[CaseCard]) -> list[_Column]:
    words, number = text_cell("–"), number_cell(0, "–")
    are_late = all(card.kind is CaseKind.PROMISE_PASSED for card in cards)
    tells_apart = not are_late and _differ(cards)
    lanes = {lane_of(card) for card in cards}
    return [
        _Column("Case", _reference, number),
        _Column("Shipment", _number, words),
        *([_Column("Late by", _late, number)] if are_late else []),
        *([_Column("What", _what, words)] if tells_apart else []),
        _Column("Who has it", _who, text_cell("nobody")),
        _Column("Promised", _promised, number),
        _Column("Last heard", _heard_at, number_cell(0, "nothing yet")),
        _Column("Where", _heard_in, words),
        *([_Column("Lane", _lane, words)] if len(lanes) > 1 else []),
        _Column("Value", _value, number),
    ]


def _differ(cards: Sequence[CaseCard]) -> bool:
    """By more than their numbers: what is the same of all stands above the table."""
    headlines = {case_words.headline(card) for card in cards}
    return len(headlines) > 1 or len(cards) == 1 or any(card.shipment is None for card in cards)


def _reference(card: CaseCard) -> Block:
    return number_cell(card.case_id, f"{marks.SEVERITY[card.severity]} {card.reference}")


def _number(card: CaseCard) -> Block | None:
    return text_cell(text.safe(card.shipment.tracking_number, NUMBER)) if card.shipment else None


def _late(card: CaseCard) -> Block | None:
    late = _late_by(card)
    hours = round((card.now - _due_at(card)) / HOUR, 1)
    return number_cell(hours, late) if late else None


def _late_by(card: CaseCard) -> str | None:
    """`2 days 8 hours`, of what is past its promise."""
    if card.kind is not CaseKind.PROMISE_PASSED:
        return None
    return overdue(card)


def _due_at(card: CaseCard) -> datetime:
    promised_at = card.shipment.promised_at if card.shipment else None
    return promised_at if promised_at and promised_at <= card.now else card.since


def _what(card: CaseCard) -> Block:
    return text_cell(text.cut(case_words.headline(card), WHAT))


def _who(card: CaseCard) -> Block | None:
    """Nothing while nobody has it."""
    mark, who = marks.STATE[card.state], card.handled_by
    match card.state:
        case CaseState.ACKNOWLEDGED if who and text.is_user_id(who):
            return person_cell(mark, who)
        case CaseState.SNOOZED:
            return text_cell(f"{mark} {case_words.snooze_end(card)}".rstrip())
        case CaseState.OPEN:
            return text_cell("looks over") if case_words.looks_over(card) else None
        case _:
            return text_cell(f"{mark} {card.state.value}")


def _promised(card: CaseCard) -> Block | None:
    shipment = card.shipment
    if shipment is None or shipment.promised_at is None or _is_given_up(shipment):
        return None
    at, zone = shipment.promised_at, shipment.zone
    shown = text.day(at, zone, card.now)
    if not text.is_end_of_day(at, zone):
        shown = text.moment(at, zone, card.now)
    return number_cell(int(at.timestamp()), shown)


def _is_given_up(shipment: ShipmentCard) -> bool:
    """It came back, or is lost: nobody waits for it any more."""
    return shipment.status.is_final and shipment.delivered_at is None


def _heard_at(card: CaseCard) -> Block | None:
    heard = card.shipment.last_checkpoint if card.shipment else None
    if heard is None:
        return None
    silence = card.now - heard.occurred_at
    in_days = silence - silence % text.DAY if silence > text.DAY else silence
    shown = text.ago(card.now - in_days, card.now)
    return number_cell(int(heard.occurred_at.timestamp()), shown)


def _heard_in(card: CaseCard) -> Block | None:
    heard = card.shipment.last_checkpoint if card.shipment else None
    return text_cell(text.safe(heard.location, PLACE)) if heard and heard.location else None


def _lane(card: CaseCard) -> Block | None:
    lane = lane_of(card)
    return text_cell(text.safe(lane, LANE)) if lane else None


def _value(card: CaseCard) -> Block | None:
    shipment = card.shipment
    if shipment is None or shipment.value is None or not math.isfinite(shipment.value):
        return None
    return number_cell(shipment.value, text.money(shipment.value, shipment.currency))


def _characters(cell: Block) -> int:
    """Of its words; a name counts for one."""
    if "text" in cell:
        return len(str(cell["text"]))
    return sum(map(_characters, cell.get("elements", ()))) or 1
