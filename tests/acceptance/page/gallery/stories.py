"""What happens on a Monday morning in Berlin: one thing of each kind, with facts as its rule gives
them. Kestrel Parcel carries, Brightwater Freight stores and ships, Corvid Supply sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.rules.finding import Fact
from storage.vocabulary import (
    CaseKind,
    PartnerKind,
    Reason,
    Severity,
    Status,
)

NOW = datetime(2026, 6, 15, 5, 5, tzinfo=UTC)  # 07:05 in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    kind: PartnerKind
    zone: str
    manager: str


KESTREL = Company("Kestrel Parcel", PartnerKind.CARRIER, "Europe/Berlin", "U0ANNA")
BRIGHTWATER = Company(
    "Brightwater Freight", PartnerKind.THIRD_PARTY_LOGISTICS, "America/Chicago", "U0BEN"
)
CORVID = Company("Corvid Supply", PartnerKind.SUPPLIER, "Asia/Singapore", "U0BEN")


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of one kind."""

    company: Company | None = KESTREL
    severity: Severity = Severity.WARNING
    facts: Facts | None = None
    status: Status = Status.IN_TRANSIT
    reason: Reason | None = None
    heard: str | None = "Arrived at the sorting centre"
    """In the carrier's own words; None where it never said anything."""
    where: str = "Leipzig, DE"
    silent_for: timedelta = 31 * HOUR
    promised_in: timedelta = -31 * HOUR
    is_about_a_shipment: bool = True


def said(at: timedelta) -> str:
    """An instant that lies so far from now."""
    return (NOW + at).isoformat()


STORIES: Mapping[CaseKind, Story] = {
    CaseKind.NOT_DISPATCHED: Story(
        CORVID,
        facts={
            "side": "shipper",
            "ship_by": said(-43 * HOUR),
            "ordered_at": said(-70 * HOUR),
            "is_labelled": True,
            "cut_off": "14:00",
        },
        status=Status.LABEL_CREATED,
        heard="Label created",
        where="Singapore",
        promised_in=2 * DAY,
    ),
    CaseKind.NEVER_PICKED_UP: Story(
        facts={
            "side": "shipper",
            "announced_at": said(-69 * HOUR),
            "expected_by": said(-20 * HOUR),
        },
        status=Status.LABEL_CREATED,
        heard="Shipment data received",
        where="Hamburg, DE",
        promised_in=DAY,
    ),
    CaseKind.NO_SCAN: Story(
        facts={"side": "carrier", "last_scan_at": said(-53 * HOUR)},
        silent_for=53 * HOUR,
        promised_in=11 * HOUR,
    ),
    CaseKind.CARRIER_DELAY: Story(
        facts={"side": "external", "reason": "weather", "estimated_at": said(2 * DAY)},
        status=Status.ON_HOLD,
        reason=Reason.WEATHER,
        heard="Delay: storm, network closed",
        promised_in=11 * HOUR,
    ),
    CaseKind.ETA_PAST_PROMISE: Story(
        facts={"side": "carrier", "estimated_at": said(2 * DAY + 4 * HOUR), "slips": 3},
        heard="Departed from facility",
        promised_in=11 * HOUR,
        silent_for=6 * HOUR,
    ),
    CaseKind.WRONG_WAY: Story(
        facts={
            "side": "carrier",
            "how": "back",
            "location": "Leipzig, DE",
            "came_from": "Lyon, FR",
        },
        silent_for=5 * HOUR,
        promised_in=DAY,
    ),
    CaseKind.CUSTOMS_HOLD: Story(
        BRIGHTWATER,
        facts={"side": "shipper", "what": "documents", "held_since": said(-51 * HOUR)},
        status=Status.ON_HOLD,
        reason=Reason.DOCUMENTS,
        heard="Customs: commercial invoice missing",
        where="Apapa Port, Lagos, NG",
        promised_in=DAY,
    ),
    CaseKind.ON_HOLD: Story(
        facts={"side": "carrier", "reason": "vehicle", "held_since": said(-26 * HOUR)},
        status=Status.ON_HOLD,
        reason=Reason.VEHICLE,
        heard="On hold: vehicle breakdown",
        promised_in=11 * HOUR,
    ),
    CaseKind.DAMAGED: Story(
        severity=Severity.CRITICAL,
        facts={
            "side": "carrier",
            "reported_at": said(-7 * HOUR),
            "location": "Leipzig, DE",
            "text": "Package damaged, contents leaking",
        },
        reason=Reason.DAMAGED,
        heard="Package damaged, contents leaking",
        silent_for=7 * HOUR,
        promised_in=11 * HOUR,
    ),
    CaseKind.LOST: Story(
        severity=Severity.CRITICAL,
        facts={
            "side": "carrier",
            "last_seen_at": said(-6 * DAY),
            "last_seen_in": "Leipzig, DE",
        },
        status=Status.LOST,
        reason=Reason.LOST,
        heard="Search closed without a result",
        silent_for=9 * HOUR,
        promised_in=-4 * DAY,
    ),
    CaseKind.DELIVERY_ATTEMPT_FAILED: Story(
        facts={
            "side": "consignee",
            "attempts": 2,
            "reason": "not_home",
            "reasons_before": "no_access",
        },
        status=Status.ATTEMPT_FAILED,
        reason=Reason.NOT_HOME,
        heard="Recipient not available",
        where="Lyon, FR",
        silent_for=16 * HOUR,
    ),
    CaseKind.ADDRESS_PROBLEM: Story(
        facts={"side": "consignee", "reason": "bad_address"},
        status=Status.ON_HOLD,
        reason=Reason.BAD_ADDRESS,
        heard="House number does not exist",
        where="Lyon, FR",
        silent_for=18 * HOUR,
        promised_in=11 * HOUR,
    ),
    CaseKind.REFUSED: Story(
        facts={"side": "consignee", "status": "attempt_failed"},
        status=Status.ATTEMPT_FAILED,
        reason=Reason.REFUSED,
        heard="Refused by recipient",
        where="Lyon, FR",
        silent_for=16 * HOUR,
        promised_in=11 * HOUR,
    ),
    CaseKind.PICKUP_EXPIRING: Story(
        facts={
            "side": "consignee",
            "available_since": said(-5 * DAY),
            "returns_at": said(2 * DAY),
            "location": "Parcel shop 4471, Lyon, FR",
        },
        status=Status.AVAILABLE_FOR_PICKUP,
        heard="Ready for collection",
        where="Parcel shop 4471, Lyon, FR",
        silent_for=5 * DAY,
        promised_in=-5 * DAY,
    ),
    CaseKind.PROMISE_PASSED: Story(
        facts={"side": "carrier"},
        silent_for=45 * HOUR,
    ),
    CaseKind.DELIVERED_SHORT: Story(
        BRIGHTWATER,
        facts={
            "side": "carrier",
            "ordered": 120,
            "delivered": 96,
            "missing": 24,
            "delivered_at": said(-17 * HOUR),
        },
        status=Status.DELIVERED,
        heard="Delivered: 96 of 120 cartons",
        where="Lagos, NG",
        silent_for=17 * HOUR,
    ),
    CaseKind.RETURNING_UNASKED: Story(
        facts={"side": "carrier", "status": "returning"},
        status=Status.RETURNING,
        heard="Return to sender",
        where="Lyon, FR",
        silent_for=9 * HOUR,
        promised_in=-DAY,
    ),
    CaseKind.RETURN_NOT_PROCESSED: Story(
        BRIGHTWATER,
        facts={"side": "carrier", "received_at": said(-4 * DAY)},
        status=Status.RETURNED,
        heard="Return received at dock 4",
        where="Joliet, IL",
        silent_for=4 * DAY,
        promised_in=-20 * DAY,
    ),
    CaseKind.RETURNS_ABOVE_NORMAL: Story(
        BRIGHTWATER,
        facts={
            "returns_of": "item",
            "name": "Test kit TK-2",
            "count": 32,
            "expected": 10.23,
            "days": 7,
            "days_before": 56,
        },
        is_about_a_shipment=False,
    ),
    CaseKind.TERM_BREACHED: Story(
        facts={
            "side": "carrier",
            "metric": "on_time_delivery",
            "period": "2026-05",
            "numerator": 181,
            "denominator": 204,
            "misses": 23,
            "target": 0.95,
        },
        is_about_a_shipment=False,
    ),
    CaseKind.SOURCE_FAILING: Story(
        company=None,
        facts={
            "source": "kestrel-tracking",
            "last_success_at": said(-5 * HOUR),
            "failures": 31,
            "error": "503 Service Unavailable",
        },
        is_about_a_shipment=False,
    ),
    CaseKind.SOURCE_STALE: Story(
        company=None,
        facts={
            "source": "corvid-orders",
            "why": "nothing_new",
            "last_news_at": said(-3 * DAY),
            "usual_gap_working_hours": 2.5,
        },
        is_about_a_shipment=False,
    ),
    CaseKind.NUMBER_UNKNOWN: Story(
        facts={"side": "shipper", "announced_at": said(-2 * DAY)},
        status=Status.NOT_FOUND,
        heard=None,
        promised_in=2 * DAY,
    ),
    CaseKind.NUMBER_REUSED: Story(
        CORVID,
        facts={
            "side": "shipper",
            "delivered_at": said(-121 * DAY),
            "scanned_again_at": said(-8 * HOUR),
            "days_between": 120,
            "location": "Singapore",
        },
        heard="Picked up",
        where="Singapore",
        silent_for=8 * HOUR,
        promised_in=DAY,
    ),
    CaseKind.CHECKPOINTS_CONTRADICT: Story(
        severity=Severity.INFO,
        facts={
            "side": "carrier",
            "what": "scanned_after_delivery",
            "scanned_at": said(-9 * HOUR),
            "against": said(-30 * HOUR),
            "location": "Leipzig, DE",
        },
        status=Status.DELIVERED,
        silent_for=9 * HOUR,
        promised_in=-26 * HOUR,
    ),
    CaseKind.MEASUREMENT_MISSING: Story(
        BRIGHTWATER,
        facts={
            "metric": "dock_to_stock_time",
            "period": "2026-05",
            "due_at": said(-5 * DAY),
            "days": 31,
            "days_missing": 31,
        },
        is_about_a_shipment=False,
    ),
    CaseKind.MEASUREMENT_IMPOSSIBLE: Story(
        BRIGHTWATER,
        facts={
            "metric": "picking_accuracy",
            "period": "2026-05",
            "source": "brightwater-kpi",
            "why": "over_100_percent",
            "numerator": 1_120,
            "denominator": 1_000,
            "previous_numerator": 1_986,
            "previous_denominator": 2_000,
        },
        is_about_a_shipment=False,
    ),
    CaseKind.ESCALATION: Story(
        severity=Severity.CRITICAL,
        facts={
            "side": "carrier",
            "reason": "The clinic has been out of test kits since Friday. Where are they?",
        },
        silent_for=45 * HOUR,
    ),
}
