"""Carrier delay: the carrier's latest news names a reason for a delay, and it is under way.

Severity: a warning; only info where the carrier's own ETA still keeps the promise.

Clears: the next news that names no such reason, and the end of the journey.

Turn: the side of the reason: the carrier's for a delay, a vehicle or capacity; external for
weather, civil unrest or security.

An ETA past the promise says the same and by how much: that is told instead, and so is a hold.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import Policy, Threshold
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Status

DELAYS = frozenset(
    {
        Reason.DELAY,
        Reason.VEHICLE,
        Reason.CAPACITY,
        Reason.WEATHER,
        Reason.CIVIL,
        Reason.SECURITY,
    }
)


@dataclass(frozen=True, slots=True)
class CarrierDelay:
    kind: CaseKind = CaseKind.CARRIER_DELAY
    statuses: frozenset[Status] = frozenset(
        {Status.LABEL_CREATED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.ON_HOLD}
    )
    thresholds: tuple[Threshold, ...] = ()
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta(hours=4)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        reason = journey.reason
        if reason not in DELAYS or journey.is_over or journey.status not in self.statuses:
            return NOTHING
        promised_at, estimated_at = journey.promised_at, journey.estimated_at
        is_in_time = promised_at and estimated_at and estimated_at <= promised_at
        severity = Severity.INFO if is_in_time else Severity.WARNING
        said = journey.latest(_names_a_delay)
        since = journey.standing_since(_names_a_delay) or journey.last_heard_at
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=since or now,
            side=reason.side,
            facts={
                "reason": reason.value,
                "said_at": since.isoformat() if since else None,
                "text": said.text if said else None,
                "location": said.location if said else None,
                "promised_at": promised_at.isoformat() if promised_at else None,
                "estimated_at": estimated_at.isoformat() if estimated_at else None,
            },
        )
        return Verdict(finding)


def _names_a_delay(checkpoint: Checkpoint) -> bool:
    return checkpoint.reason in DELAYS


RULE = CarrierDelay()
