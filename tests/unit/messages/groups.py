"""Several cases of Acme Freight on a Monday morning, for the tests of what is said of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.messages.blocks import Block, Message
from bot.messages.cards import CaseCard, GroupCard
from storage.vocabulary import AlertForm, CaseState, Status


def several(case: CaseCard, count: int) -> list[CaseCard]:
    """Each a day older than the one before; numbers and ids count up."""
    return [_one_of_several(case, number) for number in range(count)]


def _one_of_several(case: CaseCard, number: int) -> CaseCard:
    assert case.shipment is not None
    assert case.shipment.promised_at is not None
    days = timedelta(days=number)
    shipment = replace(
        case.shipment,
        tracking_number=f"SCX-{4411 + number}",
        promised_at=case.shipment.promised_at - days,
    )
    return replace(
        case,
        case_id=case.case_id + number,
        since=case.since - days,
        opened_at=case.opened_at - days,
        shipment=shipment,
    )


def group(
    cases: Sequence[CaseCard],
    form: AlertForm = AlertForm.GROUP,
    waited_for: str | None = None,
    continues: bool = False,
) -> GroupCard:
    first = cases[0]
    return GroupCard(
        alert_id=7,
        form=form,
        cases=cases,
        opened_at=min(each.opened_at for each in cases),
        now=first.now,
        zone=first.zone,
        partner_name=first.partner_name,
        account_manager=first.account_manager,
        continues=continues,
        waited_for=waited_for,
    )


def taken(case: CaseCard) -> CaseCard:
    return replace(case, state=CaseState.ACKNOWLEDGED, handled_by="U0OPS", handled_at=case.now)


def over(case: CaseCard) -> CaseCard:
    """Delivered this morning."""
    assert case.shipment is not None
    delivered = replace(case.shipment, status=Status.DELIVERED, delivered_at=case.now)
    return replace(
        case,
        state=CaseState.RESOLVED,
        handled_by="rule",
        resolved_at=case.now,
        shipment=delivered,
    )


def table_of(message: Message) -> list[list[str]]:
    """Its rows as they are read, the titles first; none where it has no table."""
    for block in message.blocks:
        if block["type"] in ("data_table", "table"):
            return [[_read(cell) for cell in row] for row in block["rows"]]
    return []


def _read(cell: Block) -> str:
    if cell["type"] == "rich_text":
        parts = cell["elements"][0]["elements"]
        return "".join(part.get("text") or f"@{part['user_id']}" for part in parts)
    return str(cell["text"])


def choices(message: Message) -> list[tuple[str, str]]:
    """What "One case…" offers: what is read, and what is meant."""
    return [
        (option["text"]["text"], option["value"])
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        for option in element.get("options", ())
    ]
