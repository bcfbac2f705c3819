"""No scan: under way, and not scanned for the given working hours of the partner's calendar.

Severity: a warning.

Clears: any scan, and the end of the journey.

Turn: the carrier's.

Scans are expected while it moves (in transit, out for delivery, on the way back), on hold where the
reason is the carrier's or not given, and where the carrier no longer knows or tracks what it had.
They are not where somebody else has to move first: held by customs, weather, shipper or consignee,
waiting for pick-up, undeliverable, lost. A failed attempt has a rule of its own. The hours run from
the last scan; where none is known, from when it was announced or ordered. A ship, a train and a
lorry are scanned more rarely than a parcel: each mode has hours of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.finding import NOTHING, Verdict
from bot.rules.journey import UNSEEN_STATUSES, Journey, turn_after
from bot.rules.policy import CanBeOff, Policy, Threshold, ThresholdUnit
from bot.rules.silence import judge_silence
from storage.vocabulary import CaseKind, Side, Status


def _scanned_within(name: str, default: float, meaning: str) -> Threshold:
    return Threshold(
        name,
        default=default,
        unit=ThresholdUnit.WORKING_HOURS,
        meaning=meaning,
        minimum=0.25,
        maximum=366 * 24,
        can_be_off=CanBeOff.YES,
    )


SCANNED_WITHIN = _scanned_within(
    "no_scan_after_working_hours", 24, "from one scan to the next, while it moves"
)
SCANNED_WITHIN_BY_ROAD = _scanned_within(
    "no_scan_road_after_working_hours", 30, "the same for freight by road"
)
SCANNED_WITHIN_BY_RAIL = _scanned_within(
    "no_scan_rail_after_working_hours", 60, "the same for freight by rail"
)
SCANNED_WITHIN_BY_OCEAN = _scanned_within(
    "no_scan_ocean_after_working_hours", 150, "the same for freight by sea"
)

_MOVING = frozenset({Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.RETURNING})
_BY_MODE = {
    **dict.fromkeys(("road", "truck", "lorry", "ltl", "ftl"), SCANNED_WITHIN_BY_ROAD),
    **dict.fromkeys(("rail", "train"), SCANNED_WITHIN_BY_RAIL),
    **dict.fromkeys(("ocean", "sea", "vessel", "ship", "lcl", "fcl"), SCANNED_WITHIN_BY_OCEAN),
}
"""As orders name them; any other is scanned as parcels are."""


@dataclass(frozen=True, slots=True)
class NoScan:
    kind: CaseKind = CaseKind.NO_SCAN
    statuses: frozenset[Status] = _MOVING | UNSEEN_STATUSES | {Status.ON_HOLD}
    thresholds: tuple[Threshold, ...] = (
        SCANNED_WITHIN,
        SCANNED_WITHIN_BY_ROAD,
        SCANNED_WITHIN_BY_RAIL,
        SCANNED_WITHIN_BY_OCEAN,
    )
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta()

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        heard_at = journey.last_heard_at
        if heard_at is None or journey.is_over or not _is_scan_expected(journey):
            return NOTHING
        last_scan_at = journey.last_scan_at
        return judge_silence(
            self.kind,
            journey,
            policy,
            now,
            counts_from=heard_at,
            within=_threshold_of(journey.mode),
            side=Side.CARRIER,
            facts={"last_scan_at": last_scan_at.isoformat() if last_scan_at else None},
        )


def _threshold_of(mode: str | None) -> Threshold:
    return SCANNED_WITHIN if mode is None else _BY_MODE.get(mode.strip().casefold(), SCANNED_WITHIN)


def _is_scan_expected(journey: Journey) -> bool:
    if journey.status is Status.ON_HOLD:
        return turn_after(journey.reason) is Side.CARRIER
    if journey.status in UNSEEN_STATUSES:
        return not journey.was_never_scanned
    return journey.status in _MOVING


RULE = NoScan()
