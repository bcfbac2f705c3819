"""Customs hold: the latest news is that customs keep it, for documents, duties or an inspection.

Severity: a warning where somebody has to act; an inspection is info until it has lasted for its
working hours. Critical after the given working hours.

Clears: the next news without a customs reason, and the end of the journey.

Turn: the shipper's where documents are missing, the consignee's where duties are to be paid, the
customs' own where they inspect.

It explains a slipped ETA, an announced delay, a missing scan and the hold itself. A promise that
passes meanwhile is an exception of its own: the contract counts it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import Checkpoint, Journey
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

INSPECTED_WITHIN = Threshold(
    "customs_inspection_warning_after_working_hours",
    default=10,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="that customs may inspect before it is a warning",
    minimum=0,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)
CRITICAL_AFTER = Threshold(
    "customs_hold_critical_after_working_hours",
    default=30,
    unit=ThresholdUnit.WORKING_HOURS,
    meaning="at customs: the case is critical",
    minimum=0,
    maximum=366 * 24,
    can_be_off=CanBeOff.YES,
)

WHO_ACTS = {
    Reason.DOCUMENTS: Side.SHIPPER,
    Reason.DUTIES: Side.CONSIGNEE,
    Reason.INSPECTION: Side.CUSTOMS,
}
_RISES = ((INSPECTED_WITHIN, Severity.WARNING), (CRITICAL_AFTER, Severity.CRITICAL))


@dataclass(frozen=True, slots=True)
class CustomsHold:
    kind: CaseKind = CaseKind.CUSTOMS_HOLD
    statuses: frozenset[Status] = frozenset({Status.IN_TRANSIT, Status.ON_HOLD})
    thresholds: tuple[Threshold, ...] = (INSPECTED_WITHIN, CRITICAL_AFTER)
    explains: frozenset[CaseKind] = frozenset(
        {
            CaseKind.ETA_PAST_PROMISE,
            CaseKind.CARRIER_DELAY,
            CaseKind.NO_SCAN,
            CaseKind.ON_HOLD,
        }
    )
    hold: timedelta = timedelta(hours=4)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        reason = journey.reason
        if reason not in WHO_ACTS or journey.is_over or journey.status not in self.statuses:
            return NOTHING
        held_since = journey.standing_since(_is_of_customs) or journey.last_heard_at
        severity, rises_at = _severity(reason, held_since, policy, journey.silent_as_of(now))
        who = WHO_ACTS[reason]
        said = journey.latest(_is_of_customs)
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(severity, journey, policy.thresholds),
            since=held_since or now,
            side=who,
            facts={
                "what": reason.value,
                "who": who.value,
                "held_since": held_since.isoformat() if held_since else None,
                "location": said.location if said else None,
                "text": said.text if said else None,
                "promised_at": journey.promised_at.isoformat() if journey.promised_at else None,
                "estimated_at": journey.estimated_at.isoformat() if journey.estimated_at else None,
            },
        )
        return Verdict(finding, journey.look_again_at(rises_at, now) if rises_at else None)


def _severity(
    reason: Reason, held_since: datetime | None, policy: Policy, as_of: datetime
) -> tuple[Severity, datetime | None]:
    """What holding it for so long is, and when that rises next."""
    severity = Severity.INFO if reason is Reason.INSPECTION else Severity.WARNING
    if held_since is None:
        return severity, None
    rises = [
        (policy.calendar.add_working_time(held_since, timedelta(hours=hours)), higher)
        for threshold, higher in _RISES
        if (hours := policy.thresholds.get(threshold)) is not None and higher.rank > severity.rank
    ]
    reached = [higher for moment, higher in rises if as_of >= moment]
    severity = max([severity, *reached], key=lambda one: one.rank)
    ahead = [moment for moment, higher in rises if higher.rank > severity.rank]
    return severity, min(ahead, default=None)


def _is_of_customs(checkpoint: Checkpoint) -> bool:
    return checkpoint.reason in WHO_ACTS


RULE = CustomsHold()
