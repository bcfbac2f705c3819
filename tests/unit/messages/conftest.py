"""A Monday morning: a shipment from Mumbai that Lagos has waited for since Friday."""

from datetime import UTC, datetime

import pytest

from bot.messages.cards import CaseCard, CheckpointLine, ShipmentCard
from storage.vocabulary import CaseKind, CaseState, PromiseBasis, Severity, Status

FRIDAY_END = datetime(2014, 3, 14, 22, 59, 59, tzinfo=UTC)  # end of the 14th in Lagos
MONDAY = datetime(2014, 3, 17, 7, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return MONDAY


@pytest.fixture
def shipment() -> ShipmentCard:
    return ShipmentCard(
        tracking_number="SCX-4411",
        status=Status.IN_TRANSIT,
        zone="Africa/Lagos",
        partner_name="Acme Freight",
        order_reference="PO-77",
        origin="Mumbai",
        destination="Lagos",
        value=12_400,
        currency="USD",
        promised_at=FRIDAY_END,
        promise_basis=PromiseBasis.ORDER,
        estimated_at=datetime(2014, 3, 18, 11, tzinfo=UTC),
        last_checkpoint=CheckpointLine(
            datetime(2014, 3, 15, 7, 12, tzinfo=UTC),
            Status.IN_TRANSIT,
            text="Arrived at hub",
            location="Dubai",
        ),
    )


@pytest.fixture
def case(shipment: ShipmentCard) -> CaseCard:
    return CaseCard(
        case_id=1042,
        kind=CaseKind.PROMISE_PASSED,
        severity=Severity.WARNING,
        state=CaseState.OPEN,
        since=FRIDAY_END,
        opened_at=datetime(2014, 3, 14, 23, 5, tzinfo=UTC),
        now=MONDAY,
        zone="Africa/Lagos",
        partner_name="Acme Freight",
        account_manager="U0ADA",
        facts={"side": "carrier"},
        shipment=shipment,
    )
