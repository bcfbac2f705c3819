"""The cases of that Monday morning: one of each kind as it is first told, and several of a kind."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.messages.cards import CaseCard, CheckpointLine, MissLine, ShipmentCard
from bot.rules.finding import Fact
from storage.vocabulary import CaseKind, CaseState, PromiseBasis, Status
from tests.acceptance.page.gallery.stories import (
    BRIGHTWATER,
    CORVID,
    DAY,
    HOUR,
    KESTREL,
    NOW,
    STORIES,
    Story,
)

SEVERAL = 6
LANES = {
    KESTREL: ("Hamburg, DE", "Lyon, FR"),
    BRIGHTWATER: ("Joliet, IL", "Lagos, NG"),
    CORVID: ("Singapore", "Rotterdam, NL"),
}
ZONES = {KESTREL: "Europe/Paris", BRIGHTWATER: "Africa/Lagos", CORVID: "Europe/Amsterdam"}
VALUES = (12_400.0, 860.0, 3_150.0, None, 21_000.0, 475.0)


def single(kind: CaseKind) -> CaseCard:
    """As it stands when it is first told."""
    story = STORIES[kind]
    company = story.company
    is_escalation = kind is CaseKind.ESCALATION
    return CaseCard(
        case_id=1042,
        kind=kind,
        severity=story.severity,
        state=CaseState.ESCALATED if is_escalation else CaseState.OPEN,
        since=NOW - 9 * HOUR,
        opened_at=NOW - 9 * HOUR,
        now=NOW,
        zone=company.zone if company else "UTC",
        partner_name=company.name if company else None,
        partner_kind=company.kind if company else None,
        account_manager=company.manager if company else None,
        company="Meridian Health",
        facts=story.facts or {},
        shipment=_shipment(story) if company and story.is_about_a_shipment else None,
        handled_by="U0OLIVIA" if is_escalation else "rule",
        handled_at=NOW - 9 * HOUR,
        note=str((story.facts or {})["reason"]) if is_escalation else None,
        misses=_misses() if kind is CaseKind.TERM_BREACHED else (),
    )


def several(kind: CaseKind) -> list[CaseCard]:
    """Of different age and value, the first as told alone."""
    return [_one_of_several(single(kind), number) for number in range(SEVERAL)]


def _one_of_several(first: CaseCard, number: int) -> CaseCard:
    older = number * 5 * HOUR
    shipment = first.shipment
    return replace(
        first,
        case_id=first.case_id + number,
        since=first.since - older,
        opened_at=first.opened_at - older,
        facts={name: _another(name, value, number) for name, value in first.facts.items()},
        shipment=_another_shipment(shipment, number) if shipment else None,
    )


def _another(name: str, value: Fact, number: int) -> Fact:
    if name in ("name", "source") and number:
        return f"{value}-{number}"
    if name == "period":
        return ("2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12")[number]
    return value


def _another_shipment(shipment: ShipmentCard, number: int) -> ShipmentCard:
    older = number * 5 * HOUR
    heard = shipment.last_checkpoint
    return replace(
        shipment,
        tracking_number=f"{shipment.tracking_number[:-4]}{4411 + 37 * number}",
        order_reference=f"PO-{7710 + number}",
        value=VALUES[number],
        promised_at=shipment.promised_at - number * DAY if shipment.promised_at else None,
        last_checkpoint=replace(heard, occurred_at=heard.occurred_at - older) if heard else None,
    )


def _shipment(story: Story) -> ShipmentCard:
    company = story.company or KESTREL
    origin, destination = LANES[company]
    zone = ZONES[company]
    due_on = (NOW + story.promised_in).astimezone(ZoneInfo(zone)).date()
    promised_at = datetime.combine(due_on, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)
    is_delivered = story.status is Status.DELIVERED
    heard = CheckpointLine(
        NOW - story.silent_for, story.status, story.reason, story.heard, story.where
    )
    return ShipmentCard(
        tracking_number=f"{company.name[:2].upper()}-2026-4411",
        status=story.status,
        zone=zone,
        partner_name=company.name,
        reason=story.reason,
        order_reference="PO-7710",
        origin=origin,
        destination=destination,
        value=VALUES[0],
        currency="EUR",
        promised_at=promised_at,
        promise_basis=PromiseBasis.ORDER,
        delivered_at=NOW - story.silent_for if is_delivered else None,
        last_checkpoint=heard if story.heard else None,
    )


def _misses() -> list[MissLine]:
    """The first five of a month."""
    promised = datetime(2026, 5, 8, 21, 59, 59, tzinfo=UTC)
    return [
        MissLine(
            f"KE-2026-{3120 + 17 * number}",
            "Europe/Paris",
            f"PO-{7480 + number}",
            "Lyon, FR",
            promised_at=promised + number * DAY,
            delivered_at=promised + number * DAY + (30 + 25 * number) * HOUR,
        )
        for number in range(5)
    ]
