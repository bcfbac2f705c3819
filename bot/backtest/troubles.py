"""Every kind of trouble that a made-up parcel can have. Each is put in by a function that gives the
moment from which it can be known."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.backtest.parcels import DAY, HOUR, Parcel, Scan, minutes, working_days
from bot.calendars import WorkingCalendar
from storage.vocabulary import CaseKind, Reason, Status

Injection = Callable[[Parcel, Random], datetime]

_CALENDAR = WorkingCalendar(
    zone=ZoneInfo("UTC"),
    working_weekdays=frozenset(range(5)),
    opens=time(8),
    closes=time(18),
)


def _late(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    first, last = _last_day(parcel), working_days(parcel.promised_at, random.randrange(1, 4))
    _scan_daily(parcel, first, last, random)
    _deliver(parcel, last, random)
    return parcel.promised_at + HOUR


def _stalled(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    silent_since = parcel.scans[-1].at
    found = working_days(silent_since, random.randrange(4, 8))
    parcel.scans.append(
        Scan(found + 9 * HOUR, Status.IN_TRANSIT, text="Arrived", place="Fenwick depot")
    )
    _deliver(parcel, working_days(found, 1), random)
    return _CALENDAR.add_working_time(silent_since, 24 * HOUR)


def _not_dispatched(parcel: Parcel, random: Random) -> datetime:
    assert parcel.ship_by is not None  # noqa: S101
    _postpone(parcel, random.randrange(2, 5))
    return _CALENDAR.add_working_time(parcel.ship_by, 2 * HOUR)


def _never_picked_up(parcel: Parcel, random: Random) -> datetime:
    parcel.ship_by = None
    _postpone(parcel, random.randrange(3, 6))
    labelled_at = parcel.scans[0].at
    return _CALENDAR.add_working_time(labelled_at, 20 * HOUR)


def _number_unknown(parcel: Parcel, random: Random) -> datetime:
    parcel.ship_by = None
    parcel.shipped_at = parcel.ordered_at + 4 * HOUR
    _postpone(parcel, random.randrange(3, 5))
    asked_at = parcel.shipped_at + HOUR
    parcel.scans[0] = Scan(asked_at, Status.NOT_FOUND, text="The carrier has no such number")
    return _CALENDAR.add_working_time(parcel.shipped_at, 10 * HOUR)


def _eta_slips(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    told_at = _last_day(parcel) + 10 * HOUR
    eta = working_days(parcel.promised_at, random.randrange(1, 4)) + 17 * HOUR
    parcel.scans.append(
        Scan(told_at, Status.IN_TRANSIT, text="Rescheduled", place="Gatton depot", eta=eta)
    )
    keeps_it_after_all = random.random() < 0.25
    if keeps_it_after_all:
        _scan_daily(parcel, told_at, parcel.promised_at - DAY, random)
        parcel.scans.append(Scan(parcel.promised_at - 3 * HOUR, Status.DELIVERED, text="Delivered"))
    else:
        _scan_daily(parcel, told_at, eta - DAY, random)
        _deliver(parcel, eta, random)
    return told_at


def _with_reason(
    status: Status, reasons: Sequence[Reason], days_lost: int
) -> Callable[[Parcel, Random], datetime]:
    """A checkpoint that names it, at least so many days without progress, then the delivery."""

    def inject(parcel: Parcel, random: Random) -> datetime:
        _drop_the_end(parcel)
        told_at = _last_day(parcel) + minutes(random, 540, 720)
        reason = random.choice(reasons)
        place = parcel.scans[-1].place if reason is not Reason.MISSORT else "Hexley depot"
        parcel.scans.append(
            Scan(told_at, status, reason.value, reason.value.replace("_", " ").capitalize(), place)
        )
        _deliver(parcel, working_days(told_at, days_lost + random.randrange(5)), random)
        return told_at

    return inject


def _held(parcel: Parcel, random: Random) -> datetime:
    told_at = _with_reason(Status.ON_HOLD, [Reason.NOT_READY, Reason.UNKNOWN], 3)(parcel, random)
    return _CALENDAR.add_working_time(told_at, 10 * HOUR)


def _back_where_it_was(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    came_from = parcel.scans[-1].place
    day = _last_day(parcel)
    seen_again = day + 20 * HOUR
    parcel.scans += [
        Scan(day + 9 * HOUR, Status.IN_TRANSIT, text="Arrived", place="Ingram depot"),
        Scan(seen_again, Status.IN_TRANSIT, text="Arrived", place=came_from),
    ]
    _deliver(parcel, working_days(day, 2), random)
    return seen_again


def _lost(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    told_at = working_days(_last_day(parcel), 1) + minutes(random, 540, 720)
    parcel.scans.append(Scan(told_at, Status.LOST, text="Cannot be located"))
    return told_at


def _attempts_fail(parcel: Parcel, random: Random) -> datetime:
    parcel.scans.pop()
    out = parcel.scans[-1].at
    reason = random.choice([Reason.NOT_HOME, Reason.CLOSED]).value
    failed_at = out + minutes(random, 60, 400)
    parcel.scans.append(Scan(failed_at, Status.ATTEMPT_FAILED, reason, "Nobody there"))
    again = working_days(out, 1) + 9 * HOUR
    parcel.scans += [
        Scan(again, Status.OUT_FOR_DELIVERY, text="Out for delivery"),
        Scan(again + 3 * HOUR, Status.DELIVERED, text="Delivered"),
    ]
    return failed_at


def _sent_back(name: Reason) -> Callable[[Parcel, Random], datetime]:
    def inject(parcel: Parcel, random: Random) -> datetime:
        parcel.scans.pop()
        refused_at = parcel.scans[-1].at + minutes(random, 60, 400)
        parcel.scans.append(Scan(refused_at, Status.ATTEMPT_FAILED, name.value, "Not accepted"))
        back = working_days(refused_at, 2)
        parcel.scans += [
            Scan(back + 9 * HOUR, Status.RETURNING, name.value, "On its way back"),
            Scan(working_days(back, 2) + 9 * HOUR, Status.RETURNED, text="Back at the sender"),
        ]
        return refused_at

    return inject


def _returned_unasked(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    turned_at = _last_day(parcel) + minutes(random, 540, 720)
    parcel.scans += [
        Scan(turned_at, Status.RETURNING, text="On its way back"),
        Scan(working_days(turned_at, 2) + 9 * HOUR, Status.RETURNED, text="Back at the sender"),
    ]
    return turned_at


def _waits_for_pickup(parcel: Parcel, random: Random) -> datetime:
    parcel.scans.pop()
    waits_since = parcel.scans[-1].at + 4 * HOUR
    collected_at = waits_since + timedelta(days=6, hours=random.randrange(1, 20))
    parcel.scans += [
        Scan(waits_since, Status.AVAILABLE_FOR_PICKUP, text="At the pick-up point"),
        Scan(collected_at, Status.DELIVERED, text="Collected"),
    ]
    return waits_since + 5 * DAY


def _short(parcel: Parcel, random: Random) -> datetime:
    parcel.quantity = float(random.randrange(4, 9))
    last = parcel.scans.pop()
    parcel.scans.append(Scan(last.at, last.status, text=last.text, quantity=parcel.quantity - 3))
    return last.at + 4 * HOUR


def _return_lies_about(parcel: Parcel, random: Random) -> datetime:
    parcel.is_return = True
    arrived_at = parcel.scans[-1].at
    processed_at = working_days(arrived_at, random.randrange(5, 9)) + 9 * HOUR
    parcel.scans.append(Scan(processed_at, Status.DISPOSITIONED, text="Checked in"))
    return _CALENDAR.add_working_time(arrived_at, 30 * HOUR)


def _number_reused(parcel: Parcel, random: Random) -> datetime:
    seen_again = parcel.scans[-1].at + timedelta(days=random.randrange(40, 90))
    parcel.scans.append(Scan(seen_again, Status.IN_TRANSIT, text="Picked up", place="Jarrow depot"))
    return seen_again


def _contradicts(parcel: Parcel, random: Random) -> datetime:
    seen_again = parcel.scans[-1].at + timedelta(days=random.randrange(2, 6))
    parcel.scans.append(Scan(seen_again, Status.IN_TRANSIT, text="Arrived", place="Kelso depot"))
    return seen_again


_CUSTOMS = (Reason.DOCUMENTS, Reason.DUTIES, Reason.INSPECTION)
_DELAYS = (Reason.DELAY, Reason.WEATHER, Reason.VEHICLE)
TROUBLES: dict[str, tuple[CaseKind, Injection]] = {
    "late": (CaseKind.PROMISE_PASSED, _late),
    "stalled": (CaseKind.NO_SCAN, _stalled),
    "not dispatched": (CaseKind.NOT_DISPATCHED, _not_dispatched),
    "never picked up": (CaseKind.NEVER_PICKED_UP, _never_picked_up),
    "number unknown": (CaseKind.NUMBER_UNKNOWN, _number_unknown),
    "ETA slips": (CaseKind.ETA_PAST_PROMISE, _eta_slips),
    "delay announced": (CaseKind.CARRIER_DELAY, _with_reason(Status.IN_TRANSIT, _DELAYS, 2)),
    "missort": (CaseKind.WRONG_WAY, _with_reason(Status.IN_TRANSIT, [Reason.MISSORT], 2)),
    "back where it was": (CaseKind.WRONG_WAY, _back_where_it_was),
    "customs hold": (CaseKind.CUSTOMS_HOLD, _with_reason(Status.ON_HOLD, _CUSTOMS, 3)),
    "on hold": (CaseKind.ON_HOLD, _held),
    "damaged": (CaseKind.DAMAGED, _with_reason(Status.IN_TRANSIT, [Reason.DAMAGED], 2)),
    "lost": (CaseKind.LOST, _lost),
    "attempt failed": (CaseKind.DELIVERY_ATTEMPT_FAILED, _attempts_fail),
    "bad address": (CaseKind.ADDRESS_PROBLEM, _sent_back(Reason.BAD_ADDRESS)),
    "refused": (CaseKind.REFUSED, _sent_back(Reason.REFUSED)),
    "returned unasked": (CaseKind.RETURNING_UNASKED, _returned_unasked),
    "waits for pick-up": (CaseKind.PICKUP_EXPIRING, _waits_for_pickup),
    "delivered short": (CaseKind.DELIVERED_SHORT, _short),
    "return lies about": (CaseKind.RETURN_NOT_PROCESSED, _return_lies_about),
    "number reused": (CaseKind.NUMBER_REUSED, _number_reused),
    "contradicts itself": (CaseKind.CHECKPOINTS_CONTRADICT, _contradicts),
}


def _drop_the_end(parcel: Parcel) -> None:
    """Nothing is known of its last mile yet."""
    parcel.scans = [scan for scan in parcel.scans if scan.text in ("Label made", "Picked up")]


def _postpone(parcel: Parcel, days: int) -> None:
    """All but the label happens so many working days later."""
    label, *others = parcel.scans
    parcel.scans = [
        label,
        *(
            Scan(
                working_days(scan.at, days)
                + (scan.at - scan.at.replace(hour=0, minute=0, second=0)),
                scan.status,
                text=scan.text,
                place=scan.place,
            )
            for scan in others
        ),
    ]


def _last_day(parcel: Parcel) -> datetime:
    """The start of the working day after its last scan."""
    return working_days(parcel.scans[-1].at, 1)


def _scan_daily(parcel: Parcel, first: datetime, last: datetime, random: Random) -> None:
    day = working_days(first, 0)
    while (day := working_days(day, 1)) < last:
        place = f"Hub {len(parcel.scans)}"
        parcel.scans.append(Scan(day + minutes(random, 540, 960), Status.IN_TRANSIT, place=place))


def _deliver(parcel: Parcel, day: datetime, random: Random) -> None:
    day = working_days(day, 0)
    parcel.scans += [
        Scan(day + 8 * HOUR, Status.OUT_FOR_DELIVERY, text="Out for delivery"),
        Scan(day + minutes(random, 600, 1060), Status.DELIVERED, text="Delivered"),
    ]
