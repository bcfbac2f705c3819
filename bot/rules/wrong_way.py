"""Wrong way: mis-sorted, or back in a place that it had already left, and not yet under way to a
new one.

Severity: a warning.

Clears: a scan in a place where it has not been; after a mis-sort also a scan that names no place;
out for delivery, and the end of the journey.

Turn: the carrier's.

It is back where its latest place is one that it had left: it was seen elsewhere in between, with no
scan of the first place within an hour of that one, as two systems that tell of one moment make.
Places are compared as the carrier spells them, but for case and spaces. Once it was out for
delivery, the way back to the depot is the right one. It explains the delay that the carrier
announces.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.rules.finding import NOTHING, Finding, Verdict, shipment_subject
from bot.rules.journey import SCAN_STATUSES, Checkpoint, Journey
from bot.rules.policy import Policy, Threshold
from bot.rules.severity import weighed
from storage.vocabulary import CaseKind, Reason, Severity, Side, Status

_AT_ONCE = timedelta(hours=1)
_LAST_MILE_OR_BACK = frozenset(
    {
        Status.OUT_FOR_DELIVERY,
        Status.ATTEMPT_FAILED,
        Status.AVAILABLE_FOR_PICKUP,
        Status.RETURNING,
    }
)


@dataclass(frozen=True, slots=True)
class _WrongTurn:
    seen_at: datetime
    how: str
    """`missort` or `back`."""
    location: str | None = None
    came_from: str | None = None


@dataclass(frozen=True, slots=True)
class WrongWay:
    kind: CaseKind = CaseKind.WRONG_WAY
    statuses: frozenset[Status] = frozenset({Status.IN_TRANSIT, Status.ON_HOLD})
    thresholds: tuple[Threshold, ...] = ()
    explains: frozenset[CaseKind] = frozenset({CaseKind.CARRIER_DELAY})
    hold: timedelta = timedelta(hours=2)

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict:
        if journey.is_over or journey.status not in self.statuses:
            return NOTHING
        turn = _missort(journey) or _way_back(journey)
        if turn is None:
            return NOTHING
        finding = Finding(
            kind=self.kind,
            subject=shipment_subject(journey),
            severity=weighed(Severity.WARNING, journey, policy.thresholds),
            since=turn.seen_at,
            side=Side.CARRIER,
            facts={
                "how": turn.how,
                "seen_at": turn.seen_at.isoformat(),
                "location": turn.location,
                "came_from": turn.came_from,
            },
        )
        return Verdict(finding)


def _missort(journey: Journey) -> _WrongTurn | None:
    missorts = [one for one in journey.checkpoints if one.reason is Reason.MISSORT]
    if not missorts:
        heard_at = journey.last_heard_at
        if journey.reason is not Reason.MISSORT or heard_at is None:
            return None
        return _WrongTurn(heard_at, "missort")
    latest = max(missorts, key=lambda one: (one.occurred_at, one.location or ""))
    return (
        None
        if _has_moved_on(journey, latest.occurred_at)
        else _WrongTurn(latest.occurred_at, "missort", latest.location)
    )


def _has_moved_on(journey: Journey, since: datetime) -> bool:
    """Seen where it had not been by then, or where nobody says."""
    checkpoints = journey.checkpoints
    been_in = {_place(one) for one in checkpoints if one.occurred_at <= since} - {None}
    return any(
        one.occurred_at > since and one.status in SCAN_STATUSES and _place(one) not in been_in
        for one in checkpoints
    )


def _way_back(journey: Journey) -> _WrongTurn | None:
    visits: dict[str, list[Checkpoint]] = {}
    latest: tuple[datetime, str] | None = None
    for checkpoint in journey.checkpoints:
        if checkpoint.status in _LAST_MILE_OR_BACK:
            return None
        place = _place(checkpoint)
        if place is not None and checkpoint.status in SCAN_STATUSES:
            visits.setdefault(place, []).append(checkpoint)
            told = checkpoint.occurred_at, place
            latest = told if latest is None else max(latest, told)
    if latest is None or len(visits) < 2:
        return None
    here = visits.pop(latest[1])
    elsewhere = [one for ones in visits.values() for one in ones if _is_between(one, here)]
    if not elsewhere:
        return None
    left = max(elsewhere, key=_when_and_where)
    back = min((one for one in here if one.occurred_at > left.occurred_at), key=_when_and_where)
    return _WrongTurn(back.occurred_at, "back", back.location, left.location)


def _is_between(elsewhere: Checkpoint, here: list[Checkpoint]) -> bool:
    at = elsewhere.occurred_at
    moments = [one.occurred_at for one in here]
    return min(moments) < at < max(moments) and all(abs(at - one) > _AT_ONCE for one in moments)


def _when_and_where(checkpoint: Checkpoint) -> tuple[datetime, str]:
    return checkpoint.occurred_at, checkpoint.location or ""


def _place(checkpoint: Checkpoint) -> str | None:
    """None where none is told."""
    return _common_spelling(checkpoint.location) if checkpoint.location else None


@lru_cache(maxsize=4096)
def _common_spelling(location: str) -> str | None:
    """What two spellings of one place have in common."""
    return " ".join(location.casefold().split()) or None


RULE = WrongWay()
