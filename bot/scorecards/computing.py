"""A partner's figures for a period: computed from its shipments, or added up from measurements.

On-time delivery goes by the shipments promised in the period, order cycle time by those delivered
in it. Both are told as they stood at `now`, so that the past can be asked too.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import Session

from bot.book.models import PartnerEntry, TermEntry
from bot.scorecards.catalogue import CATALOGUE, ON_TIME_DELIVERY, ORDER_CYCLE_TIME, kpi_named
from bot.scorecards.figures import Figure, Rate, Scorecard, Spread, interval_of, spread_of
from bot.scorecards.periods import Period
from storage import scorecards as stored
from storage.scorecards import Days, MeasuredPart, MissedShipment

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class _Reading:
    rate: Rate | None
    spread: Spread | None = None
    left_out: int = 0
    pending: int = 0


def scorecard(session: Session, partner: PartnerEntry, period: Period, now: datetime) -> Scorecard:
    """The computed KPIs always, then whatever was measured or has a target, in the catalogue's
    order; those that the catalogue doesn't know come last."""
    current = _readings(session, partner.key, period, now)
    before = _readings(session, partner.key, period.previous(), now)
    terms = terms_in_force(partner.contract.terms, period)
    names = dict.fromkeys(_COMPUTED)
    wanted = {*current, *before, *terms}
    names.update(dict.fromkeys(name for name in CATALOGUE if name in wanted))
    names.update(dict.fromkeys(sorted(wanted)))
    return Scorecard(
        partner_key=partner.key,
        partner_name=partner.name,
        zone=partner.time_zone,
        period=period,
        now=now,
        is_over=period.is_over(now.astimezone(partner.zone).date()),
        figures=tuple(
            _figure(name, current.get(name), before.get(name), terms.get(name)) for name in names
        ),
    )


def measure(
    session: Session, partner_key: str, metric: str, period: Period, now: datetime
) -> Rate | None:
    """What a term is judged by; None where nothing is known. Of a time it is days (or hours) in
    all / how many. For a verdict see Kpi.meets."""
    days = _days(period)
    if metric in _COMPUTED:
        computed = _COMPUTED[metric](session, partner_key, days, now).rate
        if computed is not None:
            return computed
    return _sum(stored.measured(session, partner_key, days, now, metric))


def misses(
    session: Session,
    partner_key: str,
    metric: str,
    period: Period,
    now: datetime,
    *,
    limit: int | None = None,
) -> list[MissedShipment]:
    """The shipments behind a figure, worst first: the late ones for on-time delivery, the slowest
    for order cycle time; none for what a source measures."""
    days = _days(period)
    if metric == ON_TIME_DELIVERY:
        return stored.late(session, partner_key, days, now, limit)
    if metric == ORDER_CYCLE_TIME:
        return sorted(
            stored.delivered(session, partner_key, days, now), key=_seconds_taken, reverse=True
        )[:limit]
    return []


def terms_in_force(terms: Iterable[TermEntry], period: Period) -> dict[str, TermEntry]:
    """By metric, those in force when the period ends; of several, the one that began last."""
    in_force = [
        term
        for term in terms
        if (term.effective_from is None or term.effective_from <= period.end)
        and (term.effective_to is None or term.effective_to >= period.end)
    ]
    in_force.sort(key=lambda term: (term.effective_from is not None, term.effective_from))
    return {term.metric: term for term in in_force}


def _figure(
    name: str, current: _Reading | None, before: _Reading | None, term: TermEntry | None
) -> Figure:
    kpi = kpi_named(name)
    reading = current or _Reading(None)
    return Figure(
        kpi=kpi,
        rate=reading.rate,
        target=term.target if term else None,
        minimum_sample=term.minimum_sample if term else 1,
        previous=before.rate if before else None,
        interval=interval_of(kpi, reading.rate),
        spread=reading.spread,
        left_out=reading.left_out,
        pending=reading.pending,
    )


def _readings(
    session: Session, partner_key: str, period: Period, now: datetime
) -> dict[str, _Reading]:
    days = _days(period)
    parts = stored.measured(session, partner_key, days, now)
    readings = {
        metric: _Reading(_sum(list(group)))
        for metric, group in groupby(parts, key=lambda part: part.metric)
    }
    for metric, compute in _COMPUTED.items():
        computed = compute(session, partner_key, days, now)
        # What we can count ourselves, shipment by shipment, is not taken on trust.
        if computed.rate is not None or metric not in readings:
            readings[metric] = computed
    return readings


def _punctuality(session: Session, partner_key: str, days: Days, now: datetime) -> _Reading:
    count = stored.punctuality(session, partner_key, days, now)
    rate = None
    if count.delivered_or_due:
        as_of = stored.last_heard(session, partner_key, days, now)
        rate = Rate(count.on_time, count.delivered_or_due, as_of)
    return _Reading(
        rate,
        left_out=count.unknown,
        pending=count.promised - count.delivered_or_due - count.unknown,
    )


def _cycle_time(session: Session, partner_key: str, days: Days, now: datetime) -> _Reading:
    times = stored.cycle_times(session, partner_key, days, now)
    in_days = [seconds / SECONDS_A_DAY for seconds in times.seconds]
    rate = None
    if in_days:
        as_of = stored.last_heard(session, partner_key, days, now)
        rate = Rate(math.fsum(in_days), len(in_days), as_of)
    return _Reading(rate, spread_of(in_days), left_out=times.unknown)


_COMPUTED: dict[str, Callable[[Session, str, Days, datetime], _Reading]] = {
    ON_TIME_DELIVERY: _punctuality,
    ORDER_CYCLE_TIME: _cycle_time,
}


def _sum(parts: Sequence[MeasuredPart]) -> Rate | None:
    """Sources add up, as sites do. Of one source, a span inside a longer one is in it already."""
    taken: list[MeasuredPart] = []
    for part in parts:
        if not any(_overlap(part, other) for other in taken):
            taken.append(part)
    denominator = math.fsum(part.denominator for part in taken)
    if not denominator:
        return None
    return Rate(
        math.fsum(part.numerator for part in taken),
        denominator,
        as_of=min(part.measured_at for part in taken),
    )


def _overlap(one: MeasuredPart, other: MeasuredPart) -> bool:
    return (
        one.source_key == other.source_key
        and one.days.first <= other.days.last
        and other.days.first <= one.days.last
    )


def _seconds_taken(shipment: MissedShipment) -> float:
    if shipment.delivered_at is None or shipment.ordered_at is None:
        return 0.0
    return (shipment.delivered_at - shipment.ordered_at).total_seconds()


def _days(period: Period) -> Days:
    return Days(period.start, period.end)
