"""Lost: the carrier says that it is lost, as its status or as the reason of its latest news.

Severity: critical.

Clears: a later scan without that reason, for then it was found, and the end of the journey.

Turn: the carrier's, who has to search, and to pay.

It explains whatever else there is to say of the shipment: nobody needs to hear that what is lost
is also late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import OPEN_STATUSES, SCAN_STATUSES, Checkpoint, Journey
from bot.rules.policy import Policy, Threshold
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

_ITS_CONSEQUENCES = frozenset(
    {
        CaseKind.NOT_DISPATCHED,
        CaseKind.NEVER_PICKED_UP,
        CaseKind.NUMBER_UNKNOWN,
        CaseKind.NO_SCAN,
        CaseKind.CARRIER_DELAY,
        CaseKind.ETA_PAST_PROMISE,
        CaseKind.WRONG_WAY,
        CaseKind.CUSTOMS_HOLD,
        CaseKind.ON_HOLD,
        CaseKind.DAMAGED,
        CaseKind.DELIVERY_ATTEMPT_FAILED,
        CaseKind.ADDRESS_PROBLEM,
        CaseKind.REFUSED,
        CaseKind.PICKUP_EXPIRING,
        CaseKind.PROMISE_PASSED,
        CaseKind.RETURNING_UNASKED,
        CaseKind.RETURN_NOT_PROCESSED,
    }
)


@dataclass(frozen=True, slots=True)
class Lost:
    kind: CaseKind = CaseKind.LOST
    statuses: frozenset[Status] = OPEN_STATUSES
    thresholds: tuple[Threshold, ...] = ()
    explains: frozenset[CaseKind] = _ITS_CONSEQUENCES
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        is_lost = journey.status is Status.LOST or journey.reason is Reason.LOST
        if not is_lost or journey.is_over:
            return NOTHING
        lost_since = journey.standing_since(_tells_of_loss) or journey.last_heard_at
        said = journey.latest(_tells_of_loss)
        seen = journey.latest(_is_seen)
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=Severity.CRITICAL,
            since=lost_since or now,
            side=Side.CARRIER,
            facts={
                "reported_at": lost_since.isoformat() if lost_since else None,
                "last_seen_at": seen.occurred_at.isoformat() if seen else None,
                "last_seen_in": seen.location if seen else None,
                "promised_at": journey.promised_at.isoformat() if journey.promised_at else None,
                "text": said.text if said else None,
            },
        )
        return Verdict(finding)


def _tells_of_loss(checkpoint: Checkpoint) -> bool:
    return checkpoint.status is Status.LOST or checkpoint.reason is Reason.LOST


def _is_seen(checkpoint: Checkpoint) -> bool:
    return checkpoint.status in SCAN_STATUSES and not _tells_of_loss(checkpoint)


RULE = Lost()
