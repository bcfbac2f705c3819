"""The lines of a recorded history, and what they report."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from bot.backtest.reasons import reason_of
from bot.sources.csv_rows import (
    Amount,
    AroundNoon,
    Currency,
    DateOrInstant,
    FromStartOfDay,
    Name,
    ReasonWord,
    StatusWord,
    Text,
    ToEndOfDay,
    YesOrNo,
    Zone,
)
from bot.sources.reports import Promise, ShipmentReport
from storage.vocabulary import PromiseBasis, Reason


class ShipmentRow(BaseModel):
    file_kind: ClassVar = "shipments"

    tracking_number: Name
    partner: Name
    carrier: Text | None = None
    service: Text | None = None
    order_ref: Text | None = None
    origin: Text | None = None
    destination: Text | None = None
    destination_zone: Zone | None = None
    ordered_at: FromStartOfDay | None = None
    ship_by: ToEndOfDay | None = None
    shipped_at: AroundNoon | None = None
    promised_at: DateOrInstant | None = None
    value: Amount | None = None
    currency: Currency | None = None
    quantity: Amount | None = None
    mode: Text | None = None
    priority: Text | None = None
    is_return: YesOrNo | None = None
    account: Text | None = None
    item: Text | None = None

    def report(self, known_at: datetime) -> ShipmentReport:
        """What was known of it then; that it was shipped may be news of a later day."""
        is_shipped = self.shipped_at is not None and self.shipped_at <= known_at
        return ShipmentReport(
            tracking_number=self.tracking_number,
            as_of=known_at,
            partner=self.partner,
            carrier=self.carrier,
            service=self.service,
            order_reference=self.order_ref,
            origin=self.origin,
            destination=self.destination,
            destination_zone=self.destination_zone,
            ordered_at=self.ordered_at,
            ship_by=self.ship_by,
            announced_at=self.shipped_at if is_shipped else None,
            promise=None
            if self.promised_at is None
            else Promise(self.promised_at, PromiseBasis.ORDER),
            value=self.value,
            currency=self.currency,
            quantity=self.quantity,
            mode=self.mode,
            priority=self.priority,
            account=self.account,
            item=self.item,
            is_return=self.is_return,
        )


class CheckpointRow(BaseModel):
    file_kind: ClassVar = "checkpoints"

    tracking_number: Name
    occurred_at: AroundNoon
    status: StatusWord
    recorded_at: ToEndOfDay | None = None
    """A day without a time is over before its news are known."""
    partner: Name | None = None
    code: Text | None = None
    description: Text | None = None
    reason: ReasonWord | None = None
    location: Text | None = None
    eta: DateOrInstant | None = None
    quantity: Amount | None = None

    @property
    def known_at(self) -> datetime:
        return self.recorded_at or self.occurred_at

    @property
    def told_reason(self) -> Reason | None:
        return self.reason or reason_of(self.status, self.code, self.description)
