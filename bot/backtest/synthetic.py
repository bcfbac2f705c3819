"""A made-up history of parcels with every kind of trouble in it, and a list of what was put in.

`python -m bot.backtest.synthetic FOLDER --shipments 20000 --seed 7` writes shipments.csv.gz,
checkpoints.csv.gz and troubles.csv. The same arguments give the same files. The noise of real
feeds is in them too: scans told twice, told hours late (which shipments that befell is in
told_late.csv), and lines in any order.
"""

import argparse
import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TextIO, cast
from zoneinfo import ZoneInfo

from bot.calendars import WorkingCalendar
from storage.vocabulary import CaseKind, Reason, Status

START = datetime(2025, 1, 6, tzinfo=UTC)
TROUBLED = 0.16  # of all shipments
TOLD_TWICE = 0.03  # of all scans
TOLD_LATE = 0.02
SHIPMENT_COLUMNS = (
    "tracking_number",
    "partner",
    "carrier",
    "service",
    "order_ref",
    "origin",
    "destination",
    "ordered_at",
    "ship_by",
    "shipped_at",
    "promised_at",
    "value",
    "quantity",
    "is_return",
)
CHECKPOINT_COLUMNS = (
    "tracking_number",
    "occurred_at",
    "recorded_at",
    "status",
    "code",
    "description",
    "location",
    "eta",
    "quantity",
)
TROUBLE_COLUMNS = ("tracking_number", "trouble", "kind", "knowable_at", "is_late")

_PARTNERS = ("Northwind Parcel", "Halden Express", "Orbis Freight", "Brightline", "Kestrel Post")
_PLACES = tuple(f"{town} depot" for town in ("Arlo", "Benford", "Carrick", "Dunmore", "Elstow"))
_CALENDAR = WorkingCalendar(
    zone=ZoneInfo("UTC"),
    working_weekdays=frozenset(range(5)),
    opens=time(8),
    closes=time(18),
)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_PROMISED_AFTER = 6  # working days, from the order


@dataclass(frozen=True, slots=True)
class Scan:
    at: datetime
    status: Status
    code: str = ""
    text: str = ""
    place: str = ""
    eta: datetime | None = None
    quantity: float | None = None
    known_at: datetime | None = None
    """None is at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was put into one shipment, and the moment from which it could be known."""

    tracking_number: str
    name: str
    kind: CaseKind
    knowable_at: datetime
    is_late: bool


@dataclass(slots=True)
class Parcel:
    tracking_number: str
    partner: str
    service: str
    ordered_at: datetime
    ship_by: datetime | None
    promised_at: datetime
    value: float
    quantity: float
    shipped_at: datetime | None = None
    is_return: bool = False
    scans: list[Scan] = field(default_factory=list)
    trouble: Trouble | None = None
    is_told_late: bool = False
    """A scan of it became known hours after it was made."""

    @property
    def is_late(self) -> bool:
        delivered = [scan.at for scan in self.scans if scan.status is Status.DELIVERED]
        return not delivered or min(delivered) > self.promised_at


def parcels(count: int, days: int, seed: int) -> Iterator[Parcel]:
    """Ordered evenly over so many days; one at a time, so that a million cost no memory."""
    random = Random(seed)  # noqa: S311
    for number in range(count):
        parcel = _healthy(random, number, days)
        if random.random() < TROUBLED:
            name, (kind, inject) = random.choice(list(TROUBLES.items()))
            knowable_at = inject(parcel, random)
            parcel.trouble = Trouble(
                parcel.tracking_number, name, kind, knowable_at, parcel.is_late
            )
        _make_noise(parcel, random)
        yield parcel


@dataclass(slots=True)
class PutIn:
    """What a written history has in it beside healthy shipments."""

    troubles: list[Trouble] = field(default_factory=list)
    told_late: list[str] = field(default_factory=list)
    """The tracking numbers of which a scan became known hours late."""


def write(folder: Path, count: int, days: int = 365, seed: int = 7) -> PutIn:
    folder.mkdir(parents=True, exist_ok=True)
    put_in = PutIn()
    with (
        _written(folder / "shipments.csv.gz") as shipments,
        _written(folder / "checkpoints.csv.gz") as checkpoints,
    ):
        orders, scans = csv.writer(shipments), csv.writer(checkpoints)
        orders.writerow(SHIPMENT_COLUMNS)
        scans.writerow(CHECKPOINT_COLUMNS)
        random = Random(seed)  # noqa: S311
        held: list[Sequence[object]] = []
        for parcel in parcels(count, days, seed):
            orders.writerow(_order_row(parcel))
            held.extend(_scan_row(parcel, scan) for scan in parcel.scans)
            if len(held) > 5_000:
                _write_shuffled(scans.writerow, held, random)
            if parcel.trouble:
                put_in.troubles.append(parcel.trouble)
            if parcel.is_told_late:
                put_in.told_late.append(parcel.tracking_number)
        _write_shuffled(scans.writerow, held, random)
    with (folder / "troubles.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(TROUBLE_COLUMNS)
        rows.writerows(
            (each.tracking_number, each.name, each.kind, each.knowable_at.isoformat(), each.is_late)
            for each in put_in.troubles
        )
    told_late = "".join(f"{number}\n" for number in ("tracking_number", *put_in.told_late))
    (folder / "told_late.csv").write_text(told_late, encoding="utf-8")
    return put_in


def _healthy(random: Random, number: int, days: int) -> Parcel:
    """Ordered in the morning, handed over within a day, scanned every day, there in time."""
    day = START + random.randrange(days) * _DAY
    while day.weekday() > 4:
        day -= _DAY
    ordered_at = day + timedelta(hours=8, minutes=random.randrange(120))
    parcel = Parcel(
        tracking_number=f"TM{number:09d}",
        partner=random.choice(_PARTNERS),
        service=random.choice(("standard", "standard", "express")),
        ordered_at=ordered_at,
        ship_by=_working_days(day, 1) + timedelta(hours=17),
        promised_at=_working_days(day, _PROMISED_AFTER) + timedelta(hours=18),
        value=round(random.uniform(15, 400), 2),
        quantity=float(random.randrange(1, 6)),
    )
    there = random.randrange(2, _PROMISED_AFTER - 1)
    start, end = random.sample(_PLACES, 2)
    parcel.scans = [
        Scan(ordered_at + _minutes(random, 60, 240), Status.LABEL_CREATED, text="Label made"),
        Scan(
            _working_days(day, 1) + _minutes(random, 540, 960),
            Status.IN_TRANSIT,
            text="Picked up",
            place=start,
        ),
        *(
            [
                Scan(
                    _working_days(day, 3) + _minutes(random, 540, 660),
                    Status.IN_TRANSIT,
                    text="Arrived",
                    place=end,
                )
            ]
            if there >= 4
            else []
        ),
        Scan(
            _working_days(day, there) + timedelta(hours=8, minutes=random.randrange(60)),
            Status.OUT_FOR_DELIVERY,
            text="Out for delivery",
            place=end,
        ),
        Scan(
            _working_days(day, there) + _minutes(random, 600, 1060),
            Status.DELIVERED,
            text="Delivered",
            place=end,
        ),
    ]
    return parcel


def _late(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    first, last = _last_day(parcel), _working_days(parcel.promised_at, random.randrange(1, 4))
    _scan_daily(parcel, first, last, random)
    _deliver(parcel, last, random)
    return parcel.promised_at + _HOUR


def _stalled(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    silent_since = parcel.scans[-1].at
    found = _working_days(silent_since, random.randrange(4, 8))
    parcel.scans.append(
        Scan(found + 9 * _HOUR, Status.IN_TRANSIT, text="Arrived", place="Fenwick depot")
    )
    _deliver(parcel, _working_days(found, 1), random)
    return _CALENDAR.add_working_time(silent_since, 24 * _HOUR)


def _not_dispatched(parcel: Parcel, random: Random) -> datetime:
    assert parcel.ship_by is not None  # noqa: S101
    _postpone(parcel, random.randrange(2, 5))
    return _CALENDAR.add_working_time(parcel.ship_by, 2 * _HOUR)


def _never_picked_up(parcel: Parcel, random: Random) -> datetime:
    parcel.ship_by = None
    _postpone(parcel, random.randrange(3, 6))
    labelled_at = parcel.scans[0].at
    return _CALENDAR.add_working_time(labelled_at, 20 * _HOUR)


def _number_unknown(parcel: Parcel, random: Random) -> datetime:
    parcel.ship_by = None
    parcel.shipped_at = parcel.ordered_at + 4 * _HOUR
    _postpone(parcel, random.randrange(3, 5))
    asked_at = parcel.shipped_at + _HOUR
    parcel.scans[0] = Scan(asked_at, Status.NOT_FOUND, text="The carrier has no such number")
    return _CALENDAR.add_working_time(parcel.shipped_at, 10 * _HOUR)


def _eta_slips(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    told_at = _last_day(parcel) + 10 * _HOUR
    eta = _working_days(parcel.promised_at, random.randrange(1, 4)) + 17 * _HOUR
    parcel.scans.append(
        Scan(told_at, Status.IN_TRANSIT, text="Rescheduled", place="Gatton depot", eta=eta)
    )
    keeps_it_after_all = random.random() < 0.25
    if keeps_it_after_all:
        _scan_daily(parcel, told_at, parcel.promised_at - _DAY, random)
        parcel.scans.append(
            Scan(parcel.promised_at - 3 * _HOUR, Status.DELIVERED, text="Delivered")
        )
    else:
        _scan_daily(parcel, told_at, eta - _DAY, random)
        _deliver(parcel, eta, random)
    return told_at


def _with_reason(
    status: Status, reasons: Sequence[Reason], days_lost: int
) -> Callable[[Parcel, Random], datetime]:
    """A checkpoint that names it, at least so many days without progress, then the delivery."""

    def inject(parcel: Parcel, random: Random) -> datetime:
        _drop_the_end(parcel)
        told_at = _last_day(parcel) + _minutes(random, 540, 720)
        reason = random.choice(reasons)
        place = parcel.scans[-1].place if reason is not Reason.MISSORT else "Hexley depot"
        parcel.scans.append(
            Scan(told_at, status, reason.value, reason.value.replace("_", " ").capitalize(), place)
        )
        _deliver(parcel, _working_days(told_at, days_lost + random.randrange(5)), random)
        return told_at

    return inject


def _held(parcel: Parcel, random: Random) -> datetime:
    told_at = _with_reason(Status.ON_HOLD, [Reason.NOT_READY, Reason.UNKNOWN], 3)(parcel, random)
    return _CALENDAR.add_working_time(told_at, 10 * _HOUR)


def _back_where_it_was(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    came_from = parcel.scans[-1].place
    day = _last_day(parcel)
    seen_again = day + 20 * _HOUR
    parcel.scans += [
        Scan(day + 9 * _HOUR, Status.IN_TRANSIT, text="Arrived", place="Ingram depot"),
        Scan(seen_again, Status.IN_TRANSIT, text="Arrived", place=came_from),
    ]
    _deliver(parcel, _working_days(day, 2), random)
    return seen_again


def _lost(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    told_at = _working_days(_last_day(parcel), 1) + _minutes(random, 540, 720)
    parcel.scans.append(Scan(told_at, Status.LOST, text="Cannot be located"))
    return told_at


def _attempts_fail(parcel: Parcel, random: Random) -> datetime:
    parcel.scans.pop()
    out = parcel.scans[-1].at
    reason = random.choice([Reason.NOT_HOME, Reason.CLOSED]).value
    failed_at = out + _minutes(random, 60, 400)
    parcel.scans.append(Scan(failed_at, Status.ATTEMPT_FAILED, reason, "Nobody there"))
    again = _working_days(out, 1) + 9 * _HOUR
    parcel.scans += [
        Scan(again, Status.OUT_FOR_DELIVERY, text="Out for delivery"),
        Scan(again + 3 * _HOUR, Status.DELIVERED, text="Delivered"),
    ]
    return failed_at


def _sent_back(name: Reason) -> Callable[[Parcel, Random], datetime]:
    def inject(parcel: Parcel, random: Random) -> datetime:
        parcel.scans.pop()
        refused_at = parcel.scans[-1].at + _minutes(random, 60, 400)
        parcel.scans.append(Scan(refused_at, Status.ATTEMPT_FAILED, name.value, "Not accepted"))
        back = _working_days(refused_at, 2)
        parcel.scans += [
            Scan(back + 9 * _HOUR, Status.RETURNING, name.value, "On its way back"),
            Scan(_working_days(back, 2) + 9 * _HOUR, Status.RETURNED, text="Back at the sender"),
        ]
        return refused_at

    return inject


def _returned_unasked(parcel: Parcel, random: Random) -> datetime:
    _drop_the_end(parcel)
    turned_at = _last_day(parcel) + _minutes(random, 540, 720)
    parcel.scans += [
        Scan(turned_at, Status.RETURNING, text="On its way back"),
        Scan(_working_days(turned_at, 2) + 9 * _HOUR, Status.RETURNED, text="Back at the sender"),
    ]
    return turned_at


def _waits_for_pickup(parcel: Parcel, random: Random) -> datetime:
    parcel.scans.pop()
    waits_since = parcel.scans[-1].at + 4 * _HOUR
    collected_at = waits_since + timedelta(days=6, hours=random.randrange(1, 20))
    parcel.scans += [
        Scan(waits_since, Status.AVAILABLE_FOR_PICKUP, text="At the pick-up point"),
        Scan(collected_at, Status.DELIVERED, text="Collected"),
    ]
    return waits_since + 5 * _DAY


def _short(parcel: Parcel, random: Random) -> datetime:
    parcel.quantity = float(random.randrange(4, 9))
    last = parcel.scans.pop()
    parcel.scans.append(Scan(last.at, last.status, text=last.text, quantity=parcel.quantity - 3))
    return last.at + 4 * _HOUR


def _return_lies_about(parcel: Parcel, random: Random) -> datetime:
    parcel.is_return = True
    arrived_at = parcel.scans[-1].at
    processed_at = _working_days(arrived_at, random.randrange(5, 9)) + 9 * _HOUR
    parcel.scans.append(Scan(processed_at, Status.DISPOSITIONED, text="Checked in"))
    return _CALENDAR.add_working_time(arrived_at, 30 * _HOUR)


def _number_reused(parcel: Parcel, random: Random) -> datetime:
    seen_again = parcel.scans[-1].at + timedelta(days=random.randrange(40, 90))
    parcel.scans.append(Scan(seen_again, Status.IN_TRANSIT, text="Picked up", place="Jarrow depot"))
    return seen_again


def _contradicts(parcel: Parcel, random: Random) -> datetime:
    seen_again = parcel.scans[-1].at + timedelta(days=random.randrange(2, 6))
    parcel.scans.append(Scan(seen_again, Status.IN_TRANSIT, text="Arrived", place="Kelso depot"))
    return seen_again


Injection = Callable[[Parcel, Random], datetime]
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
                _working_days(scan.at, days)
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
    return _working_days(parcel.scans[-1].at, 1)


def _scan_daily(parcel: Parcel, first: datetime, last: datetime, random: Random) -> None:
    day = _working_days(first, 0)
    while (day := _working_days(day, 1)) < last:
        place = f"Hub {len(parcel.scans)}"
        parcel.scans.append(Scan(day + _minutes(random, 540, 960), Status.IN_TRANSIT, place=place))


def _deliver(parcel: Parcel, day: datetime, random: Random) -> None:
    day = _working_days(day, 0)
    parcel.scans += [
        Scan(day + 8 * _HOUR, Status.OUT_FOR_DELIVERY, text="Out for delivery"),
        Scan(day + _minutes(random, 600, 1060), Status.DELIVERED, text="Delivered"),
    ]


def _make_noise(parcel: Parcel, random: Random) -> None:
    noisy: list[Scan] = []
    for scan in parcel.scans:
        known_at = scan.at + timedelta(minutes=random.randrange(2, 10))
        if random.random() < TOLD_LATE:
            known_at = scan.at + _minutes(random, 120, 720)
            parcel.is_told_late = True
        told = Scan(
            scan.at,
            scan.status,
            scan.code,
            scan.text,
            scan.place,
            scan.eta,
            scan.quantity,
            known_at,
        )
        noisy.append(told)
        if random.random() < TOLD_TWICE:
            noisy.append(told)
    parcel.scans = noisy


def _working_days(moment: datetime, days: int) -> datetime:
    """Midnight of so many weekdays later; 0 is that day itself."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    while days > 0:
        day += _DAY
        days -= day.weekday() < 5
    return day


def _minutes(random: Random, least: int, most: int) -> timedelta:
    return timedelta(minutes=random.randrange(least, most))


def _order_row(parcel: Parcel) -> Sequence[object]:
    return (
        parcel.tracking_number,
        parcel.partner,
        parcel.partner,
        parcel.service,
        f"SO-{parcel.tracking_number[2:]}",
        "Arlo",
        "Benford",
        parcel.ordered_at.isoformat(),
        parcel.ship_by.isoformat() if parcel.ship_by else "",
        parcel.shipped_at.isoformat() if parcel.shipped_at else "",
        parcel.promised_at.isoformat(),
        parcel.value,
        parcel.quantity,
        "true" if parcel.is_return else "",
    )


def _scan_row(parcel: Parcel, scan: Scan) -> Sequence[object]:
    return (
        parcel.tracking_number,
        scan.at.isoformat(),
        scan.known_at.isoformat() if scan.known_at else "",
        scan.status.value,
        scan.code,
        scan.text,
        scan.place,
        scan.eta.isoformat() if scan.eta else "",
        "" if scan.quantity is None else scan.quantity,
    )


def _write_shuffled(
    write_row: Callable[[Sequence[object]], object], held: list[Sequence[object]], random: Random
) -> None:
    random.shuffle(held)
    for row in held:
        write_row(row)
    held.clear()


def _written(path: Path) -> TextIO:
    return cast("TextIO", gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=3))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a made-up history with troubles in it.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shipments", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.shipments, arguments.days, arguments.seed)


if __name__ == "__main__":
    main()
