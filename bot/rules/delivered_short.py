"""Delivered short: less was delivered than ordered, and the rest has not come within the given
hours. Where either quantity is unknown, nothing is said: unknown is not in full.

Severity: a warning; critical where less than half was delivered.

Clears: the rest arriving, or all of it on the way back.

Turn: the carrier, who has to say where the rest is.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import later
from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Severity, Side, Status

REST_WITHIN = Threshold(
    "short_delivery_after_hours",
    default=4,
    unit=ThresholdUnit.HOURS,
    meaning="after a delivery, for the other parcels of the same shipment to arrive",
    minimum=0,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)

_ROUNDING = 1e-9  # of the quantity ordered: what adding up tenths of a ton leaves behind


@dataclass(frozen=True, slots=True)
class DeliveredShort:
    kind: CaseKind = CaseKind.DELIVERED_SHORT
    # While the rest is on its way, the status is again that of something under way.
    statuses: frozenset[Status] = OPEN_STATUSES - {Status.RETURNING} | {Status.DELIVERED}
    thresholds: tuple[Threshold, ...] = (REST_WITHIN,)
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        ordered, delivered = journey.quantity, journey.delivered_quantity
        if ordered is None or delivered is None or journey.status not in self.statuses:
            return NOTHING
        if journey.delivered_at is None and journey.status is not Status.DELIVERED:
            return NOTHING
        rest_within = policy.thresholds.get(REST_WITHIN)
        if rest_within is None or is_in_full(journey) is not False:
            return NOTHING
        as_of = journey.silent_as_of(now)
        delivered_at = journey.delivered_at or journey.last_heard_at
        if delivered_at is None:
            return NOTHING
        short_at = later(delivered_at, timedelta(hours=rest_within))
        if as_of < short_at:
            return Verdict(look_again_at=journey.look_again_at(short_at, now))
        severity = Severity.CRITICAL if delivered < ordered / 2 else Severity.WARNING
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=delivered_at,
            side=Side.CARRIER,
            facts={
                "in_full": False,
                "ordered": ordered,
                "delivered": delivered,
                "missing": round(ordered - delivered, 6),
                "delivered_at": delivered_at.isoformat(),
            },
        )
        return Verdict(finding)


def is_in_full(journey: Journey) -> bool | None:
    """Whether all that was ordered has been delivered; None where it isn't known."""
    ordered, delivered = journey.quantity, journey.delivered_quantity
    if ordered is None or delivered is None:
        return None
    if not (math.isfinite(ordered) and math.isfinite(delivered)) or ordered <= 0 or delivered < 0:
        return None
    return delivered >= ordered * (1 - _ROUNDING)


RULE = DeliveredShort()
